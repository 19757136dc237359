"""Dates that move: what was done for the old ones, and what is asked for the new ones, whatever moves when."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moved_dates import Key, after_move, dated, moved
from bot.domain.occasion import Kind, Occasion
from bot.domain.plan import Done, due
from bot.domain.programme import Programme
from bot.domain.stay import Stay
from bot.domain.touchpoints import occasions
from tests.domain.lives import PROGRAMME
from tests.domain.stays import BERGEN as LINA
from tests.domain.test_plan import find, utc

LANDMARKS = frozenset({Kind.ARRIVAL, Kind.SAFE_RETURN})
HOUR = timedelta(hours=1)


def shifted(stay: Stay, days: int) -> Stay:
    far = timedelta(days=days)
    return replace(
        stay, departure=stay.departure + far, start=stay.start + far, end=stay.end + far, back=stay.back + far
    )


def test_every_contact_is_called_after_the_day_it_hangs_on(programme: Programme) -> None:
    names = {each.kind: each.occurrence for each in occasions(programme, LINA) if each.kind in LANDMARKS}

    assert names == {Kind.ARRIVAL: "once@2026-03-15", Kind.SAFE_RETURN: "once@2026-04-11"}
    assert len({each.key for each in occasions(programme, LINA)}) == len(occasions(programme, LINA))
    assert len({each.slot for each in occasions(programme, LINA)}) == len(occasions(programme, LINA))


def test_a_question_for_an_old_date_is_gone_and_the_new_one_is_asked(programme: Programme) -> None:
    arrival = find(programme, LINA, "arrival")
    later = shifted(LINA, 14)
    marks = {arrival.key: "asked"}

    found = moved(programme, LINA, later, marks, {arrival.key}, arrival.at + HOUR)

    assert (arrival.key in found.gone, after_move(found, marks)) == (True, {})


def test_what_was_answered_counts_for_a_new_date_whose_time_has_come_too(programme: Programme) -> None:
    arrival = find(programme, LINA, "arrival")
    sooner = shifted(LINA, -1)
    marks = {arrival.key: "answered", ("family.arrived", arrival.occurrence): "told"}

    found = moved(programme, LINA, sooner, marks, frozenset(), arrival.at + HOUR)

    new = find(programme, sooner, "arrival")
    assert after_move(found, marks) == {
        new.key: "answered",
        ("family.arrived", new.occurrence): "told",
    } | dict.fromkeys(found.passed_over, "moved")


def test_an_answer_for_the_old_date_says_nothing_of_a_new_one_to_come(programme: Programme) -> None:
    arrival = find(programme, LINA, "arrival")
    later = shifted(LINA, 14)
    marks = {arrival.key: "answered"}

    kept = after_move(moved(programme, LINA, later, marks, frozenset(), arrival.at + HOUR), marks)

    assert kept == marks
    assert find(programme, later, "arrival").key not in kept


def test_marks_of_a_release_without_dates_are_for_the_dates_of_now(programme: Programme) -> None:
    arrival = find(programme, LINA, "arrival")
    undated: set[Key] = {("arrival", "once"), ("family.arrived", "once"), ("check_in", "2026-03-22"), ("tutor.presence", "once"), ("item.ehic", "early")}  # fmt: skip

    named = dated(programme, LINA, undated)

    assert named == {
        ("arrival", "once"): arrival.key,
        ("family.arrived", "once"): ("family.arrived", arrival.occurrence),
    }
    assert dated(programme, LINA, set(named.values())) == {}


class Told:
    """Plays a stay hour by hour: what is due is asked and, by chance, answered; its dates move now and then."""

    def __init__(self, programme: Programme, stay: Stay, answers: bool) -> None:
        self.programme, self.stay, self.answers = programme, stay, answers
        self.marks: dict[Key, str] = {}
        self.asked: list[Occasion] = []

    def until(self, now: datetime, end: datetime) -> None:
        """Look whenever the plan says so."""
        while now < end:
            now = max(self.look(now) or end, now + HOUR)

    def look(self, now: datetime) -> datetime | None:
        found = due(self.programme, self.stay, Done(self.marks), now)
        for each in (*found.closed, *found.paused):
            self.marks[each.key] = "expired"
        for each in (*found.contacts, *found.digest, *found.overdue):
            self.asked.append(each)
            self.marks[each.key] = "answered" if self.answers else "asked"
        return found.wake_at

    def move(self, after: Stay, now: datetime) -> set[Key]:
        standing = {key for key, outcome in self.marks.items() if outcome == "asked"}
        found = moved(self.programme, self.stay, after, self.marks, standing, now)
        self.marks = {
            key: each for key, each in after_move(found, self.marks).items() if key not in found.gone & standing
        }
        self.stay = after
        return set(found.gone)


@pytest.mark.parametrize("answers", [True, False])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 60), st.integers(-20, 40), st.integers(-10, 30)), min_size=1, max_size=3
    ).map(sorted)
)
def test_nobody_is_asked_twice_for_one_date_and_the_last_dates_are_always_asked(
    answers: bool, moves: list[tuple[int, int, int]]
) -> None:
    played = Told(PROGRAMME, replace(LINA, enrolled_at=utc("2026-02-20 10:00")), answers)
    taken_back: set[Key] = set()
    begin = now = utc("2026-03-01 10:00")
    for day, by, longer in moves:
        at = max(begin + timedelta(days=day), now)
        played.until(now, at)
        after = shifted(played.stay, by)
        end = max(after.end + timedelta(days=longer), after.start + timedelta(days=5))
        taken_back |= played.move(replace(after, end=end, back=end + timedelta(days=1)), at)
        now = at
    played.until(now, begin + timedelta(days=400))

    counts = Counter(each.key for each in played.asked)
    assert [key for key, count in counts.items() if count > 1 and (answers or key not in taken_back)] == []
    landmarks = {each.key for each in occasions(PROGRAMME, played.stay) if each.kind in LANDMARKS}
    assert landmarks <= played.marks.keys()


def test_a_week_that_has_gone_by_is_not_asked_for(programme: Programme) -> None:
    sooner = shifted(LINA, -14)
    now = utc("2026-03-14 10:00")
    found = moved(programme, LINA, sooner, {}, frozenset(), now)

    weeks = {each.key for each in occasions(programme, sooner) if each.touchpoint == "check_in" and each.at <= now}
    assert weeks <= found.passed_over | {find(programme, sooner, "check_in", "first").key}
    assert date(2026, 3, 8).isoformat() in {key[1] for key in found.passed_over}
