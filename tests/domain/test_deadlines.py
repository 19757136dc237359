"""Dates of a consortium: how early their owner reads of them, and what counts as a meeting held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deadlines import MET, SORTS, Sort, held, months_away, to_say

ENDS = date(2027, 12, 31)


def mondays(sort: Sort, first: date, last: date) -> list[str]:
    """The Mondays on which a digest names it, if each is sent."""
    said, found, day = None, [], first
    while day <= last:
        if to_say(sort, ENDS, said, day):
            found.append(day.isoformat())
            said = day
        day += timedelta(days=7)
    return found


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        (Sort.CHARTER, ["2027-01-04", "2027-07-05", "2027-10-04", "2027-12-06", "2028-01-03"]),
        (Sort.ACCREDITATION, ["2027-01-04", "2027-07-05", "2027-10-04", "2027-12-06", "2028-01-03"]),
        (Sort.APPLICATION, ["2027-10-04", "2027-12-06", "2027-12-27", "2028-01-03"]),
        (Sort.FUNDING, ["2027-12-06", "2027-12-27", "2028-01-03"]),
        (Sort.MEETING, ["2027-12-20", "2028-01-03"]),
        (Sort.OTHER, ["2027-12-20", "2028-01-03"]),
    ],
)
def test_each_kind_is_said_a_few_times_and_once_when_it_is_over(sort: Sort, wanted: list[str]) -> None:
    assert mondays(sort, date(2026, 11, 30), date(2028, 3, 27)) == wanted


def test_a_week_without_a_digest_loses_nothing_and_what_is_entered_late_is_said_once() -> None:
    assert to_say(Sort.CHARTER, ENDS, date(2027, 6, 28), date(2027, 9, 6))
    assert mondays(Sort.CHARTER, date(2027, 8, 2), date(2027, 9, 27)) == ["2027-08-02"]


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(-240, 240))
def test_a_month_keeps_its_day_where_it_has_it(day: date, months: int) -> None:
    moved = months_away(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_meetings_of_twelve_months_count_by_kind() -> None:
    meetings = [(Sort.CELL, date(2027, 1, 10)), (Sort.CELL, date(2026, 3, 1)), (Sort.MEETING, date(2027, 2, 28))]
    none = dict.fromkeys(MET, 0)
    assert dict(held(meetings, date(2027, 3, 1))) == none | {Sort.CELL: 1, Sort.MEETING: 1}
    assert dict(held([], date(2027, 3, 1))) == none


def test_every_kind_has_a_name() -> None:
    assert set(SORTS) == set(Sort)
