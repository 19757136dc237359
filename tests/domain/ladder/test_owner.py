"""Who takes a case, who may, what becomes of it when they say nothing more, and whom it is passed on to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ladder import (
    Closed,
    Event,
    Move,
    Noted,
    Notice,
    NoticeKind,
    PassedOn,
    Reached,
    Refusal,
    Taken,
    WaitOver,
)
from bot.domain.level import Level
from tests.domain.ladder.climbers import (
    ACCOUNTS,
    COORDINATOR,
    DEPUTY,
    ELSEWHERE,
    EVERYONE,
    FINANCE,
    HEAD,
    ON_CALL,
    TEACHER,
    TEAM,
    TUESDAY,
    at,
    away,
    lapsed,
    move,
    opened,
    owned,
    tell,
)


def test_the_first_who_takes_a_case_owns_it() -> None:
    case = opened()
    assert move(case, Taken(ON_CALL), "2026-03-10 10:05") == Move(
        replace(case, owner=ON_CALL, touched_at=at("2026-03-10 10:05"), wake_at=at("2026-03-10 11:05")),
        tell(NoticeKind.TAKEN_BY_OTHER, COORDINATOR),
        log=("taken",),
    )


def test_the_second_who_takes_a_case_is_told_so() -> None:
    case = owned()
    assert move(case, Taken(ON_CALL), TUESDAY) == Move(
        case, tell(NoticeKind.ALREADY_TAKEN, ON_CALL), Refusal.ALREADY_TAKEN
    )


def test_taking_it_again_is_a_follow_up() -> None:
    case = owned()
    assert move(case, Taken(COORDINATOR), "2026-03-10 10:30") == Move(
        replace(case, touched_at=at("2026-03-10 10:30"), wake_at=at("2026-03-10 11:30")), log=("followed up",)
    )


@pytest.mark.parametrize("stranger", [FINANCE, ELSEWHERE, ACCOUNTS, 99])
@pytest.mark.parametrize("kind", ["taken", "reached", "closed", "passed", "noted"])
def test_only_those_who_may_know_of_a_case_act_on_it(stranger: int, kind: str) -> None:
    events: dict[str, Event] = {
        "taken": Taken(stranger),
        "reached": Reached(stranger),
        "closed": Closed(stranger, "done"),
        "passed": PassedOn(stranger, DEPUTY),
        "noted": Noted(stranger),
    }
    case = opened()
    assert move(case, events[kind], TUESDAY) == Move(case, refused=Refusal.STRANGER)


def test_the_owner_is_asked_first_and_a_word_of_theirs_is_enough() -> None:
    case = owned()
    asked = move(case, WaitOver(), "2026-03-10 11:00")
    assert asked == Move(
        replace(case, asked_at=at("2026-03-10 11:00"), wake_at=at("2026-03-10 11:10")),
        tell(NoticeKind.OWNER_ASKED, COORDINATOR),
        log=("owner asked",),
    )
    followed = move(asked.case, Taken(COORDINATOR), "2026-03-10 11:05").case
    assert (followed.owner, followed.asked_at, followed.touched_at) == (COORDINATOR, None, at("2026-03-10 11:05"))


def test_a_case_without_follow_up_lapses_and_climbs() -> None:
    case = owned()
    assert lapsed(case, "2026-03-10 11:00") == Move(
        replace(
            case, owner=None, touched_at=None, rung=1, alerted=case.alerted | {HEAD}, wake_at=at("2026-03-10 11:30")
        ),
        (*tell(NoticeKind.LAPSED, COORDINATOR), *tell(NoticeKind.ALERT, HEAD)),
        log=("lapsed", "alerted rung 1"),
    )


def test_who_let_a_case_lapse_is_told_once_even_on_the_next_rung() -> None:
    climbed = lapsed(owned(by=HEAD), "2026-03-10 11:00")
    assert climbed.notices == tell(NoticeKind.LAPSED, HEAD)
    assert (climbed.case.rung, climbed.case.wake_at) == (1, at("2026-03-10 11:30"))


def test_an_exhausted_case_that_lapses_is_broadcast() -> None:
    case = replace(owned(), rung=2, round=1)
    others = tuple(person for person in EVERYONE if person != COORDINATOR)
    assert lapsed(case, "2026-03-10 11:00").notices == (
        *tell(NoticeKind.LAPSED, COORDINATOR),
        *tell(NoticeKind.BROADCAST, *others),
    )


def test_a_case_taken_before_the_first_rung_lapses_to_the_first_rung() -> None:
    held = opened(Level.TODAY, "2026-03-10 23:00")
    taken = move(held, Taken(TEACHER), "2026-03-10 23:10").case
    assert lapsed(taken, "2026-03-11 15:00").log == ("lapsed", "alerted rung 0")


def test_the_case_of_an_owner_on_leave_passes_to_the_deputy() -> None:
    case = owned()
    assert move(case, WaitOver(), "2026-03-10 11:00", away(COORDINATOR)) == Move(
        replace(case, owner=None, touched_at=None, alerted=case.alerted | {DEPUTY}, wake_at=at("2026-03-10 11:10")),
        tell(NoticeKind.PASSED_TO_YOU, DEPUTY),
        log=("owner away", "passed to deputy"),
    )


def test_without_deputy_the_case_of_an_owner_on_leave_climbs() -> None:
    over = move(owned(), WaitOver(), "2026-03-10 11:00", away(COORDINATOR, away(DEPUTY)))
    assert (over.notices, over.log) == (tell(NoticeKind.ALERT, HEAD), ("owner away", "alerted rung 1"))


def test_passing_on_asks_the_colleague_for_the_wait_of_the_rung() -> None:
    case = owned()
    passed = move(case, PassedOn(COORDINATOR, TEACHER), "2026-03-10 10:30")
    assert passed == Move(
        replace(case, owner=None, touched_at=None, alerted=case.alerted | {TEACHER}, wake_at=at("2026-03-10 10:40")),
        tell(NoticeKind.PASSED_TO_YOU, TEACHER),
        log=("passed on",),
    )
    assert move(passed.case, WaitOver(), "2026-03-10 10:40").notices == tell(NoticeKind.ALERT, HEAD)


def test_a_case_of_another_is_not_passed_on() -> None:
    case = owned()
    assert move(case, PassedOn(ON_CALL, DEPUTY), TUESDAY) == Move(case, refused=Refusal.ALREADY_TAKEN)


@pytest.mark.parametrize("receiver", [COORDINATOR, FINANCE, ELSEWHERE, DEPUTY, 99])
def test_a_case_is_not_passed_to_oneself_to_strangers_or_to_somebody_on_leave(receiver: int) -> None:
    case = owned()
    assert move(case, PassedOn(COORDINATOR, receiver), TUESDAY, away(DEPUTY)) == Move(
        case, refused=Refusal.NOBODY_THERE
    )


def test_what_was_owned_by_somebody_who_left_can_be_taken() -> None:
    case = owned()
    assert move(case, Taken(ON_CALL), TUESDAY, TEAM[1:]).case.owner == ON_CALL


def test_who_reaches_the_young_person_takes_a_case_without_owner() -> None:
    case = opened()
    assert move(case, Reached(ON_CALL), TUESDAY) == Move(
        replace(case, owner=ON_CALL, touched_at=at(TUESDAY), wake_at=at("2026-03-10 11:00")),
        tell(NoticeKind.TAKEN_BY_OTHER, COORDINATOR),
        log=("reached", "taken"),
    )


@pytest.mark.parametrize(("by", "told"), [(COORDINATOR, ()), (HEAD, (Notice(COORDINATOR, NoticeKind.REACHED),))])
def test_reaching_the_young_person_is_a_follow_up(by: int, told: tuple[Notice, ...]) -> None:
    case = owned()
    assert move(case, Reached(by), "2026-03-10 10:30") == Move(
        replace(case, touched_at=at("2026-03-10 10:30"), wake_at=at("2026-03-10 11:30"), alerted=case.alerted | {by}),
        told,
        log=("reached",),
    )


def test_a_note_of_the_owner_is_a_follow_up_and_no_other() -> None:
    case = owned()
    touched = replace(case, touched_at=at("2026-03-10 10:30"), wake_at=at("2026-03-10 11:30"))
    assert move(case, Noted(COORDINATOR), "2026-03-10 10:30") == Move(touched, log=("noted",))
    assert move(case, Noted(HEAD), "2026-03-10 10:30") == Move(case, log=("noted",))
    assert move(case, Noted(), "2026-03-10 10:30") == Move(case, log=("noted",))
