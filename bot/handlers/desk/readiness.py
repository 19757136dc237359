"""Every morning: does each stay that is near have the adults it needs? Weeks before, the digest says so; then a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from bot.domain.ladder.cover import WEEKS_AHEAD, Cover, Lack, Weakness, pressing, weaknesses
from bot.domain.level import Level
from bot.domain.working_time import Calendar
from bot.handlers.case.case import Matter, open_matter, settle_matters
from bot.handlers.case.matters import matters_of
from bot.handlers.say.marks import mark
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.stays import StayRow, marks_of
from bot.store.team import team

LACKS = frozenset(lack.value for lack in Lack)
SLICE = 50
"""So many stays at one look, so that nobody waits for it."""


@dataclass(frozen=True)
class Looked:
    """How far a morning's look has come: behind the stay that leaves on a day, and what was told of which school."""

    day: date = date.min
    stay: int = 0
    told: frozenset[tuple[int, Lack]] = frozenset()


def look_ahead(tx: Tx) -> None:
    """Look at every stay that is near, at once."""
    looked: Looked | None = Looked()
    while looked is not None:
        looked = look_on(tx, looked)


def look_on(tx: Tx, looked: Looked) -> Looked | None:
    """Of the next stays, open a case for what cannot wait; after the last, close those that have become pointless.

    One case for a school and a lack, on the stay that leaves first: a class of twenty is one matter, not twenty.
    """
    cover, told = Cover(team(tx.rows)), set(looked.told)
    rows = _near(tx, looked)
    for stay in rows:
        found = lacking(tx, cover, stay) if pressing(stay.facts(), today(tx, stay)) else ()
        known = marks_of(tx.rows, stay.id) if found else {}
        for weakness in found:
            key = (f"ready.{weakness.lack}", weakness.day.isoformat())
            if key not in known and (stay.school_id, weakness.lack) not in told:
                open_matter(tx, stay, Matter(Level.TODAY, weakness.lack))
            if key not in known:
                mark(tx, stay.id, key, "told")
            told.add((stay.school_id, weakness.lack))
    if len(rows) == SLICE:
        return Looked(rows[-1].departure, rows[-1].id, frozenset(told))
    _close_what_is_settled(tx, cover)
    return None


def _near(tx: Tx, looked: Looked) -> list[StayRow]:
    """The next of the stays that are near or under way, the first to leave first."""
    soon = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.departure <= tx.now.date() + WEEKS_AHEAD)
    behind = and_(StayRow.departure == looked.day, StayRow.id > looked.stay)
    left = soon.where(StayRow.back >= tx.now.date(), or_(StayRow.departure > looked.day, behind))
    left = left.order_by(StayRow.departure, StayRow.id).limit(SLICE)
    return list(tx.rows.scalars(left.options(selectinload(StayRow.person), selectinload(StayRow.school))))


def lacking(tx: Tx, cover: Cover, stay: StayRow) -> tuple[Weakness, ...]:
    """What a stay lacks today."""
    return weaknesses(stay.facts(), cover, stay.school_id, today(tx, stay))


def today(tx: Tx, stay: StayRow) -> date:
    """The day it is at the school."""
    return Calendar(tx.programme.hours, ZoneInfo(stay.school.zone), stay.school.ref).day(tx.now)


def _close_what_is_settled(tx: Tx, cover: Cover) -> None:
    """Somebody was named or has opened their invitation."""
    wanted = select(CaseEvent.case_id, CaseEvent.detail).join(CaseRow, CaseRow.id == CaseEvent.case_id)
    wanted = wanted.where(CaseRow.closed_at.is_(None), CaseEvent.kind == "matter").order_by(CaseEvent.case_id)
    lacked = dict.fromkeys(case for case, detail in tx.rows.execute(wanted) if detail["topic"] in LACKS)
    for case in [tx.rows.get_one(CaseRow, number) for number in lacked]:
        if LACKS.isdisjoint(event.detail["topic"] for event in matters_of(tx, case)):
            continue
        gone = LACKS - {each.lack.value for each in lacking(tx, cover, case.stay)}
        settle_matters(tx, case.stay, lambda detail, gone=gone: detail["topic"] in gone, "settled")  # type: ignore[misc]
