"""Departures and returns, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.stay import Kind
from bot.store.db import Tx
from bot.web.desk.visitor import Visitor, stays_within


@dataclass(frozen=True)
class Moved:
    """Somebody leaves or comes back."""

    stay: int
    name: str
    group: str
    place: str
    leaves: bool


@dataclass(frozen=True)
class Day:
    """A day on which somebody does."""

    iso: str
    named: str
    past: bool
    people: tuple[Moved, ...]


@dataclass(frozen=True)
class Month:
    """One month of the calendar, and the two beside it."""

    named: str
    days: tuple[Day, ...]
    before: str
    after: str
    next_busy: str
    """The first later month with anything in it; empty where there is none."""


def read_month(tx: Tx, who: Visitor, wanted: str) -> Month:
    """A month such as `2027-03`; the present one where that is no month."""
    first = _month(wanted) or who.clock.today.replace(day=1)
    after = _shifted(first, 1)
    moves: dict[date, list[Moved]] = {}
    for row in stays_within(tx, who):
        if row.kind is Kind.VIRTUAL:
            continue
        for day, leaves in ((row.departure, True), (row.back, False)):
            moves.setdefault(day, []).append(Moved(row.id, row.person.full_name, row.class_name, row.city, leaves))
    days = tuple(_day(who, day, moves[day]) for day in sorted(moves) if first <= day < after)
    busy = min((day for day in moves if day >= after), default=None)
    return Month(
        named=who.clock.month(first),
        days=days,
        before=f"{_shifted(first, -1):%Y-%m}",
        after=f"{after:%Y-%m}",
        next_busy=f"{busy:%Y-%m}" if busy else "",
    )


def _day(who: Visitor, day: date, people: list[Moved]) -> Day:
    ordered = tuple(sorted(people, key=lambda each: (not each.leaves, each.name)))
    return Day(day.isoformat(), who.clock.short_day(day), day < who.clock.today, ordered)


def _month(written: str) -> date | None:
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        return None


def _shifted(first: date, months: int) -> date:
    """The first of the month before or after. Nobody leaves in the year 1 or 9999."""
    near = first + timedelta(days=31) if months > 0 else first - timedelta(days=1)
    return near.replace(day=1)
