"""Where a learner lives when, and when they may be written to there. Whoever travels together shares it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.programme.model import Between
from bot.domain.quiet_hours import open_instant, wall_instant

BY_DAY = Between(start=time(7), end=time(22, 30))
"""Hours at which a message wakes hardly anybody, for whom it is not planned by their own clock."""


@dataclass(frozen=True)
class Whereabouts:
    """The two zones of a stay and the two days between which the learner lives away from home."""

    zone: str
    home_zone: str
    departure: date
    back: date

    def on(self, day: date) -> ZoneInfo:
        """The zone a learner lives in on a day: the stay's from departure to return, home's before and after."""
        return ZoneInfo(self.zone if self.departure <= day <= self.back else self.home_zone)

    def at(self, instant: datetime) -> ZoneInfo:
        """The zone the learner lives in at an instant."""
        first, last = moves(self)
        return ZoneInfo(self.zone if first <= instant < last else self.home_zone)

    def on_the_way_home(self, instant: datetime) -> bool:
        """Whether it is the day of the journey home: the learner may be at either end of it."""
        return instant < moves(self)[1] and instant.astimezone(ZoneInfo(self.zone)).date() >= self.back


@lru_cache(maxsize=4096)
def moves(where: Whereabouts) -> tuple[datetime, datetime]:
    """From when until when (aware, UTC) the learner lives abroad. A day has come when it has come in both zones:
    on the eve of a journey east they are still asleep at home.
    """
    zones = (ZoneInfo(where.zone), ZoneInfo(where.home_zone))
    first, last = (
        max(wall_instant(zone, day, time(0)) for zone in zones)
        for day in (where.departure, where.back + timedelta(days=1))
    )
    return first, last


def first_open(hours: Between, where: Whereabouts, instant: datetime) -> datetime:
    """The first instant from `instant` on (UTC) at which the learner may be written to, wherever they live then. On the
    day of the journey home it is night neither there nor at home: nobody knows how far they have come.
    """
    opening = open_instant(hours, where.at(instant), instant)
    move = next((move for move in moves(where) if instant < move <= opening), None)
    if move is None and where.on_the_way_home(opening):
        awake = open_instant(BY_DAY, ZoneInfo(where.home_zone), opening)
        return opening if awake == opening else first_open(hours, where, awake)
    return opening if move is None else first_open(hours, where, move)


@lru_cache(maxsize=16_384)
def planned(hours: Between, where: Whereabouts, day: date, at: time) -> datetime:
    """The instant (UTC) of a wall time where the learner is that day, moved into their open hours. Remembered: a class
    asks for the same days and hours, learner by learner.
    """
    return first_open(hours, where, wall_instant(where.on(day), day, at))
