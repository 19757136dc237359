"""Hours of the day on a wall clock: when somebody may be written to, through both changes to summer time."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.programme.model import Between

_HORIZON = timedelta(days=3)
"""Far enough to meet an opening even when the clocks skip a whole day."""


def is_open(hours: Between, zone: ZoneInfo, instant: datetime) -> bool:
    """Whether the clocks of a zone show an hour within `hours` at an instant. The closing hour itself is outside."""
    return hours.start <= instant.astimezone(zone).time() < hours.end


def open_instant(hours: Between, zone: ZoneInfo, instant: datetime) -> datetime:
    """The first instant from `instant` on, in UTC, at which the clocks of the zone show an hour within `hours`.

    An opening hour that the clocks skip (spring) opens when they jump; hours shown twice (autumn) are open twice.

    Raises:
        ValueError: `instant` is naive, or the hours do not end later than they start.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone is no instant")
    if hours.end <= hours.start:
        raise ValueError(f"hours from {hours.start} to {hours.end} are never open")
    since = instant.astimezone(UTC)
    if is_open(hours, zone, since):
        return since
    return min(found for found in _openings(hours.start, zone, since) if found > since and is_open(hours, zone, found))


@lru_cache(maxsize=8192)
def wall_instant(zone: ZoneInfo, day: date, at: time) -> datetime:
    """The instant, in UTC, at which the clocks of a zone show an hour on a day.

    Of an hour shown twice, the first; for an hour that is skipped, the instant at which the clocks jump over it.
    Remembered: whole classes share their days, and their plans ask for the same hours again and again.
    """
    first, second = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first <= second else _change(zone, second, first)


def _openings(start: time, zone: ZoneInfo, since: datetime) -> list[datetime]:
    """Where closed hours can turn into open ones: the clocks show the opening hour, or they are changed."""
    today = since.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(_HORIZON.days + 1)]
    shown = [datetime.combine(day, start, zone).replace(fold=fold).astimezone(UTC) for day in days for fold in (0, 1)]
    until = since + _HORIZON
    if _offset(zone, since) == _offset(zone, until):
        return shown
    return [*shown, _change(zone, since, until)]


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The whole second at which the clocks of a zone are changed, somewhere between two instants."""
    old = _offset(zone, before)
    seconds = range(int(before.timestamp()), int(after.timestamp()) + 1)
    found = bisect_left(seconds, True, key=lambda second: _offset(zone, datetime.fromtimestamp(second, UTC)) != old)
    return datetime.fromtimestamp(seconds[0] + found, UTC)
