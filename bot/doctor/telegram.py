"""The bot at Telegram: its token, what @BotFather was told about it, and a webhook that somebody left behind.

`getUpdates` is never called: whoever calls it takes the updates of the Compagnon that is running.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from telegram import BotCommand, BotCommandScopeAllPrivateChats, User, WebhookInfo

from bot.config.tables import Telegram
from bot.doctor.asking import TelegramSilent, calling
from bot.doctor.finding import Finding, broken, fine, look
from bot.i18n import _, say, sentence_of
from bot.runtime.telegram import keep_name, known_name
from bot.store.db import Database

ABOUT = _("telegram")
MANY = 50
"""Updates that wait: more than a class writes while Compagnon starts."""


@dataclass(frozen=True)
class Told:
    """What Telegram says about the bot."""

    me: User
    webhook: WebhookInfo
    commands: tuple[BotCommand, ...]


async def asked(settings: Telegram) -> Told:
    """Ask the three questions.

    Raises:
        TelegramSilent: there is no answer.
    """
    async with calling(settings) as bot:
        webhook = await bot.get_webhook_info()
        commands = await bot.get_my_commands(BotCommandScopeAllPrivateChats())
        return Told(bot.bot, webhook, commands)


async def username(db: Database, telegram: Telegram) -> str:
    """The bot's public name, which links need: the one that was kept, else asked of Telegram and kept.

    Raises:
        TelegramSilent: it is not known, and Telegram does not say.
    """
    name = db.run(lambda tx: known_name(tx.rows, telegram))
    if name is None:
        async with calling(telegram) as bot:
            name = bot.username
        db.run(keep_name, telegram, name)
    return name


def unanswered(problem: TelegramSilent) -> Finding:
    """Why nothing more can be said."""
    if problem.refused:
        return broken(
            ABOUT,
            say(_("the token is wrong: {reason}"), reason=sentence_of(problem)),
            say(_("ask @BotFather: /token, then put it in telegram__token")),
        )
    cure = say(_("is the network there, and [telegram] api_url right? Then run the doctor again"))
    return broken(ABOUT, sentence_of(problem), cure)


def judged(told: Told, settings: Telegram, now: datetime) -> Iterator[Finding]:
    """What is wrong with it, each with what to tell @BotFather."""
    yield fine(
        ABOUT,
        say(
            _("@{username} ({first_name}, {bot_id}) knows its token"),
            username=told.me.username,
            first_name=told.me.first_name,
            bot_id=settings.bot_id,
        ),
    )
    yield from _groups(told.me)
    yield from _webhook(told.webhook, settings, now)
    waiting = told.webhook.pending_update_count
    if waiting > MANY:
        yield look(
            ABOUT,
            say(_("{count} updates wait to be read"), count=waiting),
            say(_("is Compagnon running? They are lost after 24 hours")),
        )
    if told.commands:
        yield fine(ABOUT, say(_("commands in its menu: {count}"), count=len(told.commands)))
    else:
        yield look(ABOUT, say(_("its menu has no commands yet")), say(_("start Compagnon: it sets them")))


def _groups(me: User) -> Iterator[Finding]:
    """Compagnon talks to one person at a time."""
    name, wrong = f"@{me.username}", False
    if me.can_read_all_group_messages:
        wrong = True
        yield broken(
            ABOUT,
            say(_("it may read everything in groups")),
            f"@BotFather: /setprivacy, {name}, Enable",
        )
    if me.can_join_groups:
        wrong = True
        yield look(ABOUT, say(_("it can be added to groups")), f"@BotFather: /setjoingroups, {name}, Disable")
    if me.supports_inline_queries:
        wrong = True
        yield look(ABOUT, say(_("inline mode is on")), f"@BotFather: /setinline, {name}, /empty")
    if not wrong:
        yield fine(ABOUT, say(_("private chats only: no groups, no inline mode")))


def _webhook(info: WebhookInfo, settings: Telegram, now: datetime) -> Iterator[Finding]:
    host = urlsplit(info.url).hostname or ""
    if settings.mode == "polling":
        if info.url:
            told = say(
                _('a webhook is set, to {host}: with mode = "polling" nothing arrives while it is there'), host=host
            )
            cure = say(
                _('start Compagnon, which removes it; or, if that is another Compagnon, stop it; or mode = "webhook"')
            )
            yield broken(ABOUT, told, cure)
        else:
            yield fine(ABOUT, say(_("long polling, no webhook")))
        return
    if info.url.rstrip("/") != settings.webhook_url:
        told = (
            say(_("the webhook leads to {host}, not to webhook_url"), host=host)
            if host
            else say(_("no webhook is set yet"))
        )
        yield (broken if host else look)(ABOUT, told, say(_("start Compagnon: it sets the webhook")))
        return
    yield from _health(info, now)


def _health(info: WebhookInfo, now: datetime) -> Iterator[Finding]:
    """Whether updates get through our webhook."""
    at = info.last_error_date
    if at is None or not info.last_error_message:
        yield fine(
            ABOUT,
            say(
                _("the webhook is ours, {count} updates wait"),
                count=info.pending_update_count,
            ),
        )
        return
    minutes = max(int((now - at).total_seconds() // 60), 0)
    told = say(
        _("the webhook failed {minutes} min ago: {reason}; {count} updates wait"),
        minutes=minutes,
        reason=info.last_error_message,
        count=info.pending_update_count,
    )
    cure = say(_("is Compagnon running, and does the reverse proxy hand on this path? See docs/telegram.md"))
    yield (broken if info.pending_update_count else look)(ABOUT, told, cure)
