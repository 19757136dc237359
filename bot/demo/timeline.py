"""The class as one picture: a row per learner, months across. What is drawn is read from the database, every time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.domain.progress import SETTLED
from bot.domain.stay import Stay, conditions
from bot.domain.touchpoints import due_day, occasions
from bot.i18n import Text
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.stays import ItemState, Mark, StayRow

FIRST = date(2026, 9, 1)
LAST = date(2027, 9, 1)
SHOWN = ("check_in", "arrival", "safe_return")
STATES = {"answered": "answered", "missed": "missed", "asked": "waiting"}


@dataclass(frozen=True)
class Sign:
    """A mark on a row: `answered`, `missed`, `waiting`, `closed` or `open`."""

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
class Row:
    """One learner's year."""

    ref: str
    name: str
    place: str
    phase: str
    """`before`, `abroad` or `after`."""
    departure: date
    back: date
    done: int
    steps: int
    before: Bar
    ready: Bar
    abroad: Bar
    after: Bar
    signs: tuple[Sign, ...]

    def count(self, kind: str) -> int:
        return sum(1 for sign in self.signs if sign.kind == kind)

    @property
    def open(self) -> Sign | None:
        """The matter a human must look at."""
        return next((sign for sign in self.signs if sign.kind == "open"), None)


@dataclass(frozen=True)
class ClassShown:
    """Everybody, those who leave first on top."""

    rows: tuple[Row, ...]

    def phase(self, name: str) -> int:
        return sum(1 for row in self.rows if row.phase == name)

    @property
    def open(self) -> int:
        return sum(1 for row in self.rows if row.open)


def place(at: datetime) -> float:
    """Where an instant lies in the picture, 0 to 100."""
    start, end = (datetime.combine(day, time(), UTC) for day in (FIRST, LAST))
    return round(max(0.0, min(1.0, (at - start) / (end - start))) * 100, 2)


def months() -> Iterator[tuple[str, date]]:
    """The first of each month, and where it lies."""
    day = FIRST
    while day < LAST:
        yield _percent(_noon(day, 0)), day
        day = (day + timedelta(days=32)).replace(day=1)


def read_class(tx: Tx) -> ClassShown:
    """The picture as it is now."""
    stays = tx.rows.scalars(select(StayRow).where(StayRow.cancelled.is_(False)).order_by(StayRow.departure, StayRow.id))
    settled, signs = _settled(tx), _signs(tx)
    return ClassShown(tuple(_row(tx, row, settled[row.id], signs[row.id]) for row in stays))


def _row(tx: Tx, row: StayRow, settled: set[str], signs: list[Sign]) -> Row:
    stay = row.facts()
    steps = _steps(tx.programme, stay)
    done = len(settled & steps)
    left, gone, back = _noon(row.enrolled_at or row.departure), _noon(row.departure, 0), _noon(row.back, 24)
    last = max((each.at for each in occasions(tx.programme, stay)), default=back)
    today = tx.now.astimezone(stay.zone_at(tx.now)).date()
    return Row(
        ref=row.person.ref,
        name=row.person.short_name,
        place=row.city,
        phase="before" if today < row.departure else "abroad" if today <= row.back else "after",
        departure=row.departure,
        back=row.back,
        done=done,
        steps=len(steps),
        before=_bar(left, gone),
        ready=_bar(left, left + (gone - left) * (done / len(steps) if steps else 1)),
        abroad=_bar(gone, back),
        after=_bar(back, max(back, last)),
        signs=tuple(signs),
    )


def _steps(programme: Programme, stay: Stay) -> set[str]:
    """What has to be settled before this learner leaves."""
    held = conditions(programme, stay)
    items = (item for item in programme.journey(stay.kind).items if item.applies(held))
    return {item.id for item in items if due_day(stay, item) <= stay.departure}


def _settled(tx: Tx) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for stay, item in tx.rows.execute(select(ItemState.stay_id, ItemState.item).where(ItemState.state.in_(SETTLED))):
        found[stay].add(item)
    return found


def _signs(tx: Tx) -> defaultdict[int, list[Sign]]:
    """The marks of every stay, in order of time; an open case comes last, on top of the others."""
    found: defaultdict[int, list[Sign]] = defaultdict(list)
    marks = select(Mark.stay_id, Mark.touchpoint, Mark.outcome, Mark.at).where(Mark.touchpoint.in_(SHOWN))
    for stay, touchpoint, outcome, at in tx.rows.execute(marks.order_by(Mark.at)):
        if outcome in STATES:
            found[stay].append(Sign(_percent(at), STATES[outcome], at.date(), touchpoint))
    cases = select(CaseRow.stay_id, CaseRow.level, CaseRow.opened_at, CaseRow.closed_at).order_by(CaseRow.id)
    for stay, level, opened_at, closed_at in tx.rows.execute(cases):
        kind, at = ("closed", opened_at) if closed_at else ("open", opened_at)
        rules = tx.programme.levels[Level(level)]
        found[stay].append(Sign(_percent(at), kind, at.date(), symbol=rules.symbol, level=rules.name))
    return found


def _noon(day: date | datetime, hour: int = 12) -> datetime:
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


def _percent(at: datetime) -> str:
    return f"{place(at)}%"


def _bar(first: datetime, last: datetime) -> Bar:
    return Bar(_percent(first), _percent(max(first, last)), f"{round(max(0.0, place(last) - place(first)), 2)}%")
