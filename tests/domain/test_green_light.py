"""The green light: what blocks a departure, when an adult is asked, and when their word holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.green_light import Decision, Verdict, asked_at, climbs_at, is_answered, is_green, missing
from bot.domain.programme.item import Item
from bot.domain.programme.model import Closure
from bot.domain.stay import Kind
from tests.domain.stays import LEIPZIG
from tests.example import example

PROGRAMME = example()
FRIDAY = date(2027, 3, 12)
STAY = replace(
    LEIPZIG,
    departure=FRIDAY,
    start=date(2027, 3, 15),
    end=date(2027, 4, 2),
    back=date(2027, 4, 3),
    birth=date(2010, 6, 19),
)


def ids(items: tuple[Item, ...]) -> list[str]:
    return [item.id for item in items]


def settled(state: str) -> dict[str, str]:
    return {item.id: state for item in missing(PROGRAMME, STAY, {})}


def test_what_blocks_is_due_by_the_departure_and_applies_to_the_stay() -> None:
    blocking = ids(missing(PROGRAMME, STAY, {}))
    assert "ehic" in blocking
    assert "exit_permit" in blocking or "ast" in blocking
    abroad = replace(STAY, country="MA")
    assert "ehic" not in ids(missing(PROGRAMME, abroad, {}))
    for item in missing(PROGRAMME, STAY, {}):
        assert item.blocking == "yes"


@pytest.mark.parametrize("state", ["done", "waived"])
def test_what_an_adult_has_closed_blocks_no_more(state: str) -> None:
    assert missing(PROGRAMME, STAY, settled(state)) == ()


def test_what_a_learner_declares_is_enough_only_where_their_word_is_the_proof() -> None:
    left = missing(PROGRAMME, STAY, settled("declared"))
    assert left
    assert {item.proof.value for item in left} & {"declared"} == set()
    assert all(item.proof.value == "declared" for item in missing(PROGRAMME, STAY, {}) if item not in left)


def test_without_an_answer_it_is_green_only_where_nothing_is_missing() -> None:
    lacks = missing(PROGRAMME, STAY, {})
    assert is_green(STAY, (), None)
    assert not is_green(STAY, lacks, None)


@pytest.mark.parametrize(
    ("verdict", "lacking", "green"),
    [
        (Verdict.GO, False, True),
        (Verdict.GO, True, False),
        (Verdict.ALL_THE_SAME, True, True),
        (Verdict.NOT_YET, False, False),
        (Verdict.NOT_YET, True, False),
    ],
)
def test_the_word_of_an_adult(verdict: Verdict, lacking: bool, green: bool) -> None:
    lacks = missing(PROGRAMME, STAY, {}) if lacking else ()
    assert is_green(STAY, lacks, Decision(FRIDAY, verdict)) is green


def test_a_word_about_another_day_counts_no_more() -> None:
    moved = replace(STAY, departure=date(2027, 3, 19))
    decision = Decision(FRIDAY, Verdict.ALL_THE_SAME)
    assert not is_answered(moved, decision)
    assert not is_green(moved, missing(PROGRAMME, moved, {}), decision)
    assert is_answered(STAY, decision)
    assert not is_answered(STAY, None)


@pytest.mark.parametrize(
    ("departure", "asked", "climbs"),
    [
        (date(2027, 3, 12), datetime(2027, 3, 9, 6, 30, tzinfo=UTC), datetime(2027, 3, 11, 6, 30, tzinfo=UTC)),
        # the third day before is a Sunday: asked on the Friday before
        (date(2027, 3, 17), datetime(2027, 3, 12, 6, 30, tzinfo=UTC), datetime(2027, 3, 16, 6, 30, tzinfo=UTC)),
        # the eve is a Sunday: the case does not wait for Monday
        (date(2027, 3, 15), datetime(2027, 3, 12, 6, 30, tzinfo=UTC), datetime(2027, 3, 14, 6, 30, tzinfo=UTC)),
    ],
)
def test_asked_on_a_working_day_and_climbing_on_any(departure: date, asked: datetime, climbs: datetime) -> None:
    stay = replace(STAY, departure=departure)
    assert (asked_at(PROGRAMME, stay), climbs_at(PROGRAMME, stay)) == (asked, climbs)


def test_the_school_of_a_guest_is_asked_by_its_own_clock() -> None:
    guest = replace(STAY, kind=Kind.INCOMING, zone="Indian/Reunion", home_zone="Europe/Brussels")
    assert asked_at(PROGRAMME, guest) == datetime(2027, 3, 9, 3, 30, tzinfo=UTC)


def test_the_days_on_which_one_school_is_closed_are_its_own() -> None:
    closed = {"start": date(2027, 3, 8), "end": date(2027, 3, 12), "schools": ("valmer",)}
    hours = PROGRAMME.hours.model_copy(update={"closures": (Closure(**closed),)})
    programme = PROGRAMME.model_copy(update={"hours": hours})
    days = [asked_at(programme, replace(STAY, school=school)).date() for school in ("valmer", "ombelle")]
    assert days == [date(2027, 3, 5), date(2027, 3, 9)]
