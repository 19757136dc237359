"""Waiting for something to become true without looking again and again."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable


class Bell:
    """Rung at every change; whoever waits looks once per ring."""

    def __init__(self) -> None:
        self.rang_at = time.monotonic()
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all who wait. May be called outside a running loop: then nobody waits."""
        self.rang_at = time.monotonic()
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def rung(self, seconds: float) -> bool:
        """Whether it rang within so many seconds."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            async with asyncio.timeout(max(seconds, 0)):  # wait_for of 3.11 may swallow a cancellation
                await future
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

    async def until(self, true: Callable[[], bool], seconds: float, every: float = math.inf) -> bool:
        """Wait until the condition holds; answers whether it does. `every` is for conditions that ring nothing."""
        end = time.monotonic() + seconds
        while not true():
            left = end - time.monotonic()
            if left <= 0:
                return False
            await self.rung(min(left, every))
        return True
