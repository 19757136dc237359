"""A graver matter comes to a case that is open: the ladder begins anew, and what its owner keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ladder import Move, NoticeKind, Raised, WaitOver
from bot.domain.level import Level
from tests.domain.ladder.climbers import (
    COORDINATOR,
    DEPUTY,
    ON_CALL,
    TEACHER,
    TUESDAY,
    at,
    away,
    lapsed,
    move,
    opened,
    owned,
    tell,
)


def test_a_graver_matter_begins_its_ladder_and_the_owner_keeps_the_case() -> None:
    case = owned(Level.FOLLOW_UP, by=TEACHER)
    assert move(case, Raised(Level.TODAY), "2026-03-10 11:00") == Move(
        replace(case, level=Level.TODAY, touched_at=None, wake_at=at("2026-03-10 15:00")),
        (*tell(NoticeKind.RAISED, TEACHER), *tell(NoticeKind.ALERT, COORDINATOR)),
        log=("raised to today", "alerted rung 0"),
    )


def test_the_gravest_must_be_taken_anew() -> None:
    case = owned(Level.FOLLOW_UP)
    raised = move(case, Raised(Level.NOW), "2026-03-10 11:00")
    assert raised == Move(
        replace(
            case,
            level=Level.NOW,
            owner=None,
            touched_at=None,
            alerted=frozenset({COORDINATOR, ON_CALL}),
            wake_at=at("2026-03-10 11:10"),
        ),
        (*tell(NoticeKind.RAISED, COORDINATOR), *tell(NoticeKind.ALERT, ON_CALL)),
        log=("raised to now", "alerted rung 0"),
    )


def test_a_graver_matter_begins_its_ladder_even_after_the_last_rung_of_the_old_one() -> None:
    case = replace(opened(Level.FOLLOW_UP), rung=1, round=3)
    raised = move(case, Raised(Level.TODAY), "2026-03-10 11:00").case
    assert raised == replace(case, level=Level.TODAY, rung=0, round=0, wake_at=at("2026-03-10 15:00"))


def test_a_raised_case_that_its_owner_ignores_lapses_by_the_new_ladder() -> None:
    raised = move(owned(Level.FOLLOW_UP), Raised(Level.TODAY), "2026-03-10 11:00").case
    assert lapsed(raised, "2026-03-10 15:00").log == ("lapsed", "alerted rung 1")


def test_a_case_raised_at_night_tells_its_owner_and_holds_the_rung() -> None:
    case = owned(Level.FOLLOW_UP, by=TEACHER)
    raised = move(case, Raised(Level.TODAY), "2026-03-10 23:00")
    assert raised == Move(
        replace(case, level=Level.TODAY, rung=-1, touched_at=None, wake_at=at("2026-03-11 07:00")),
        tell(NoticeKind.RAISED, TEACHER),
        log=("raised to today", "held until opening"),
    )
    morning = move(raised.case, WaitOver(), "2026-03-11 07:00")
    assert (morning.notices, morning.case.owner) == (tell(NoticeKind.ALERT, COORDINATOR), TEACHER)


def test_a_raised_case_leaves_an_owner_who_is_away() -> None:
    raised = move(owned(Level.FOLLOW_UP), Raised(Level.TODAY), TUESDAY, away(COORDINATOR))
    assert (raised.case.owner, raised.notices) == (None, tell(NoticeKind.ALERT, DEPUTY))


@pytest.mark.parametrize("level", [Level.NONE, Level.FOLLOW_UP, Level.TODAY])
def test_a_matter_that_is_no_graver_never_lowers_a_case(level: Level) -> None:
    case = owned(Level.TODAY)
    assert move(case, Raised(level), TUESDAY) == Move(
        case, tell(NoticeKind.JOINED, COORDINATOR), log=("joined by another matter",)
    )
