"""Asking Telegram for updates, for ever: stored first, and only then acknowledged.

The library's `Updater` acknowledges a batch with the next call even if it was lost in memory, stops at the first 401
or 404, and at the first update it cannot parse never gets past it. So the loop is our own, over raw JSON.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from telegram.error import Conflict

from bot.channels.arrival import Alarm, Receive, Telling
from bot.channels.telegram.answers import TooFast, Unanswered
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.keys import next_offset
from bot.channels.telegram.outcomes import refuses_token
from bot.channels.telegram.reading import READ
from bot.channels.telegram.receipt import Receipt
from bot.channels.telegram.transport import form

log = structlog.get_logger()
BATCH = 100


class Polling:
    """Long polling. `hold` is how many seconds Telegram waits for something to tell; the rest are pauses, in seconds.
    `quiet` is told once, when all that waited has been stored.
    """

    def __init__(
        self, channel: TelegramChannel, receive: Receive, alarm: Alarm,
        *, hold: int = 50, pause: float = 30.0, first: float = 1.0, longest: float = 30.0, patience: float = 5.0,
        quiet: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.channel, self.receipt, self._telling = channel, Receipt(channel, receive), Telling(alarm, channel.name)
        self.hold, self.pause, self.first, self.longest, self.patience = hold, pause, first, longest, patience
        self.last_poll: float | None = None
        """When updates were last got and stored, on the event loop's clock; for `/healthz`."""
        self._offset: int | None = None
        """Kept in memory only: after a restart Telegram tells again what was not acknowledged, and keys tell it apart."""
        self._failures, self._webhook_gone = 0, False
        self._quiet, self._heard_out = quiet, False

    async def run(self) -> None:
        """For ever."""
        async with self.receipt.open():
            while True:
                pause = await self._round()
                await asyncio.sleep(pause)

    async def _round(self) -> float:
        """Ask once; how long to wait before the next time."""
        try:
            if not self._webhook_gone:
                await self._end_webhook()
            raws = await self._ask()
        except Exception as problem:  # whatever it is, polling goes on
            return await self._failed(problem)
        self.channel.trouble = None
        await self._telling.tell(None)
        return await self._store(raws)

    async def _store(self, raws: list[Any]) -> float:
        try:
            if raws:
                async with asyncio.timeout(self.patience):
                    await self.receipt.take(raws)
        except Exception:  # the disk is full, the database locked: Telegram keeps them for us
            log.exception("updates not stored", channel="telegram")
            return min(self._longer(), self.patience)  # whoever cries meanwhile hears of 112 all the same
        self._failures, self.last_poll = 0, asyncio.get_running_loop().time()
        # An empty answer says that all before the offset are confirmed. Without one, numbers may start again anywhere.
        self._offset = next_offset(raws)
        if not raws and not self._heard_out:
            self._heard_out = True
            if self._quiet is not None:
                self._quiet()
        return self._longer() if raws and self._offset is None else 0.0

    async def _ask(self) -> list[Any]:
        wanted: dict[str, Any] = {
            "timeout": self.hold if self._heard_out or self._quiet is None else 0,
            "limit": BATCH,
            "allowed_updates": list(READ),
        }
        if self._offset is not None:
            wanted["offset"] = self._offset
        url = f"{self.channel.bot.base_url}/getUpdates"
        told: Any = await self.channel.polls.post(url, form(wanted), read_timeout=self.hold + 10.0)
        if not isinstance(told, list):
            raise Unanswered("updates that are no list")
        return told

    async def _end_webhook(self) -> None:
        """Telegram answers no polls while a webhook is set. What waits there is kept."""
        if (await self.channel.bot.get_webhook_info()).url:
            await self.channel.bot.delete_webhook(drop_pending_updates=False)
        self._webhook_gone = True

    async def _failed(self, problem: Exception) -> float:
        if isinstance(problem, TooFast):
            log.warning("told to wait", channel="telegram", state=f"{problem.wait.total_seconds():.0f} s")
            return problem.wait.total_seconds()
        self.channel.noted(problem)
        if refuses_token(problem):
            await self._telling.tell("token")
            return self.pause
        if isinstance(problem, Conflict):
            self._webhook_gone = False
            await self._telling.tell("conflict")
            return self.pause
        log.warning("no updates", channel="telegram", state=type(problem).__name__)
        return self._longer()

    def _longer(self) -> float:
        """Twice as long as the last time, up to `longest`."""
        self._failures = min(self._failures + 1, 20)
        return min(self.first * float(2 ** (self._failures - 1)), self.longest)
