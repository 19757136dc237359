"""Hours of the day hold a message, in every zone and through both changes to summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.programme.model import Between
from bot.domain.quiet_hours import is_open, open_instant, wall_instant
from tests.domain.lives import ZONES

DAYTIME = Between(start=time(8), end=time(21))
PARIS = ZoneInfo("Europe/Paris")


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "instant", "opens"),
    [
        ("Europe/Paris", "2026-03-10 12:00:30", "2026-03-10 12:00:30"),
        ("Europe/Paris", "2026-03-10 07:00", "2026-03-10 07:00"),
        ("Europe/Paris", "2026-03-10 06:59", "2026-03-10 07:00"),
        ("Europe/Paris", "2026-03-10 20:00", "2026-03-11 07:00"),
        ("Europe/Paris", "2026-03-28 20:00", "2026-03-29 06:00"),
        ("Europe/Paris", "2026-10-24 19:00", "2026-10-25 07:00"),
        ("Asia/Kolkata", "2026-03-10 00:00", "2026-03-10 02:30"),
        ("America/Santiago", "2026-09-06 03:00", "2026-09-06 11:00"),
    ],
)
def test_a_message_waits_for_the_next_opening(zone: str, instant: str, opens: str) -> None:
    assert open_instant(DAYTIME, ZoneInfo(zone), utc(instant)) == utc(opens)


def test_an_opening_hour_that_the_clocks_skip_opens_when_they_jump() -> None:
    early = Between(start=time(2, 30), end=time(12))
    assert open_instant(early, PARIS, utc("2026-03-28 23:00")) == utc("2026-03-29 01:00")


def test_hours_that_the_clocks_skip_altogether_open_the_next_day() -> None:
    night = Between(start=time(2, 10), end=time(2, 50))
    assert open_instant(night, PARIS, utc("2026-03-29 00:30")) == utc("2026-03-30 00:10")


def test_hours_that_the_clocks_show_twice_are_open_twice() -> None:
    night = Between(start=time(1), end=time(2, 30))
    assert open_instant(night, PARIS, utc("2026-10-25 00:40")) == utc("2026-10-25 01:00")


def test_an_opening_hour_shown_twice_opens_twice() -> None:
    night = Between(start=time(2, 10), end=time(2, 50))
    assert open_instant(night, PARIS, utc("2026-10-25 00:55")) == utc("2026-10-25 01:10")


def test_the_answer_is_in_utc_whatever_the_zone_of_the_question() -> None:
    asked = datetime(2026, 7, 1, 12, tzinfo=PARIS)
    assert open_instant(DAYTIME, PARIS, asked).isoformat() == "2026-07-01T10:00:00+00:00"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        open_instant(DAYTIME, PARIS, datetime(2026, 7, 1))


def test_hours_that_never_open_are_refused() -> None:
    with pytest.raises(ValueError, match="never open"):
        open_instant(Between(start=time(21), end=time(8)), PARIS, utc("2026-07-01"))


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 7, 1), time(18), "2026-07-01 16:00"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29 01:00"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25 00:30"),
    ],
)
def test_an_hour_of_a_day_is_one_instant(day: date, at: time, instant: str) -> None:
    assert wall_instant(PARIS, day, at) == utc(instant)


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The hours of 2025 to 2027 after which a zone's clocks are changed."""
    hours = [utc("2025-01-01") + timedelta(hours=hour) for hour in range(3 * 365 * 24)]
    offsets = [hour.astimezone(ZoneInfo(name)).utcoffset() for hour in hours]
    return tuple(hour for hour, old, new in zip(hours, offsets, offsets[1:], strict=False) if old != new)


@st.composite
def hours_zone_and_instant(draw: st.DrawFn) -> tuple[Between, ZoneInfo, datetime]:
    """Any hours; an instant that is often within two days of a change of the clocks."""
    first, last = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2)))
    hours = Between(start=time(first // 60, first % 60), end=time(last // 60, last % 60))
    name = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from((*changes(name), utc("2026-05-05"))))
    return hours, ZoneInfo(name), near + timedelta(seconds=draw(st.integers(-200_000, 200_000)))


def shows(hours: Between, zone: ZoneInfo, instant: datetime) -> bool:
    return hours.start <= instant.astimezone(zone).time() < hours.end


@given(hours_zone_and_instant())
def test_the_opening_is_within_the_hours_and_there_is_none_before(case: tuple[Between, ZoneInfo, datetime]) -> None:
    hours, zone, instant = case
    opens = open_instant(hours, zone, instant)
    assert opens >= instant
    assert shows(hours, zone, opens)
    minute = instant.replace(second=0) + timedelta(minutes=1)
    earlier = [instant] if opens > instant else []
    while minute < opens:
        earlier.append(minute)
        minute += timedelta(minutes=1)
    assert [moment for moment in earlier if shows(hours, zone, moment)] == []


@given(hours_zone_and_instant(), st.integers(0, 90_000))
def test_later_questions_have_later_answers(case: tuple[Between, ZoneInfo, datetime], later: int) -> None:
    hours, zone, instant = case
    opens = open_instant(hours, zone, instant)
    assert opens <= open_instant(hours, zone, instant + timedelta(seconds=later))
    assert open_instant(hours, zone, opens) == opens
    assert is_open(hours, zone, opens)


@given(st.sampled_from(ZONES), st.integers(-2, 2), st.integers(0, 24 * 60 - 1), st.data())
def test_an_hour_is_the_first_instant_at_which_the_clocks_have_come_so_far(
    name: str, ahead: int, minute: int, data: st.DataObject
) -> None:
    zone, near = ZoneInfo(name), data.draw(st.sampled_from((*changes(name), utc("2026-05-05"))))
    day = near.astimezone(zone).date() + timedelta(days=ahead)
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    instant = wall_instant(zone, day, wall.time())
    assert instant.astimezone(zone).replace(tzinfo=None) >= wall
    assert (instant - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None) < wall
