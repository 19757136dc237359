"""What another programme changes for those under way: counted before it is published. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.programme import Programme
from bot.domain.stay import Stay
from bot.domain.touchpoints import occasions


@dataclass(frozen=True)
class Consequences:
    """Of how many stays, how many get other contacts; and how many contacts come, go, move, or are due at once."""

    stays: int = 0
    touched: int = 0
    more: int = 0
    fewer: int = 0
    moved: int = 0
    at_once: int = 0
    """Of those that come: their time is over already, so they are asked as soon as the programme counts."""


def consequences(earlier: Programme, later: Programme, stays: Iterable[Stay], now: datetime) -> Consequences:
    """The contacts still to come of each stay, by both programmes."""
    count = touched = 0
    sums = [0, 0, 0, 0]
    for stay in stays:
        count += 1
        found = _of(earlier, later, stay, now)
        touched += any(found)
        sums = [before + one for before, one in zip(sums, found, strict=True)]
    return Consequences(count, touched, *sums)


def _of(earlier: Programme, later: Programme, stay: Stay, now: datetime) -> tuple[int, int, int, int]:
    if stay.cancelled:
        return 0, 0, 0, 0
    before = {each.key: each for each in occasions(earlier, stay)}
    after = {each.key: each for each in occasions(later, stay)}
    to_come = [key for key, each in after.items() if each.until > now]
    more = [key for key in to_come if key not in before]
    fewer = [key for key, each in before.items() if each.at > now and key not in after]
    moved = [key for key in to_come if key in before and before[key].at != after[key].at and before[key].at > now]
    return len(more), len(fewer), len(moved), sum(after[key].at <= now for key in more)
