"""Cases climb: whole moves, one rule at a time. Random histories are in test_histories.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ladder import Move, NoticeKind, Opened, Raised, Refusal, Snoozed, WaitOver, climb
from bot.domain.level import Level
from bot.domain.person import Role
from bot.domain.programme.ladder import Rung, Wait, parse_wait
from tests.domain.ladder.climbers import (
    CALENDAR,
    COORDINATOR,
    DEPUTY,
    ON_CALL,
    PARIS,
    RULES,
    TEACHER,
    TEAM,
    TUESDAY,
    adult,
    at,
    away,
    move,
    new,
    opened,
    tell,
)

HOUR, MINUTES = timedelta(hours=1), timedelta(minutes=10)


def test_opening_alerts_the_first_rung() -> None:
    case = new()
    assert move(case, Opened(), TUESDAY) == Move(
        replace(case, rung=0, alerted=frozenset({COORDINATOR, ON_CALL}), wake_at=at("2026-03-10 10:10")),
        tell(NoticeKind.ALERT, COORDINATOR, ON_CALL),
        log=("opened", "alerted rung 0"),
    )


@pytest.mark.parametrize(
    ("level", "now", "opens"),
    [
        (Level.FOLLOW_UP, "2026-03-14 11:00", "2026-03-16 08:00"),
        (Level.TODAY, "2026-03-14 23:00", "2026-03-15 07:00"),
    ],
)
def test_outside_the_hours_of_its_pace_a_case_is_held_until_the_opening(level: Level, now: str, opens: str) -> None:
    case = new(level, now)
    held = Move(replace(case, wake_at=at(opens)), log=("opened", "held until opening"))
    assert move(case, Opened(), now) == held
    assert move(held.case, WaitOver(), opens).notices == tell(NoticeKind.ALERT, COORDINATOR)


def test_the_gravest_is_never_held() -> None:
    assert move(new(Level.NOW, "2026-03-15 03:00"), Opened(), "2026-03-15 03:00").notices == tell(
        NoticeKind.ALERT, COORDINATOR, ON_CALL
    )


def test_a_case_opens_once() -> None:
    case = opened()
    assert move(case, Opened(), TUESDAY) == Move(case, refused=Refusal.OPEN)


def test_a_wait_that_is_over_alerts_the_next_rung() -> None:
    case = opened(Level.TODAY)
    assert move(case, WaitOver(), "2026-03-10 14:00") == Move(
        replace(case, rung=1, alerted=case.alerted | {DEPUTY, TEACHER}, wake_at=at("2026-03-10 16:00")),
        tell(NoticeKind.ALERT, DEPUTY, TEACHER),
        log=("alerted rung 1",),
    )


def test_a_tick_before_the_wait_is_over_changes_nothing() -> None:
    case = opened(Level.TODAY)
    assert move(case, WaitOver(), "2026-03-10 13:59") == Move(case, log=("not yet",))


def test_a_tick_that_comes_late_at_night_holds_the_rung() -> None:
    case = opened(Level.TODAY)
    assert move(case, WaitOver(), "2026-03-10 23:00") == Move(
        replace(case, wake_at=at("2026-03-11 07:00")), log=("held until opening",)
    )


def test_the_deputy_stands_in_for_a_coordinator_on_leave() -> None:
    assert move(new(Level.TODAY), Opened(), TUESDAY, away(COORDINATOR)).notices == tell(NoticeKind.ALERT, DEPUTY)


def test_no_deputy_stands_in_while_a_second_coordinator_is_there() -> None:
    team = (*away(COORDINATOR), adult(20, Role.COORDINATOR))
    assert move(new(Level.TODAY), Opened(), TUESDAY, team).notices == tell(NoticeKind.ALERT, 20)


def test_the_deputy_stands_in_for_a_coordinator_who_cannot_be_written_to() -> None:
    team = (replace(TEAM[0], reachable=False), *TEAM[1:])
    assert move(new(Level.TODAY), Opened(), TUESDAY, team).notices == tell(NoticeKind.ALERT, DEPUTY)


def test_a_rung_with_nobody_on_duty_is_skipped_at_once() -> None:
    team = away(COORDINATOR, away(DEPUTY))
    case = new(Level.TODAY)
    assert move(case, Opened(), TUESDAY, team) == Move(
        replace(case, rung=1, alerted=frozenset({TEACHER}), wake_at=at("2026-03-10 12:00")),
        tell(NoticeKind.ALERT, TEACHER),
        log=("opened", "skipped rung 0: nobody on duty", "alerted rung 1"),
    )


@pytest.mark.parametrize(("known", "used"), [(Level.TODAY, Level.TODAY), (Level.FOLLOW_UP, Level.FOLLOW_UP)])
def test_a_level_the_programme_leaves_out_takes_the_nearest_ladder(known: Level, used: Level) -> None:
    level = Level.NOW if known is Level.TODAY else Level.NONE
    rules = {known: RULES[known]}
    made = climb(new(level), Opened(), at(TUESDAY), team=TEAM, school=1, rules=rules, calendar=CALENDAR)
    assert made.case == replace(opened(used), level=level)


def test_a_rung_without_length_still_leaves_a_minute() -> None:
    rungs = (Rung.model_construct(to=("coordinator",), wait=Wait()),)
    rules = {Level.NOW: RULES[Level.NOW].model_copy(update={"rungs": rungs})}
    made = climb(new(), Opened(), at(TUESDAY), team=TEAM, school=1, rules=rules, calendar=CALENDAR)
    assert made.case.wake_at == at("2026-03-10 10:01")


def test_the_sos_of_the_domain_page_climbs_in_its_minutes() -> None:
    case, said = opened(), []
    for _ in range(4):
        assert case.wake_at is not None
        due = case.wake_at
        over = climb(case, WaitOver(), due, team=TEAM, school=1, rules=RULES, calendar=CALENDAR)
        said.append((due.astimezone(PARIS).strftime("%H:%M"), over.log[-1]))
        case = over.case
    assert said == [
        ("10:10", "alerted rung 1"),
        ("10:30", "alerted rung 2"),
        ("11:10", "broadcast 1"),
        ("11:15", "broadcast 2"),
    ]
    assert parse_wait("10 min").span == MINUTES < HOUR


def test_a_case_that_rests_is_followed_and_its_owner_asked_when_the_rest_is_over() -> None:
    case = opened(Level.TODAY)
    rested = move(case, Snoozed(COORDINATOR, at("2026-03-11 09:00")), TUESDAY)
    followed = replace(case, owner=COORDINATOR, touched_at=at(TUESDAY), wake_at=at("2026-03-11 09:00"))
    assert rested == Move(followed, log=("snoozed", "taken"))
    asked = move(rested.case, WaitOver(), "2026-03-11 09:00")
    assert asked.notices == tell(NoticeKind.OWNER_ASKED, COORDINATOR)
    assert move(rested.case, Raised(Level.NOW), TUESDAY).case.owner is None


@pytest.mark.parametrize(
    ("level", "until"),
    [
        (Level.NOW, "2026-03-10 10:30"),
        (Level.TODAY, "2026-03-11 10:01"),
        (Level.FOLLOW_UP, "2026-03-17 10:01"),
        (Level.TODAY, TUESDAY),
    ],
)
def test_a_case_for_now_never_rests_and_the_others_not_for_long(level: Level, until: str) -> None:
    case = opened(level)
    assert move(case, Snoozed(COORDINATOR, at(until)), TUESDAY) == Move(case, refused=Refusal.TOO_LONG)
