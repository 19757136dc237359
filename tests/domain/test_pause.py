"""A pause in a plan: what comes again is passed over, what comes once waits, arrival and return go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.changes import Change, ChangeError, Fault, changed
from bot.domain.plan import Done, due, held, next_wake, pause_ends
from bot.domain.programme import Programme
from bot.domain.touchpoints import Kind, occasions
from tests.domain.test_plan import LINA

FROM = datetime.combine(LINA.departure, time(9), UTC)
PAUSED = replace(LINA, paused_from=FROM, paused_until=LINA.back)


def test_without_a_pause_the_plan_is_as_it_is(programme: Programme) -> None:
    known = occasions(programme, LINA)

    assert held(programme, LINA, known) == (known, ())


def test_nothing_is_asked_within_a_pause_but_the_arrival_and_the_return(programme: Programme) -> None:
    end = pause_ends(PAUSED)
    assert end is not None
    kept, passed = held(programme, PAUSED, occasions(programme, PAUSED))
    within = {each.kind for each in kept if FROM <= each.at < end}

    assert within <= {Kind.ARRIVAL, Kind.SAFE_RETURN, Kind.AROUND}
    assert {each.kind for each in passed} >= {Kind.CHECK_IN}
    assert {each.key for each in kept} | {each.key for each in passed} == {
        each.key for each in occasions(programme, PAUSED)
    }


def test_what_is_passed_over_is_noted_when_its_time_comes(programme: Programme) -> None:
    _kept, passed = held(programme, PAUSED, occasions(programme, PAUSED))
    first = passed[0]
    found = due(programme, PAUSED, Done(), first.at)

    assert [each.key for each in found.paused] == [each.key for each in passed if each.at <= first.at]
    assert next_wake(programme, PAUSED, Done({}, frozenset()), FROM) is not None


@pytest.mark.parametrize(
    ("change", "day", "fault"),
    [
        (Change.EXTENSION, LINA.back, Fault.NOT_LATER),
        (Change.EARLY_RETURN, LINA.back, Fault.NOT_SOONER),
        (Change.PAUSE, date(2026, 1, 1), Fault.PAST),
    ],
)
def test_a_change_that_does_not_fit_is_refused(change: Change, day: date, fault: Fault) -> None:
    with pytest.raises(ChangeError) as problem:
        changed(LINA, change, day, LINA.start, FROM)
    assert problem.value.fault is fault


def test_an_early_return_keeps_the_dates_in_order() -> None:
    after = changed(LINA, Change.EARLY_RETURN, LINA.departure, LINA.departure, FROM)

    assert after.departure <= after.start <= after.end <= after.back == LINA.departure
