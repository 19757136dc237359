"""Who may do what: every role, every act, at home, next door, and for the consortium."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bot.domain.ladder.crew import Crew
from bot.domain.person import DUTIES, Adult, Role
from bot.domain.rights import Act, everywhere, may, schools_of, somewhere

HOME, NEXT_DOOR = 1, 2
SHORT = {
    "l": Act.SEE_LEARNERS,
    "c": Act.SEE_CASES,
    "r": Act.READ_ANSWERS,
    "t": Act.TICK,
    "w": Act.WRITE,
    "h": Act.CHANGE,
    "f": Act.CONFIRM,
    "m": Act.MANAGE,
    "i": Act.IMPORT,
    "s": Act.SEE_FIGURES,
    "d": Act.PLAN,
    "p": Act.EDIT_PROGRAMME,
}
TABLE = {
    Role.LEARNER: "",
    Role.PARENT: "",
    Role.TUTOR: "",
    Role.EMPLOYER: "",
    Role.PARTNER: "",
    Role.HOST_FAMILY: "",
    Role.COORDINATOR: "lcrtwhfmisdp",
    Role.DEPUTY: "lcrtwhfmisdp",
    Role.HEAD: "lcrtwhfmisdp",
    Role.ON_CALL: "lcrtws",
    Role.TEACHER: "lcts",
    Role.FINANCE: "ltd",
    Role.ADMINISTRATION: "ltd",
    Role.QUALITY: "lsd",
    Role.CONSORTIUM: "lcrtwhfmisdp",
}


def allowed(adult: Adult, school: int | None) -> set[Act]:
    return {act for act in Act if may(adult, act, school)}


@pytest.mark.parametrize("role", Role)
def test_a_role_of_a_school_opens_that_school_and_no_other(role: Role) -> None:
    adult = Adult(7, frozenset({role}), HOME)
    wanted = {SHORT[letter] for letter in TABLE[role]}
    elsewhere = wanted if role is Role.CONSORTIUM else set()

    assert [allowed(adult, school) for school in (HOME, NEXT_DOOR, None)] == [wanted, elsewhere, elsewhere]


@pytest.mark.parametrize("role", Role)
def test_a_role_of_the_consortium_opens_every_school(role: Role) -> None:
    adult = Adult(7, frozenset({role}), None)
    wanted = {SHORT[letter] for letter in TABLE[role]}

    assert [allowed(adult, school) for school in (HOME, NEXT_DOOR, None)] == [wanted] * 3
    assert everywhere(adult, Act.SEE_LEARNERS) is bool(wanted)


def test_two_roles_allow_what_each_allows() -> None:
    adult = Adult(7, frozenset({Role.FINANCE, Role.TEACHER}), HOME)
    assert allowed(adult, HOME) == {Act.SEE_LEARNERS, Act.SEE_CASES, Act.TICK, Act.SEE_FIGURES, Act.PLAN}


def test_roles_at_two_schools_open_each_with_what_is_held_there() -> None:
    adult = Adult(7, frozenset({Role.TEACHER}), HOME, elsewhere=((NEXT_DOOR, frozenset({Role.FINANCE})),))
    teacher = {Act.SEE_LEARNERS, Act.SEE_CASES, Act.TICK, Act.SEE_FIGURES}

    assert [allowed(adult, at) for at in (HOME, NEXT_DOOR, 3, None)] == [
        teacher,
        {Act.SEE_LEARNERS, Act.TICK, Act.PLAN},
        set(),
        set(),
    ]
    assert [schools_of(adult, act) for act in (Act.SEE_LEARNERS, Act.SEE_CASES, Act.WRITE)] == [
        frozenset({HOME, NEXT_DOOR}),
        frozenset({HOME}),
        frozenset(),
    ]
    assert [somewhere(adult, act) for act in (Act.SEE_CASES, Act.WRITE)] == [True, False]
    assert schools_of(replace(adult, school=None), Act.SEE_CASES) is None


@pytest.mark.parametrize(("duty", "home"), list(product(sorted(DUTIES), Role)))
def test_a_duty_for_all_opens_every_school_for_that_role_and_nothing_more(duty: Role, home: Role) -> None:
    adult = Adult(7, frozenset({home}), HOME, elsewhere=((None, frozenset({duty})),))
    shared, own = ({SHORT[letter] for letter in TABLE[role]} for role in (duty, home))
    everywhere_too = own if home is Role.CONSORTIUM else set()

    assert allowed(adult, HOME) == shared | own
    assert allowed(adult, NEXT_DOOR) == allowed(adult, None) == shared | everywhere_too
    assert schools_of(adult, Act.SEE_LEARNERS) is None
    assert TABLE[duty].strip("ltsd") == ""  # never a case, an answer, a word


def test_nobody_without_a_role_may_anything() -> None:
    assert allowed(Adult(7, frozenset(), HOME), HOME) == allowed(Adult(7, frozenset(), None), HOME) == set()


@pytest.mark.parametrize(("role", "school", "asked"), list(product(Role, (HOME, None), (HOME, NEXT_DOOR))))
def test_who_sees_cases_is_who_can_take_them(role: Role, school: int | None, asked: int) -> None:
    adult = Adult(7, frozenset({role}), school)
    assert may(adult, Act.SEE_CASES, asked) is (7 in Crew((adult,), asked, date(2027, 3, 1)).everyone)
