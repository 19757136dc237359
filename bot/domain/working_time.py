"""Working time: when a team works, and when a wait that counts only its hours is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bot.domain.programme.ladder import Pace, Wait
from bot.domain.programme.model import Hours
from bot.domain.quiet_hours import wall_instant

_DAY = timedelta(days=1)
_PATIENCE = 366
"""A team that does not work for so many days running is taken to work every day: a ladder must not stand still."""


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a year in a country (`FR`) or a part of it (`FR-57`, `FR-974`); none for an empty name.

    Raises:
        ValueError: nobody knows the holidays of that country or part.
    """
    if not country:
        return frozenset()
    code, _, part = country.partition("-")
    try:
        return frozenset(country_holidays(code, subdiv=part or None, years=year))
    except NotImplementedError as unknown:
        raise ValueError(f'the public holidays of "{country}" are not known') from unknown


@dataclass(frozen=True)
class Calendar:
    """The hours of a programme, read on the clocks of the team's zone. Instants are aware; results are UTC.

    Raises:
        ValueError: hours that do not end later than they start, or a country whose holidays are not known.
    """

    hours: Hours
    zone: ZoneInfo
    school: str = ""
    """Its reference: some closures are of one school only."""

    def __post_init__(self) -> None:
        for between in (self.hours.team, self.hours.waking):
            if between.end <= between.start:
                raise ValueError(f"hours from {between.start:%H:%M} to {between.end:%H:%M} are never open")
        public_holidays(self.hours.holidays, 2026)

    def day(self, instant: datetime) -> date:
        """The team's local day at an instant."""
        return instant.astimezone(self.zone).date()

    def is_working(self, day: date) -> bool:
        """Whether the team works on a local day: a working weekday, no public holiday, no closure."""
        if day.weekday() not in self.hours.weekdays:
            return False
        if any(each.start <= day <= each.end and each.concerns(self.school) for each in self.hours.closures):
            return False
        return day not in public_holidays(self.hours.holidays, day.year)

    def opening(self, instant: datetime, pace: Pace) -> datetime:
        """The instant itself where its pace counts it, else the next one that counts. The closing hour counts no more."""
        since = instant.astimezone(UTC)
        if pace is Pace.ALWAYS:
            return since
        day = self._counted(self.day(since), pace)
        while True:
            opens, closes = self._open(day, pace)
            if max(since, opens) < closes:
                return max(since, opens)
            day = self._counted(day + _DAY, pace)

    def add(self, start: datetime, wait: Wait, pace: Pace) -> datetime:
        """When a wait that begins at `start` is over; what lies outside the hours of its pace is not counted.

        Working days end at the same local hour so many working days later, at whatever pace. A wait that
        begins outside the hours begins with the next opening, and one that would end at closing time ends
        at the next opening: whoever is alerted then is at work.
        """
        if wait.days:
            return self._days_later(start, wait.days)
        at, left = self.opening(start, pace), wait.span
        if pace is Pace.ALWAYS:
            return at + left
        while True:
            closes = self._open(self.day(at), pace)[1]
            if at + left < closes:
                return at + left
            left -= closes - at
            at = self.opening(closes, pace)

    def _days_later(self, start: datetime, days: int) -> datetime:
        local = self.opening(start, Pace.WORKING).astimezone(self.zone)
        day = local.date()
        for _ in range(days):
            day = self._counted(day + _DAY, Pace.WORKING)
        return self.opening(wall_instant(self.zone, day, local.time()), Pace.WORKING)

    def _counted(self, day: date, pace: Pace) -> date:
        """The first day from `day` on that a pace counts."""
        if pace is not Pace.WORKING:
            return day
        ahead = (day + _DAY * days for days in range(_PATIENCE))
        return next((later for later in ahead if self.is_working(later)), day)

    def _open(self, day: date, pace: Pace) -> tuple[datetime, datetime]:
        """From when to when a counted day is open."""
        between = self.hours.team if pace is Pace.WORKING else self.hours.waking
        return wall_instant(self.zone, day, between.start), wall_instant(self.zone, day, between.end)


def next_monday(zone: ZoneInfo, opens: time, now: datetime) -> datetime:
    """The instant, in UTC, at which a team opens on the Monday after today."""
    today = now.astimezone(zone).date()
    return wall_instant(zone, today + timedelta(days=7 - today.weekday()), opens)
