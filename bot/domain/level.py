"""How grave a matter is; each level has its ladder in the programme."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """From a matter that can wait to one that cannot."""

    NONE = "none"
    FOLLOW_UP = "follow_up"
    TODAY = "today"
    NOW = "now"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


def worst(levels: Iterable[Level]) -> Level:
    """The gravest of some levels; `NONE` for none."""
    return max(levels, key=lambda level: level.rank, default=Level.NONE)
