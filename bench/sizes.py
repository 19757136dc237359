"""How much is measured: a look in passing, the usual, or as large as the goals are said for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Allowed:
    """Seconds: for all that is asked for, and for one bench. What has not ended by then is ended, and told."""

    all: float
    one: float


class Size(Enum):
    QUICK = Allowed(180, 45)
    USUAL = Allowed(12 * 60, 100)
    FULL = Allowed(35 * 60, 360)

    def of(self, quick: T, usual: T, full: T | None = None) -> T:
        """What a bench takes at this size; where nothing is said of the largest, the usual."""
        if self is Size.QUICK:
            return quick
        return usual if self is Size.USUAL or full is None else full
