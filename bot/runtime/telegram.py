"""Telegram put together with the rest: updates in, alarms out, the lists of commands kept true."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.routing import Route

from bot.channels.telegram import Menu, Polling, TelegramChannel, Webhook, keep_commands
from bot.config.tables import Telegram
from bot.domain.person import STAFF
from bot.handlers.inbox.receive import Update
from bot.runtime.app import App
from bot.runtime.leader import Leadership
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld
from bot.store.records import keep_setting, setting
from bot.store.stays import StayRow

POLLING = 1
"""Which turn is that of the one that polls Telegram."""
LOOK_AGAIN = 60.0
"""Seconds between two looks at which adults have which list of commands."""
NAME = "telegram_username"
"""The setting that holds the bot's public name: links are made with it."""


def telegram_channel(config: Telegram) -> TelegramChannel | None:
    """The bot, where there is a token."""
    return TelegramChannel(config.token.get_secret_value(), config.api_url) if config.token else None


class TelegramWiring:
    """The bot at work in an app: polling, or called by Telegram."""

    def __init__(self, app: App, channel: TelegramChannel, config: Telegram) -> None:
        self.app, self.channel, self.config = app, channel, config
        alarm, quiet = app.alarms.of(channel.name), partial(app.heard_out, channel.name)
        app.catching_up.expect(channel.name)
        self.leadership = Leadership(app.db.engine, POLLING)
        self.inlet: Polling | Webhook
        if config.mode == "webhook" and config.webhook_url and config.webhook_secret:
            secret = config.webhook_secret.get_secret_value()
            self.inlet = Webhook(channel, self._receive, alarm, url=config.webhook_url, secret=secret, quiet=quiet)
        else:
            self.inlet = Polling(channel, self._receive, alarm, quiet=quiet)

    def routes(self) -> list[Route]:
        """Where Telegram calls us, if it does."""
        if not isinstance(self.inlet, Webhook):
            return []
        return [self.inlet.route(urlsplit(self.inlet.url).path or "/telegram")]

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        return (self._take_in(), keep_commands(self.channel, self._adults, LOOK_AGAIN))

    async def _take_in(self) -> None:
        """Updates, for ever. Of several processes on one database one polls: two would take them from each other."""
        if isinstance(self.inlet, Webhook):
            await self.inlet.run()
        else:
            await self.leadership.hold_again(self.inlet.run)

    async def _receive(self, updates: list[Update]) -> int:
        return await self.app.receive_all(self.channel.name, updates)

    async def _adults(self) -> dict[str, Menu]:
        """Also the moment to note the bot's name: links are made with it."""
        me = await self.channel.bot.get_me()
        await self.app.db.transact(keep_name, self.config, me.username or "")
        return await self.app.db.transact(adult_chats)


def adult_chats(tx: Tx) -> dict[str, Menu]:
    """The chats of the team, with the menu of each. A stay of their own takes nobody's desk away."""
    travels = Person.id.in_(select(StayRow.person_id).where(StayRow.cancelled.is_(False)))
    wanted = (
        select(Address.native, Person.language, travels)
        .join(Person, Person.id == Address.person_id)
        .where(Address.channel == "telegram", Address.state == "confirmed")
        .where(Person.id.in_(select(RoleHeld.person_id).where(RoleHeld.role.in_(STAFF))))
    )
    return {native: Menu(language, bool(away)) for native, language, away in tx.rows.execute(wanted)}


def known_name(rows: Session, telegram: Telegram) -> str | None:
    """The bot's public name that was kept, unless it is that of another bot: the token may have changed."""
    kept = setting(rows, NAME) or {}
    if str(kept.get("bot", telegram.bot_id)) != telegram.bot_id:
        return None
    name = kept.get("username")
    return str(name) if name else None


def keep_name(tx: Tx, telegram: Telegram, name: str) -> None:
    keep_setting(tx.rows, NAME, {"username": name, "bot": telegram.bot_id})
