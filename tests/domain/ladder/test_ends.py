"""How a case ends: the all-clear, the reason, who hears of it, and a case that is reopened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ladder import (
    Answered,
    Closed,
    Event,
    Move,
    Noted,
    NoticeKind,
    Opened,
    PassedOn,
    Raised,
    Reached,
    Refusal,
    Reopened,
    Taken,
    WaitOver,
)
from bot.domain.level import Level
from tests.domain.ladder.climbers import COORDINATOR, DEPUTY, ON_CALL, TEAM, TUESDAY, at, move, opened, owned, tell


def test_a_case_of_nothing_but_silence_ends_with_the_answer() -> None:
    case = opened()
    assert move(case, Answered(closes=True), "2026-03-10 10:05") == Move(
        replace(case, closed_at=at("2026-03-10 10:05"), reason="answered", wake_at=None),
        tell(NoticeKind.ALL_CLEAR, COORDINATOR, ON_CALL),
        log=("answered", "closed"),
    )


def test_an_answer_is_told_to_the_owner_or_else_to_everyone_alerted() -> None:
    case, mine = opened(), owned()
    assert move(mine, Answered(closes=False), TUESDAY) == Move(
        mine, tell(NoticeKind.ANSWERED, COORDINATOR), log=("answered",)
    )
    assert move(case, Answered(closes=False), TUESDAY) == Move(
        case, tell(NoticeKind.ANSWERED, COORDINATOR, ON_CALL), log=("answered",)
    )


def test_closing_gives_the_all_clear_to_everyone_else() -> None:
    case = owned()
    assert move(case, Closed(COORDINATOR, "  lost phone, found "), "2026-03-10 10:30") == Move(
        replace(case, closed_at=at("2026-03-10 10:30"), reason="lost phone, found", wake_at=None),
        tell(NoticeKind.ALL_CLEAR, ON_CALL),
        log=("closed",),
    )


def test_closing_needs_a_reason() -> None:
    case = owned()
    assert move(case, Closed(COORDINATOR, " \n"), TUESDAY) == Move(case, refused=Refusal.NO_REASON)


def test_nobody_hears_of_a_case_who_no_longer_may() -> None:
    assert move(opened(), Closed(None, "stay over"), TUESDAY, TEAM[1:]).notices == tell(NoticeKind.ALL_CLEAR, ON_CALL)


@pytest.mark.parametrize(
    "event",
    [
        Opened(),
        WaitOver(),
        Taken(DEPUTY),
        PassedOn(COORDINATOR, DEPUTY),
        Reached(COORDINATOR),
        Raised(Level.NOW),
        Answered(closes=True),
        Closed(DEPUTY, "again"),
        Noted(COORDINATOR),
    ],
)
def test_a_closed_case_refuses_everything(event: Event) -> None:
    case = move(owned(), Closed(COORDINATOR, "done"), TUESDAY).case
    assert move(case, event, "2026-03-12 10:00") == Move(case, refused=Refusal.CLOSED)


def test_a_reopened_case_begins_again() -> None:
    case = move(replace(owned(), rung=2, round=1), Closed(COORDINATOR, "done"), TUESDAY).case
    assert move(case, Reopened(DEPUTY), "2026-03-10 12:00") == Move(
        replace(opened(), wake_at=at("2026-03-10 12:10")),
        tell(NoticeKind.ALERT, COORDINATOR, ON_CALL),
        log=("reopened", "alerted rung 0"),
    )


def test_only_a_closed_case_is_reopened() -> None:
    case = opened()
    assert move(case, Reopened(None), TUESDAY) == Move(case, refused=Refusal.OPEN)
