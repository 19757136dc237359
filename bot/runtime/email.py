"""E-mail put together with the rest: a look at the server now and then, so that a trouble is known before an alert is."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.channels.email import EmailChannel, account_of
from bot.config.tables import Email
from bot.runtime.app import App

LOOK_EVERY = 900.0
"""Seconds between two looks while all is well."""
LOOK_AGAIN = 60.0
"""The same while it is not."""


def email_channel(config: Email, secret: str) -> EmailChannel | None:
    """The channel, where there is an account."""
    account = account_of(config)
    return EmailChannel(account, secret) if account is not None else None


class EmailWiring:
    """The channel at work in an app."""

    def __init__(self, app: App, channel: EmailChannel) -> None:
        self.channel = channel
        channel.alarm = app.alarms.of(channel.name)

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        return (self._watch(),)

    async def _watch(self) -> None:
        while True:
            trouble = await self.channel.look()
            await asyncio.sleep(LOOK_AGAIN if trouble else LOOK_EVERY)
