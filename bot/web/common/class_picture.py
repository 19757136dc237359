"""A class as one picture: a line per learner, months across. What is drawn is read from the database, every time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.domain.progress import SETTLED, Progress, progress
from bot.domain.stay import Stay, conditions
from bot.domain.touchpoints import due_days
from bot.i18n import Text
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.stays import Mark, StayRow

SHOWN = ("check_in", "arrival", "safe_return")
STATES = {"answered": "answered", "missed": "missed", "asked": "waiting"}
BEFORE, AFTER, LONGEST = timedelta(days=62), timedelta(days=31), timedelta(days=430)
"""What is drawn beside the stays themselves, and the longest stretch that is still readable."""


class Travels(Protocol):
    """Whatever has the days of a stay."""

    @property
    def departure(self) -> date: ...
    @property
    def back(self) -> date: ...


@dataclass(frozen=True)
class Window:
    """The stretch of time that a picture shows."""

    first: date
    last: date

    @staticmethod
    def around(stays: Iterable[Travels], today: date) -> Window:
        """Whole months around some stays; where these lie too far apart, around today."""
        days = [(row.departure, row.back) for row in stays] or [(today, today)]
        first, last = min(day for day, _back in days) - BEFORE, max(day for _leaves, day in days) + AFTER
        if last - first > LONGEST:
            first, last = max(first, today - LONGEST / 2), min(last, today + LONGEST / 2)
        return Window(first.replace(day=1), _next_month(last))

    def place(self, at: datetime) -> float:
        """Where an instant lies in the picture, 0 to 100."""
        start, end = (datetime.combine(day, time(), UTC) for day in (self.first, self.last))
        return round(max(0.0, min(1.0, (at - start) / (end - start))) * 100, 2)

    def percent(self, at: datetime) -> str:
        return f"{self.place(at)}%"

    def bar(self, first: datetime, last: datetime) -> Bar:
        width = round(max(0.0, self.place(last) - self.place(first)), 2)
        return Bar(self.percent(first), self.percent(max(first, last)), f"{width}%")

    def months(self) -> Iterator[tuple[str, date]]:
        """The first of each month, and where it lies."""
        day = self.first
        while day < self.last:
            yield self.percent(_noon(day, 0)), day
            day = _next_month(day)


@dataclass(frozen=True)
class Sign:
    """A mark on a line: `answered`, `missed`, `waiting`, `closed` or `open`."""

    x: str
    kind: str
    day: date
    contact: str = ""
    symbol: str = ""
    level: Text = ""


@dataclass(frozen=True)
class Bar:
    """A stretch of time, in percent of the picture."""

    x: str
    end: str
    width: str


@dataclass(frozen=True)
class Line:
    """One learner's stay."""

    ref: str
    name: str
    place: str
    phase: str
    """`before`, `abroad` or `back`."""
    departure: date
    back: date
    progress: Progress
    before: Bar
    ready: Bar
    """As much of `before` as is settled of what has to be so before the departure, the adults' part too."""
    abroad: Bar
    after: Bar
    signs: tuple[Sign, ...]

    def count(self, kind: str) -> int:
        return sum(1 for sign in self.signs if sign.kind == kind)

    @property
    def open(self) -> Sign | None:
        """The matter a human must look at."""
        return next((sign for sign in self.signs if sign.kind == "open"), None)


def lines_of(
    tx: Tx,
    window: Window,
    rows: Iterable[StayRow],
    states: Mapping[int, Mapping[str, str]],
    told: Iterable[int],
    cases: Iterable[CaseRow],
) -> list[Line]:
    """The lines of some stays, whose checklists have these `states`. What was answered is drawn of those that may be
    `told`, and these cases.
    """
    signs = _answers(tx, window, list(told))
    for row in cases:
        signs[row.stay_id].append(_case(tx, window, row))
    return [_line(tx, window, row, states.get(row.id, {}), signs.get(row.id, [])) for row in rows]


def phase(stay: Stay, today: date) -> str:
    """`before`, `abroad` or `back`."""
    return "before" if today < stay.departure else "abroad" if today <= stay.back else "back"


def _line(tx: Tx, window: Window, row: StayRow, states: Mapping[str, str], signs: list[Sign]) -> Line:
    stay = row.facts()
    today = stay.day_at(tx.now)
    dues = _dues(tx.programme, stay)
    steps = {item for item, due in dues.items() if due <= stay.departure}
    done = sum(1 for item in steps if states.get(item) in SETTLED)
    left, gone, back = _noon(row.enrolled_at or row.departure), _noon(row.departure, 0), _noon(row.back, 24)
    last = max((_noon(due) for due in dues.values()), default=back)
    return Line(
        ref=row.person.ref,
        name=row.person.short_name,
        place=row.city,
        phase=phase(stay, today),
        departure=row.departure,
        back=row.back,
        progress=progress(tx.programme, stay, states, today),
        before=window.bar(left, gone),
        ready=window.bar(left, left + (gone - left) * (done / len(steps) if steps else 1)),
        abroad=window.bar(gone, back),
        after=window.bar(back, max(back, last)),
        signs=tuple(signs),
    )


def _dues(programme: Programme, stay: Stay) -> dict[str, date]:
    """The day each thing on the list of a learner is due."""
    held = conditions(programme, stay)
    return due_days(stay, (item for item in programme.journey(stay.kind).items if item.applies(held)))


def _answers(tx: Tx, window: Window, stays: list[int]) -> defaultdict[int, list[Sign]]:
    """What was asked, and what came of it, in order of time."""
    found: defaultdict[int, list[Sign]] = defaultdict(list)
    marks = select(Mark.stay_id, Mark.touchpoint, Mark.outcome, Mark.at).where(Mark.touchpoint.in_(SHOWN))
    for stay, touchpoint, outcome, at in tx.rows.execute(marks.where(Mark.stay_id.in_(stays)).order_by(Mark.at)):
        if outcome in STATES:
            found[stay].append(Sign(window.percent(at), STATES[outcome], at.date(), touchpoint))
    return found


def _case(tx: Tx, window: Window, row: CaseRow) -> Sign:
    kind, at = ("closed", row.opened_at) if row.closed_at else ("open", row.opened_at)
    rules = tx.programme.levels[Level(row.level)]
    return Sign(window.percent(at), kind, at.date(), symbol=rules.symbol, level=rules.name)


def _noon(day: date | datetime, hour: int = 12) -> datetime:
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
