"""Two adults on each day of a stay, and one on call for a minor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.ladder.cover import Cover, Lack, Weakness, pressing, weaknesses
from bot.domain.person import Adult, Leave, Role
from bot.domain.stay import Ended, Stay
from tests.domain.stays import LEIPZIG as STAY

DEPARTURE, BACK = date(2027, 3, 6), date(2027, 3, 27)
TODAY = date(2027, 2, 1)


def adult(person: int, *roles: Role, school: int | None = 1) -> Adult:
    return Adult(person, frozenset(roles), school)


COORDINATOR, ON_CALL, TEACHER = adult(1, Role.COORDINATOR), adult(2, Role.ON_CALL), adult(3, Role.TEACHER)
TEAM = (COORDINATOR, ON_CALL, TEACHER)


def away(one: Adult, first: date, last: date) -> Adult:
    return replace(one, leaves=(Leave(first, last),))


def lacks(*team: Adult, stay: Stay = STAY, today: date = TODAY) -> tuple[Weakness, ...]:
    return weaknesses(stay, Cover(team), 1, today)


def test_a_coordinator_an_on_call_adult_and_a_teacher_are_enough() -> None:
    assert lacks(*TEAM) == ()


def test_one_adult_is_too_few_and_finance_is_none() -> None:
    assert lacks(ON_CALL, adult(4, Role.FINANCE)) == (Weakness(Lack.ADULTS, DEPARTURE),)


def test_who_has_not_opened_the_invitation_does_not_count() -> None:
    assert lacks(COORDINATOR, TEACHER, replace(ON_CALL, reachable=False)) == (Weakness(Lack.ON_CALL, DEPARTURE),)


def test_a_leave_in_the_middle_of_the_stay_is_seen_weeks_before() -> None:
    gone = away(ON_CALL, date(2027, 3, 15), date(2027, 3, 19))

    assert lacks(COORDINATOR, TEACHER, gone) == (Weakness(Lack.ON_CALL, date(2027, 3, 15)),)


def test_a_leave_before_the_departure_or_after_the_return_is_nobodys_concern() -> None:
    before, after = away(ON_CALL, TODAY, date(2027, 3, 5)), away(COORDINATOR, date(2027, 3, 28), date(2027, 4, 2))

    assert lacks(before, after) == ()


def test_the_consortium_counts_and_another_school_does_not() -> None:
    consortium = adult(5, Role.CONSORTIUM, Role.ON_CALL, school=None)
    elsewhere = adult(6, Role.COORDINATOR, Role.ON_CALL, school=2)

    assert lacks(COORDINATOR, consortium) == ()
    assert lacks(COORDINATOR, elsewhere) == (Weakness(Lack.ADULTS, DEPARTURE), Weakness(Lack.ON_CALL, DEPARTURE))


@pytest.mark.parametrize(("birth", "lack"), [(date(2009, 3, 6), ()), (date(2009, 3, 7), (Lack.ON_CALL,))])
def test_only_a_minor_needs_an_on_call_adult(birth: date, lack: tuple[Lack, ...]) -> None:
    found = lacks(COORDINATOR, TEACHER, stay=replace(STAY, birth=birth))

    assert tuple(each.lack for each in found) == lack


@pytest.mark.parametrize(
    ("today", "seen", "case"),
    [
        (DEPARTURE - timedelta(days=43), False, False),
        (DEPARTURE - timedelta(days=42), True, False),
        (DEPARTURE - timedelta(days=8), True, False),
        (DEPARTURE - timedelta(days=7), True, True),
        (BACK, True, True),
        (BACK + timedelta(days=1), False, True),
    ],
)
def test_it_is_said_six_weeks_before_and_presses_in_the_last_one(today: date, seen: bool, case: bool) -> None:
    assert (bool(lacks(COORDINATOR, today=today)), pressing(STAY, today)) == (seen, case)


def test_a_cancelled_stay_needs_nobody() -> None:
    assert lacks(stay=replace(STAY, ended=Ended.WITHDRAWN)) == ()
