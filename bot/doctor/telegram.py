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
from bot.runtime.telegram import keep_name, known_name
from bot.store.db import Database

ABOUT = "telegram"
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
        return broken(ABOUT, f"the token is wrong: {problem}", "ask @BotFather: /token, then put it in telegram__token")
    cure = "is the network there, and [telegram] api_url right? Then run the doctor again"
    return broken(ABOUT, str(problem), cure)


def judged(told: Told, settings: Telegram, now: datetime) -> Iterator[Finding]:
    """What is wrong with it, each with what to tell @BotFather."""
    yield fine(ABOUT, f"@{told.me.username} ({told.me.first_name}, {settings.bot_id}) knows its token")
    yield from _groups(told.me)
    yield from _webhook(told.webhook, settings, now)
    waiting = told.webhook.pending_update_count
    if waiting > MANY:
        yield look(ABOUT, f"{waiting} updates wait to be read", "is Compagnon running? They are lost after 24 hours")
    if told.commands:
        yield fine(ABOUT, f"commands in its menu: {len(told.commands)}")
    else:
        yield look(ABOUT, "its menu has no commands yet", "start Compagnon: it sets them")


def _groups(me: User) -> Iterator[Finding]:
    """Compagnon talks to one person at a time."""
    name, wrong = f"@{me.username}", False
    if me.can_read_all_group_messages:
        wrong = True
        yield broken(ABOUT, "it may read everything in groups", f"@BotFather: /setprivacy, {name}, Enable")
    if me.can_join_groups:
        wrong = True
        yield look(ABOUT, "it can be added to groups", f"@BotFather: /setjoingroups, {name}, Disable")
    if me.supports_inline_queries:
        wrong = True
        yield look(ABOUT, "inline mode is on", f"@BotFather: /setinline, {name}, /empty")
    if not wrong:
        yield fine(ABOUT, "private chats only: no groups, no inline mode")


def _webhook(info: WebhookInfo, settings: Telegram, now: datetime) -> Iterator[Finding]:
    host = urlsplit(info.url).hostname or ""
    if settings.mode == "polling":
        if info.url:
            told = f'a webhook is set, to {host}: with mode = "polling" nothing arrives while it is there'
            cure = 'start Compagnon, which removes it; or, if that is another Compagnon, stop it; or mode = "webhook"'
            yield broken(ABOUT, told, cure)
        else:
            yield fine(ABOUT, "long polling, no webhook")
        return
    if info.url.rstrip("/") != settings.webhook_url:
        told = f"the webhook leads to {host}, not to webhook_url" if host else "no webhook is set yet"
        yield (broken if host else look)(ABOUT, told, "start Compagnon: it sets the webhook")
        return
    yield from _health(info, now)


def _health(info: WebhookInfo, now: datetime) -> Iterator[Finding]:
    """Whether updates get through our webhook."""
    at = info.last_error_date
    if at is None or not info.last_error_message:
        yield fine(ABOUT, f"the webhook is ours, {info.pending_update_count} updates wait")
        return
    minutes = max(int((now - at).total_seconds() // 60), 0)
    told = f"the webhook failed {minutes} min ago: {info.last_error_message}; {info.pending_update_count} updates wait"
    cure = "is Compagnon running, and does the reverse proxy hand on this path? See docs/telegram.md"
    yield (broken if info.pending_update_count else look)(ABOUT, told, cure)
