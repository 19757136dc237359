"""What the channels say is wrong with them. Told to people only once it has lasted: most troubles of a network pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.handlers.watch.channel_outage import note_outage, outages
from bot.store.db import Database

log = structlog.get_logger()
LASTING = 60.0
"""Seconds a trouble must last before anybody is told."""


class Alarms:
    """The troubles of this moment, and since when, in seconds of the event loop's clock."""

    def __init__(self, db: Database, nudge: Callable[[], None], *, lasting: float = LASTING) -> None:
        self.db, self._nudge, self.lasting = db, nudge, lasting
        self.troubles: dict[str, tuple[str, float]] = {}
        self._channels: set[str] = set()
        self._begun = 0.0
        self._changed = asyncio.Event()

    def of(self, channel: str) -> Callable[[str | None], Awaitable[None]]:
        """What a channel calls when something is wrong with it, and with None when it is well again."""

        async def alarm(problem: str | None) -> None:
            if problem is None:
                self.troubles.pop(channel, None)
            else:
                log.error("channel in trouble", channel=channel, state=problem)
                since = self.troubles.get(channel, ("", asyncio.get_running_loop().time()))[1]
                self.troubles[channel] = (problem, since)
            self._channels.add(channel)
            self._changed.set()

        return alarm

    def lasting_troubles(self) -> frozenset[str]:
        """The channels that have not worked for a while."""
        now = asyncio.get_running_loop().time()
        return frozenset(name for name, (_problem, since) in self.troubles.items() if now - since >= self.lasting)

    async def run(self) -> None:
        """Tell people, for ever: of a trouble that lasts, and that it is over. One from before we started may be over."""
        self._begun = asyncio.get_running_loop().time()
        self._channels |= await self.db.transact(outages)
        while True:
            wait = await self._tell()
            self._changed.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._changed.wait()
            except TimeoutError:
                pass

    async def _tell(self) -> float | None:
        """Tell what is to be told now; in how many seconds to look again."""
        now = asyncio.get_running_loop().time()
        waits = []
        for channel in sorted(self._channels):
            problem, since = self.troubles.get(channel, (None, self._begun))
            if now - since >= self.lasting:
                if await self.db.transact(note_outage, channel, problem):
                    self._nudge()
            else:
                waits.append(self.lasting - (now - since))
        return min(waits, default=None)
