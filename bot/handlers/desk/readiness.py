"""Every morning: does each stay that is near have the adults it needs? Weeks before, the digest says so; then a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from bot.domain.ladder.cover import DAYS_AHEAD, Cover, Lack, Weakness, pressing, weaknesses
from bot.domain.level import Level
from bot.domain.working_time import Calendar
from bot.handlers.case.case import Matter, open_matter, settle_matters
from bot.handlers.case.matters import matters_of
from bot.handlers.say.marks import mark
from bot.store.batch_loader import together
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.stays import StayRow, marks_of
from bot.store.team import team

LACKS = frozenset(lack.value for lack in Lack)
SLICE = 50
"""So many stays at one look."""
FEW = 5
"""Of so many it is told in one transaction: a case takes its time, and whoever cries for help waits for it."""
A_DAY = timedelta(days=1)
_IN_ORDER = (
    select(StayRow)
    .options(selectinload(StayRow.person), selectinload(StayRow.school))
    .order_by(StayRow.departure, StayRow.id)
)


@dataclass(frozen=True)
class Looked:
    """How far a morning's look has come: behind the stay that leaves on a day, and what was told of which school."""

    day: date = date.min
    stay: int = 0
    told: frozenset[tuple[int, Lack]] = frozenset()
    lacking: tuple[int, ...] = ()
    """Stays of which something may have to be told before the look goes on, the first to leave first."""
    over: bool = False
    cover: Cover | None = None
    """The crews as they stood when the look began. Before anything is told, they are looked at again."""


def look_ahead(tx: Tx) -> None:
    """Look at every stay that is near, at once."""
    looked = Looked()
    while not looked.over:
        looked = look_on(tx, looked)
        while looked.lacking:
            looked = tell(tx, looked)
    close_what_is_settled(tx)


def look_on(tx: Tx, looked: Looked) -> Looked:
    """Look at the next stays. It writes nothing: it may be done beside whoever writes."""
    cover, told, lacking_ones = looked.cover or Cover(team(tx.rows)), set(looked.told), list[int]()
    rows = _near(tx, looked)
    together(tx.rows, stay_id=[row.id for row in rows])
    for stay in rows:
        found = _pressing(tx, cover, stay)
        known = marks_of(tx.rows, stay.id) if found else {}
        if lacking_ones or any(_key(weakness) not in known for weakness in found):
            lacking_ones += [stay.id] if found else []
        else:
            told |= {(stay.school_id, weakness.lack) for weakness in found}
    last = rows[-1] if rows else None
    return Looked(
        last.departure if last else looked.day,
        last.id if last else looked.stay,
        frozenset(told),
        tuple(lacking_ones),
        len(rows) < SLICE,
        cover,
    )


def tell(tx: Tx, looked: Looked) -> Looked:
    """Of the first few of whom something cannot wait, if it is so still, open a case.

    One case for a school and a lack, on the stay that leaves first: a class of twenty is one matter, not twenty.
    """
    cover, told = Cover(team(tx.rows)), set(looked.told)
    first = looked.lacking[:FEW]
    together(tx.rows, stay_id=first)
    for stay in tx.rows.scalars(_IN_ORDER.where(StayRow.id.in_(first))):
        found = _pressing(tx, cover, stay)
        known = marks_of(tx.rows, stay.id) if found else {}
        for weakness in found:
            if _key(weakness) not in known and (stay.school_id, weakness.lack) not in told:
                open_matter(tx, stay, Matter(Level.TODAY, weakness.lack))
            if _key(weakness) not in known:
                mark(tx, stay.id, _key(weakness), "told")
            told.add((stay.school_id, weakness.lack))
    return replace(looked, told=frozenset(told), lacking=looked.lacking[FEW:])


def _pressing(tx: Tx, cover: Cover, stay: StayRow) -> tuple[Weakness, ...]:
    return lacking(tx, cover, stay) if pressing(stay.facts(), today(tx, stay)) else ()


def _key(weakness: Weakness) -> tuple[str, str]:
    return f"ready.{weakness.lack}", weakness.day.isoformat()


def _near(tx: Tx, looked: Looked) -> list[StayRow]:
    """The next of the stays that leave soon, wherever it is which day, or are under way; the first to leave first."""
    soon = _IN_ORDER.where(StayRow.cancelled.is_(False), StayRow.departure <= tx.now.date() + DAYS_AHEAD + A_DAY)
    behind = and_(StayRow.departure == looked.day, StayRow.id > looked.stay)
    left = soon.where(StayRow.back >= tx.now.date(), or_(StayRow.departure > looked.day, behind))
    return list(tx.rows.scalars(left.limit(SLICE)))


def lacking(tx: Tx, cover: Cover, stay: StayRow) -> tuple[Weakness, ...]:
    """What a stay lacks today."""
    return weaknesses(stay.facts(), cover, stay.school_id, today(tx, stay))


def today(tx: Tx, stay: StayRow) -> date:
    """The day it is at the school."""
    return Calendar(tx.programme.hours, ZoneInfo(stay.school.zone), stay.school.ref).day(tx.now)


def close_what_is_settled(tx: Tx) -> None:
    """Close the cases that have become pointless: somebody was named, or has opened their invitation."""
    cover = Cover(team(tx.rows))
    still_open = select(CaseRow.id).where(CaseRow.closed_at.is_(None))
    wanted = select(CaseEvent.case_id, CaseEvent.detail).where(CaseEvent.case_id.in_(still_open))
    wanted = wanted.where(CaseEvent.kind == "matter").order_by(CaseEvent.case_id)
    lacked = dict.fromkeys(case for case, detail in tx.rows.execute(wanted) if detail["topic"] in LACKS)
    for case in [tx.rows.get_one(CaseRow, number) for number in lacked]:
        if LACKS.isdisjoint(event.detail["topic"] for event in matters_of(tx, case)):
            continue
        gone = LACKS - {each.lack.value for each in lacking(tx, cover, case.stay)}
        settle_matters(tx, case.stay, lambda detail, gone=gone: detail["topic"] in gone, "settled")  # type: ignore[misc]
