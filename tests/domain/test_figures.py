"""Figures: what is hidden cannot be worked out from what is shown, and what is shown is right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import (
    LEAST,
    Band,
    Life,
    Told,
    bands,
    hidden_places,
    longest_silence,
    masked,
    minutes_to_take,
    share_answered,
    silences_of,
    told,
)

COUNTS = st.dictionaries(st.tuples(st.sampled_from("ABC"), st.sampled_from("1234")), st.integers(0, 30), max_size=10)
START = datetime(2027, 3, 1, tzinfo=UTC)


def rest_is_safe(counts: Mapping[Any, int], hidden: frozenset[Any]) -> bool:
    """Their sum less what is shown is nobody, or several groups that are many together."""
    left = [counts[key] for key in hidden if counts[key]]
    return not left or (len(left) > 1 and sum(left) >= LEAST) or sum(counts.values()) < LEAST


@given(st.dictionaries(st.integers(), st.integers(0, 30), max_size=8))
def test_no_small_group_is_shown_or_left_over(counts: dict[int, int]) -> None:
    hidden = masked(counts)
    assert all(count == 0 or count >= LEAST for key, count in counts.items() if key not in hidden)
    assert rest_is_safe(counts, hidden)


@given(COUNTS)
def test_no_class_or_school_can_be_worked_out(counts: dict[tuple[str, str], int]) -> None:
    schools, classes = hidden_places(counts)
    totals = {school: sum(count for place, count in counts.items() if place[0] == school) for school, _group in counts}
    assert rest_is_safe(totals, schools)
    for school in totals:
        theirs = {place: count for place, count in counts.items() if place[0] == school}
        gone = frozenset(classes & theirs.keys())
        assert gone == theirs.keys() if school in schools else rest_is_safe(theirs, gone)


def lives(school: str, group: str, first: int, count: int, answered: int) -> list[Life]:
    return [Life(number, (school, group), 4, answered, (float(number % 9),), (30.0,)) for number in range(first, first + count)]  # fmt: skip


def test_a_class_of_three_hides_the_next_smallest_too() -> None:
    known = lives("Valmer", "1A", 1, 3, 1) + lives("Valmer", "1B", 10, 8, 4) + lives("Valmer", "1C", 20, 20, 3)
    assert told(known, lambda life: life.asked > 0, share_answered) == (
        Told("Valmer", "", 31, 100 * (3 + 32 + 60) / 124),
        Told("Valmer", "1A", None, None),
        Told("Valmer", "1B", None, None),
        Told("Valmer", "1C", 20, 75.0),
    )
    few = lives("Ombelle", "2", 50, 4, 2)
    both = told(known + few, lambda life: life.asked > 0, share_answered)
    assert [(line.school, line.group) for line in both if line.learners] == [("", "")]


def test_who_does_not_count_is_nobody_and_no_secret() -> None:
    none = told(lives("Valmer", "1A", 1, 9, 1), lambda life: len(life.taken) > 1, minutes_to_take)
    assert none == (Told("Valmer", "", 0, None), Told("Valmer", "1A", 0, None))


def test_bands_hide_a_single_learner_and_one_band_more() -> None:
    found = dict.fromkeys(range(20), 0.0) | {20: 20.0} | dict.fromkeys(range(30, 37), 3.0)
    limits = (("none", 0), ("days", 7), ("weeks", float("inf")))
    assert bands(found, limits) == (Band("none", 20), Band("days", None), Band("weeks", None))
    assert bands({1: 0.0}, limits) == (Band("none", None), Band("days", None), Band("weeks", None))


def test_silences_last_until_the_next_answer_or_the_end() -> None:
    marks = [("answered", 0), ("missed", 7), ("missed", 14), ("answered", 16), ("missed", 21)]
    found = silences_of([(outcome, START + timedelta(days=day)) for outcome, day in marks], START + timedelta(days=24))
    assert found == (9.0, 3.0)
    assert (longest_silence([Life(1, ("a", ""), silences=found), Life(2, ("a", ""))]), share_answered([])) == (4.5, 0.0)
