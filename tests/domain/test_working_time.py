"""Working time: weekends, holidays, closures and nights are not counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.programme.ladder import Pace, Wait, parse_wait
from bot.domain.programme.model import Between, Closure, Hours
from bot.domain.working_time import Calendar, public_holidays

PARIS = ZoneInfo("Europe/Paris")
ZONES = ("Europe/Paris", "America/Santiago", "Pacific/Easter", "Asia/Kolkata", "Australia/Lord_Howe", "Indian/Reunion")


def hours(**changed: Any) -> Hours:
    usual: dict[str, Any] = {
        "learner": Between(start=time(8), end=time(21)),
        "contact": time(18),
        "team": Between(start=time(8), end=time(18)),
        "waking": Between(start=time(7), end=time(22)),
        "closures": (Closure(start=date(2026, 2, 23), end=date(2026, 2, 24), name="conseil"),),
    }
    return Hours(**{**usual, **changed})


FRENCH = Calendar(hours(), PARIS)


def paris(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 3, 10), True),
        (date(2026, 3, 14), False),
        (date(2026, 5, 14), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), False),
        (date(2026, 2, 25), True),
        (date(2027, 1, 1), False),
    ],
)
def test_weekends_holidays_and_closures_are_no_working_days(day: date, working: bool) -> None:
    assert FRENCH.is_working(day) is working


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    assert public_holidays("FR-57", 2026) - public_holidays("FR", 2026) == {date(2026, 4, 3), date(2026, 12, 26)}


def test_no_country_has_no_holidays() -> None:
    assert Calendar(hours(holidays=""), PARIS).is_working(date(2026, 12, 25)) is True


@pytest.mark.parametrize(
    ("start", "wait", "pace", "over"),
    [
        ("2026-03-10 10:00", "2 working days", Pace.WORKING, "2026-03-12 10:00"),
        ("2026-03-12 10:00", "2 working days", Pace.WORKING, "2026-03-16 10:00"),
        ("2026-03-13 17:59", "1 working days", Pace.WAKING, "2026-03-16 17:59"),
        ("2026-03-14 11:00", "1 working days", Pace.WORKING, "2026-03-17 08:00"),
        ("2026-03-13 18:00", "1 working days", Pace.ALWAYS, "2026-03-17 08:00"),
        ("2026-03-10 06:00", "1 working days", Pace.WORKING, "2026-03-11 08:00"),
        ("2026-05-13 09:00", "1 working days", Pace.WORKING, "2026-05-15 09:00"),
        ("2026-02-20 16:00", "1 working days", Pace.WORKING, "2026-02-25 16:00"),
        ("2026-03-27 09:30", "1 working days", Pace.WORKING, "2026-03-30 09:30"),
        ("2026-03-10 10:00", "4 h", Pace.WORKING, "2026-03-10 14:00"),
        ("2026-03-10 16:00", "4 h", Pace.WORKING, "2026-03-11 10:00"),
        ("2026-03-10 14:00", "4 h", Pace.WORKING, "2026-03-11 08:00"),
        ("2026-03-13 16:00", "4 h", Pace.WORKING, "2026-03-16 10:00"),
        ("2026-03-14 16:00", "4 h", Pace.WAKING, "2026-03-14 20:00"),
        ("2026-03-14 20:00", "4 h", Pace.WAKING, "2026-03-15 09:00"),
        ("2026-03-14 03:00", "30 min", Pace.WAKING, "2026-03-14 07:30"),
        ("2026-03-28 23:30", "4 h", Pace.ALWAYS, "2026-03-29 04:30"),
        ("2026-10-24 23:30", "4 h", Pace.ALWAYS, "2026-10-25 02:30"),
        ("2026-03-14 03:00", "10 min", Pace.ALWAYS, "2026-03-14 03:10"),
    ],
)
def test_a_wait_counts_the_hours_of_its_pace(start: str, wait: str, pace: Pace, over: str) -> None:
    end = FRENCH.add(paris(start), parse_wait(wait), pace)
    assert end.astimezone(PARIS).replace(tzinfo=None, fold=0) == datetime.fromisoformat(over)


def test_a_night_with_an_hour_more_is_an_hour_longer() -> None:
    assert FRENCH.add(paris("2026-10-24 23:30"), parse_wait("4 h"), Pace.ALWAYS) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_a_team_that_never_works_is_taken_to_work_every_day() -> None:
    never = Calendar(hours(working_days=()), PARIS)
    assert never.add(paris("2026-03-13 10:00"), Wait(days=2), Pace.WORKING) == paris("2026-03-15 10:00")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"team": Between(start=time(18), end=time(8))}, "never open"),
        ({"waking": Between(start=time(8), end=time(8))}, "never open"),
        ({"holidays": "XX"}, "not known"),
        ({"holidays": "FR-Nowhere"}, "not known"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Calendar(hours(**changed), PARIS)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    opens = draw(st.integers(6, 10))
    first = draw(st.dates(date(2026, 1, 1), date(2026, 12, 1)))
    closure = Closure(start=first, end=first + timedelta(days=draw(st.integers(0, 20))))
    team = Between(start=time(opens, draw(st.sampled_from((0, 30)))), end=time(draw(st.integers(opens + 1, 19))))
    days = draw(st.sets(st.sampled_from(("monday", "tuesday", "thursday", "saturday", "sunday")), min_size=1))
    changed = {"team": team, "closures": (closure,), "working_days": tuple(sorted(days))}
    return Calendar(hours(**changed), ZoneInfo(draw(st.sampled_from(ZONES))))


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)).map(
    lambda drawn: drawn.replace(minute=drawn.minute // 15 * 15, second=0, microsecond=0, tzinfo=UTC)
)
SPANS = st.integers(1, 4 * 20).map(lambda quarters: Wait(span=timedelta(minutes=15 * quarters)))
PACES = st.sampled_from((Pace.WORKING, Pace.WAKING))


def counted(calendar: Calendar, instant: datetime, pace: Pace) -> bool:
    """The rule, told anew: what the clock shows and what day it is."""
    local = instant.astimezone(calendar.zone)
    if pace is Pace.WAKING:
        return calendar.hours.waking.start <= local.time() < calendar.hours.waking.end
    within = calendar.hours.team.start <= local.time() < calendar.hours.team.end
    return within and calendar.is_working(local.date())


@given(calendars(), INSTANTS, SPANS, PACES)
def test_the_open_time_of_a_wait_is_its_length(calendar: Calendar, start: datetime, wait: Wait, pace: Pace) -> None:
    end = calendar.add(start, wait, pace)
    quarters = range(int((end - start) / timedelta(minutes=15)))
    open_quarters = [at for at in quarters if counted(calendar, start + at * timedelta(minutes=15), pace)]
    assert len(open_quarters) * timedelta(minutes=15) == wait.span


@given(calendars(), INSTANTS, SPANS | st.integers(1, 8).map(lambda days: Wait(days=days)), PACES)
def test_a_wait_ends_in_open_hours(calendar: Calendar, start: datetime, wait: Wait, pace: Pace) -> None:
    end = calendar.add(start, wait, pace)
    assert end > start
    assert counted(calendar, end, Pace.WORKING if wait.days else pace)


@given(calendars(), INSTANTS, SPANS | st.integers(1, 8).map(lambda days: Wait(days=days)), PACES, st.integers(0, 9000))
def test_a_wait_that_begins_later_ends_no_earlier(
    calendar: Calendar, start: datetime, wait: Wait, pace: Pace, later: int
) -> None:
    assert calendar.add(start, wait, pace) <= calendar.add(start + timedelta(minutes=later), wait, pace)


@given(calendars(), INSTANTS, st.integers(1, 8))
def test_working_days_are_all_counted_and_no_other(calendar: Calendar, start: datetime, days: int) -> None:
    begins = calendar.day(calendar.opening(start, Pace.WORKING))
    ends = calendar.day(calendar.add(start, Wait(days=days), Pace.WORKING))
    between = [begins + timedelta(days=ahead) for ahead in range(1, (ends - begins).days + 1)]
    assert len([day for day in between if calendar.is_working(day)]) == days
