"""Wakes whoever works: at once, or at the very instant at which something falls due.

Nothing depends on it: what it does not ring for (another program wrote, somebody set the machine's clock), the tick finds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.clock import Clock, SimulatedClock

AHEAD = 2.0
"""Seconds: of what is further away a tick reminds us, and clocks may be set until then."""


class WakeTimer:
    """`ring` says that there may be something to do now, `ring_at` that there will be. `wait` returns once it has rung."""

    def __init__(self, clock: Callable[[], Clock]) -> None:
        """`clock` is the one that counts now: another may be put in its place."""
        self._clock = clock
        self._rung = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def ring(self) -> None:
        self._rung.set()

    def ring_at(self, instant: datetime | None) -> None:
        """Ring then, and no longer at the instant that was said before. On a clock that people move, they ring themselves."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        clock = self._clock()
        if instant is None or isinstance(clock, SimulatedClock):
            return
        seconds = (instant - clock.now()).total_seconds()
        if seconds <= AHEAD:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, seconds), self.ring)

    async def wait(self) -> None:
        await self._rung.wait()
        self._rung.clear()
