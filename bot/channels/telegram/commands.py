"""What Telegram shows of the bot before anybody writes: its commands and what it says it is, in each language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.channels.telegram.answers import TooFast
from bot.channels.telegram.channel import TelegramChannel
from bot.i18n import LANGUAGES, Text, _, best_language, render

log = structlog.get_logger()
Commands = tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class Menu:
    """What the list of an adult of the team is like: its language, and whether they have a stay of their own too."""

    language: str
    travels: bool = False


Adults = Callable[[], Awaitable[Mapping[str, Menu]]]
"""The chats of the team, with the menu of each."""

LEARNER: Commands = (
    ("start", _("Begin, or go on")),
    ("help", _("What I can do")),
    ("language", _("Another language")),
    ("checklist", _("What is left to do")),
    ("next", _("What comes next")),
    ("checkin", _("Tell me about your week now")),
    ("tomorrow", _("Put my question off to tomorrow")),
    ("skills", _("What I have learned")),
    ("diary", _("A few words for myself")),
    ("strengths", _("Myself, before and after")),
    ("balance", _("What your payment still waits for")),
    ("question", _("Ask an adult of my school something")),
    ("sos", _("I need help: an adult is told")),
    ("mydata", _("What I know about you")),
    ("stop", _("Stop my messages")),
)
ADULT: Commands = (
    ("desk", _("The whole board, in your browser")),
    ("today", _("What waits for you now")),
    ("who", _("Who is abroad now")),
    ("learner", _("Where a learner stands: add a name")),
    ("missing", _("Who has not answered or is not enrolled")),
    ("tasks", _("What waits for your tick")),
    ("balance", _("Whose payment waits, and for what")),
    ("certificate", _("Enter the dates of a signed certificate: add a name")),
    ("write", _("Write to a learner: add a name and your words")),
    ("broadcast", _("Write to a class: add it and your words")),
    ("phoned", _("Credit what a learner answered by phone: add a name")),
    ("change", _("Pause, extend or end a stay: add a name")),
    ("invite", _("Who needs a new link: add a name for one")),
    ("tutoring", _("Who could help whom of those who leave")),
    ("leave", _("Your planned leave: add its first and last day")),
    ("oncall", _("Who is on call now and next")),
    ("dates", _("Meetings, applications and what runs out")),
    ("help", _("What Compagnon can do")),
    ("language", _("Another language")),
)
# Translators: shown in an empty chat, before the first message; at most 512 characters.
DESCRIPTION: Text = _(
    "I am Compagnon, your school's bot. I go with you before, during and after your stay abroad. I am not a human: "
    "if you need somebody, write SOS and an adult is told.\n\nYour school gives you a link to begin."
)
# Translators: shown in the bot's profile; at most 120 characters.
SHORT: Text = _("The companion of your stay abroad, before, during and after. A bot: write SOS to reach an adult.")
EVERYBODY = BotCommandScopeAllPrivateChats()
TAGS: tuple[tuple[str | None, str], ...] = ((None, "en"), *((code, code) for code in LANGUAGES if code != "en"))
"""How Telegram names a language, and ours. English is for everybody whose language we do not speak."""


def listed(commands: Commands, language: str) -> tuple[BotCommand, ...]:
    """A list as people read it."""
    return tuple(BotCommand(word, render(text, language)) for word, text in commands)


async def keep_commands(channel: TelegramChannel, adults: Adults, every: float, pause: float = 30.0) -> None:
    """For ever: set what everybody sees where it differs, then the lists of adults as they come, change and go.

    `every` is how many seconds lie between two looks, `pause` between two tries after a failure.
    """
    shown: dict[str, Menu] = {}
    introduced = False
    while True:
        wait = every
        try:
            if not introduced:
                await introduce(channel)
                introduced = True
            await follow(channel, shown, await adults())
        except TooFast as told:
            wait = told.wait.total_seconds()
        except Exception as problem:  # nobody depends on a list of commands
            log.warning("commands not set", channel=channel.name, state=type(problem).__name__)
            wait = pause
        await asyncio.sleep(wait)


async def introduce(channel: TelegramChannel) -> None:
    """Set commands, description and short description of each language, where they differ.

    Raises:
        TelegramError: it did not work; what was set stays set.
    """
    bot = channel.bot
    for tag, language in TAGS:
        wanted = listed(LEARNER, language)
        if await bot.get_my_commands(EVERYBODY, tag) != wanted:
            await bot.set_my_commands(wanted, EVERYBODY, tag)
        text = render(DESCRIPTION, language)
        if (await bot.get_my_description(tag)).description != text:
            await bot.set_my_description(text, tag)
        short = render(SHORT, language)
        if (await bot.get_my_short_description(tag)).short_description != short:
            await bot.set_my_short_description(short, tag)


async def follow(channel: TelegramChannel, shown: dict[str, Menu], wanted: Mapping[str, Menu]) -> None:
    """Bring the lists of adults from `shown`, which is kept true, to `wanted`. One chat that fails hinders no other.

    Raises:
        TooFast: Telegram says to wait; what is left is done the next time.
    """
    for chat in sorted(shown.keys() | wanted.keys()):
        if shown.get(chat) == wanted.get(chat):
            continue
        try:
            await _show(channel, chat, wanted.get(chat))
        except TooFast:
            raise
        except (TelegramError, ValueError) as problem:
            log.warning("commands of an adult not set", channel=channel.name, state=type(problem).__name__)
            continue
        if chat in wanted:
            shown[chat] = wanted[chat]
        else:
            del shown[chat]


async def _show(channel: TelegramChannel, chat: str, menu: Menu | None) -> None:
    scope = BotCommandScopeChat(int(chat))
    if menu is None:
        await channel.bot.delete_my_commands(scope)
    else:
        await channel.bot.set_my_commands(listed(_of(menu), best_language(menu.language, default="en")), scope)


def _of(menu: Menu) -> Commands:
    """Whoever travels keeps the learners' commands, SOS first."""
    known = {word for word, _text in ADULT}
    own = sorted((each for each in LEARNER if each[0] not in known), key=lambda each: each[0] != "sos")
    return (*own[:1], *ADULT, *own[1:]) if menu.travels else ADULT
