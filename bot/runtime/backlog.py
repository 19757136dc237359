"""Whoever floods stands behind whoever does not. And while a platform still tells what has piled up there, that is read first:
somebody may cry for help behind all of it.
"""

from __future__ import annotations

from collections import Counter

FREE = 8
"""So many of one sender are handled in the order in which everybody's came."""
FULL = 50
"""Updates: where so many come at once, there are more behind them."""
READS = 0.5
"""Seconds in which the next of them come."""


class Backlog:
    """What has come of each sender since nothing waited. It is in memory: after a restart all are equal again."""

    def __init__(self) -> None:
        self._sent: Counter[tuple[str, str]] = Counter()
        self._until: dict[str, float] = {}

    def stands_behind(self, channel: str, sender: str) -> int:
        """How many of their own the next update of a sender stands behind, those not counted that everybody may send."""
        self._sent[channel, sender] += 1
        return max(0, self._sent[channel, sender] - FREE)

    def emptied(self) -> None:
        """Nothing waits any more."""
        self._sent.clear()

    def came(self, channel: str, many: int, now: float) -> None:
        """So many updates at once, at an instant of the event loop's clock."""
        self._until[channel] = now + READS if many >= FULL else 0.0

    def goes_on(self, now: float) -> bool:
        """Whether a platform is still telling: what stands behind others of its sender's can wait."""
        return any(now < until for until in self._until.values())
