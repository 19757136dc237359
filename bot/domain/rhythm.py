"""The days on which what comes again and again comes: every week, or several times a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.domain.programme import CheckIn
from bot.domain.programme.journey import WEEKDAYS
from bot.domain.stay import Stay


def weekly(first: date, last: date, weekday: str) -> Iterator[date]:
    """The days of that name from `first` to `last`, both included."""
    day = first + timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(days=7)


def check_in_days(stay: Stay, check_in: CheckIn, *, minor: bool) -> list[date]:
    """The days of the check-ins after the first: those of the weeks, and those between them, which are for everybody or
    for whoever leaves under 18.
    """
    between = (*check_in.also_on, *(check_in.also_on_minors if minor else ()))
    last = stay.back - timedelta(days=1)
    return sorted(
        {*weeks(stay, check_in), *(day for each in between for day in weekly(_from(stay, check_in), last, each))}
    )


def weeks(stay: Stay, check_in: CheckIn | None) -> Iterator[date]:
    """The days of the weekly check-ins, those after the first. What is told once a week hangs on them."""
    if check_in is not None:
        yield from weekly(_from(stay, check_in), stay.back - timedelta(days=1), check_in.weekday)


def _from(stay: Stay, check_in: CheckIn) -> date:
    """Not too soon after the first."""
    return stay.anchor(check_in.first.anchor) + timedelta(days=check_in.first.days + check_in.gap_days)
