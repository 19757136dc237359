"""After a start: what waits on the platforms is read before anybody's silence is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

PATIENCE = 180.0
"""Seconds after which a platform that has said nothing is taken for one in trouble."""


class CatchingUp:
    """The platforms that have yet to answer once with nothing new."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._waiting: set[str] = set()
        self._begun: float | None = None

    def expect(self, channel: str) -> None:
        """What people write comes from there, and may have waited."""
        self._waiting.add(channel)

    def heard(self, channel: str) -> None:
        """It has nothing new."""
        self._waiting.discard(channel)

    def begin(self) -> None:
        self._begun = asyncio.get_running_loop().time()

    def over(self, troubled: Collection[str]) -> bool:
        """Whether all of them have been read to the end, but those in trouble."""
        if not self._waiting or self._begun is None:
            return True
        if self._waiting <= set(troubled) or asyncio.get_running_loop().time() - self._begun >= self.patience:
            self._waiting.clear()
        return not self._waiting
