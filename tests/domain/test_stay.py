"""What follows from the dates of a stay: its middle, and where the learner lives when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.offset import Anchor
from bot.domain.programme import Programme
from bot.domain.stay import Kind, conditions, current, open_for
from tests.domain.stays import BERGEN as LINA


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [
        ("2026-03-16", "2026-03-17", "2026-03-16"),
        ("2026-03-16", "2026-03-29", "2026-03-22"),
        ("2026-03-16", "2026-03-31", "2026-03-23"),
        ("2026-03-16", "2026-04-11", "2026-03-23"),
        ("2026-03-16", "2026-04-12", "2026-03-29"),
    ],
)
def test_the_middle_is_half_but_a_week_at_the_latest_under_four_weeks(start: str, end: str, middle: str) -> None:
    stay = replace(LINA, start=date.fromisoformat(start), end=date.fromisoformat(end))
    assert stay.anchor(Anchor.MIDDLE) == date.fromisoformat(middle)


def test_who_is_away_is_there_whatever_they_take_part_in_from_there() -> None:
    online = replace(LINA, id=2, kind=Kind.VIRTUAL, country="FR", zone="Europe/Paris", departure=date(2026, 3, 20))
    during = utc("2026-03-25 12:00")

    assert current([LINA, online], date(2026, 3, 25)) == LINA
    assert current([online], date(2026, 3, 25)) == online
    assert (online.is_abroad(during), online.is_home(during, returned=False)) == (False, True)


def test_the_eve_of_a_journey_east_is_still_spent_at_home() -> None:
    east = replace(LINA, zone="Asia/Kolkata")
    assert str(east.zone_at(utc("2026-03-14 19:00"))) == "Europe/Paris"
    assert str(east.zone_at(utc("2026-03-14 22:59"))) == "Europe/Paris"
    assert str(east.zone_at(utc("2026-03-14 23:00"))) == "Asia/Kolkata"
    assert str(east.zone_at(utc("2026-04-11 21:59"))) == "Asia/Kolkata"
    assert str(east.zone_at(utc("2026-04-11 22:00"))) == "Europe/Paris"
    west = replace(LINA, zone="America/Santiago")
    assert str(west.zone_at(utc("2026-03-15 02:59"))) == "Europe/Paris"
    assert str(west.zone_at(utc("2026-03-15 03:00"))) == "America/Santiago"


@pytest.mark.parametrize(
    ("at", "returned", "home"),
    [
        ("2026-03-14 22:30", True, True),
        ("2026-03-14 23:30", True, False),
        ("2026-04-12 21:30", True, False),
        ("2026-04-12 22:30", True, True),
        ("2026-05-20 22:30", False, False),
    ],
)
def test_who_was_not_heard_of_after_the_return_is_not_looked_for_at_home(at: str, returned: bool, home: bool) -> None:
    assert LINA.is_home(utc(at), returned=returned) is home


def test_the_learner_may_be_written_to_as_soon_as_it_is_day_where_they_are(programme: Programme) -> None:
    east = replace(LINA, zone="Asia/Kolkata")
    assert open_for(programme, east, utc("2026-03-14 16:00")) == utc("2026-03-14 16:00")
    assert open_for(programme, east, utc("2026-03-14 19:30")) == utc("2026-03-15 02:30")
    assert open_for(programme, east, utc("2026-04-11 16:00")) == utc("2026-04-12 06:00")


def test_a_school_is_a_condition_of_its_stays(programme: Programme) -> None:
    held = conditions(programme, replace(LINA, school="0440001A-Éts Valmer"))
    assert {each for each in held if each.startswith("at_")} == {"at_0440001a_ets_valmer"}
    assert {each for each in conditions(programme, LINA) if each.startswith("at_")} == set()
