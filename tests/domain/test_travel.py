"""The journeys there and home: over night, and through time zones. Nobody is woken, nor missing on the coach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.occasion import Kind
from bot.domain.programme import Programme
from bot.domain.stay import Stay, open_for
from bot.domain.touchpoints import landmark_instant, occasions
from bot.domain.whereabouts import BY_DAY
from tests.domain.stays import BERGEN as LINA

ZONES = (
    "America/Toronto",
    "America/Vancouver",
    "Asia/Shanghai",
    "Pacific/Noumea",
    "Indian/Reunion",
    "Europe/Bucharest",
)
HOMES = ("Europe/Paris", "Indian/Reunion", "America/Martinique")


def local(programme: Programme, stay: Stay, kind: Kind, zone: str) -> str:
    found = next(each for each in occasions(programme, stay) if each.kind is kind)
    return f"{found.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {found.occurrence}"


@pytest.mark.parametrize(
    ("zone", "asked"),
    [
        ("America/Toronto", "2026-04-11 20:00"),  # 14:00 in Montréal, not 20:00, when Paris sleeps
        ("Europe/Bucharest", "2026-04-11 19:00"),
        ("Indian/Reunion", "2026-04-11 18:00"),
        ("Pacific/Noumea", "2026-04-11 11:00"),
    ],
)
def test_the_return_is_asked_when_the_evening_has_come_at_either_end(
    programme: Programme, zone: str, asked: str
) -> None:
    stay = replace(LINA, zone=zone)
    assert local(programme, stay, Kind.SAFE_RETURN, "Europe/Paris") == f"{asked} once@2026-04-11"


@given(zone=st.sampled_from(ZONES), home=st.sampled_from(HOMES), minutes=st.integers(0, 48 * 60))
def test_on_the_day_of_the_return_it_is_night_at_neither_end(
    programme: Programme, zone: str, home: str, minutes: int
) -> None:
    stay = replace(LINA, zone=zone, home_zone=home)
    asked = datetime.combine(stay.back, time(0), ZoneInfo(zone)).astimezone(UTC).timestamp() + 60 * minutes
    found = open_for(programme, stay, datetime.fromtimestamp(asked, UTC))
    hours = programme.hours.learner
    assert hours.start <= found.astimezone(stay.zone_at(found)).time() < hours.end
    if stay.where.on_the_way_home(found):
        assert BY_DAY.start <= found.astimezone(ZoneInfo(home)).time() < BY_DAY.end


def test_who_travels_over_night_is_asked_when_the_coach_has_arrived(programme: Programme) -> None:
    coach = replace(LINA, nights_out=1, nights_back=1)
    assert [local(programme, coach, kind, "Europe/Oslo") for kind in (Kind.ARRIVAL, Kind.SAFE_RETURN)] == [
        "2026-03-16 20:00 once@2026-03-16",
        "2026-04-12 20:00 once@2026-04-12",
    ]


def test_and_is_missing_a_day_later_too(programme: Programme) -> None:
    arrival, back = programme.outgoing.arrival, programme.outgoing.safe_return
    assert arrival is not None
    assert back is not None
    coach = replace(LINA, nights_out=1, nights_back=2)
    days = [
        landmark_instant(programme, stay, kind, landmark.missing.minor).astimezone(ZoneInfo("Europe/Oslo")).date()
        for kind, landmark in ((Kind.ARRIVAL, arrival), (Kind.SAFE_RETURN, back))
        for stay in (LINA, coach)
    ]
    assert days == [date(2026, 3, 16), date(2026, 3, 17), date(2026, 4, 12), date(2026, 4, 14)]
