"""What the desk shows of whom: phases of a stay, who is on the move, what of a list fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.domain.person import STAFF, Role
from bot.domain.rights import ACKNOWLEDGERS
from bot.domain.stay import Kind, Stay
from bot.domain.touchpoints import AFTER_RETURN

T = TypeVar("T")
AHEAD = timedelta(days=3)


def has_desk(roles: Iterable[Role]) -> bool:
    """Whether somebody is of the team, whatever stay of their own they have."""
    return not STAFF.isdisjoint(roles)


def follows(roles: Iterable[Role]) -> bool:
    """Whether an adult may read cases and answers and write to learners. The others see dates and progress."""
    return not ACKNOWLEDGERS.isdisjoint(roles)


class Phase(StrEnum):
    BEFORE = "before"
    ABROAD = "abroad"
    ONLINE = "online"
    """A virtual exchange is under way."""
    AFTER = "after"


def phase(stay: Stay, now: datetime) -> Phase:
    """Where a stay is at an instant: abroad from the day of the departure until the end of that of the return."""
    first, last = stay.moves()
    if now < first:
        return Phase.BEFORE
    if now >= last:
        return Phase.AFTER
    return Phase.ABROAD if stay.travels else Phase.ONLINE


def in_view(stay: Stay, today: date) -> bool:
    """Whether there is still something to do with a learner: last year's class is no class to write to."""
    return not stay.cancelled and today <= stay.back + AFTER_RETURN


class Way(StrEnum):
    LEAVES = "leaves"
    RETURNS = "returns"
    ARRIVES = "arrives"
    """A guest comes to us."""
    GOES_HOME = "goes_home"


@dataclass(frozen=True)
class Moving:
    """Those who travel the same way on the same day, by the numbers of their stays."""

    day: date
    way: Way
    stays: tuple[int, ...]


def on_the_move(stays: Iterable[Stay], today: date) -> tuple[Moving, ...]:
    """Who leaves, arrives and comes back today and in the three days that follow; the nearest day first."""
    found: dict[tuple[date, Way], list[int]] = {}
    for stay in stays:
        guest = stay.kind is Kind.INCOMING
        for day, way in (
            (stay.departure, Way.ARRIVES if guest else Way.LEAVES),
            (stay.back, Way.GOES_HOME if guest else Way.RETURNS),
        ):
            if today <= day <= today + AHEAD and stay.travels and not stay.cancelled:
                found.setdefault((day, way), []).append(stay.id)
    order = list(Way)
    keys = sorted(found, key=lambda key: (key[0], order.index(key[1])))
    return tuple(Moving(day, way, tuple(found[day, way])) for day, way in keys)


@dataclass(frozen=True)
class Group:
    """A class in a list: its learners that fit, and how many do not."""

    name: str
    shown: tuple[int, ...]
    hidden: int


def cut(groups: Mapping[str, Sequence[int]], most: int) -> tuple[Group, ...]:
    """Classes by name, with so many learners in all; every class is named, however little of it fits."""
    found, left = [], most
    for name in sorted(groups):
        shown = tuple(groups[name][:left])
        found.append(Group(name, shown, len(groups[name]) - len(shown)))
        left -= len(shown)
    return tuple(found)
