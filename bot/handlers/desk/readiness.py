"""Every morning: does each stay that is near have the adults it needs? Weeks before, the digest says so; then a case."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.domain.ladder.cover import WEEKS_AHEAD, Lack, Weakness, pressing, weaknesses
from bot.domain.level import Level
from bot.domain.person import Adult
from bot.domain.working_time import Calendar
from bot.handlers.case.case import Matter, open_matter, settle_matters
from bot.handlers.case.matters import matters_of
from bot.handlers.say.marks import mark
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import team
from bot.store.stays import StayRow, marks_of

LACKS = frozenset(lack.value for lack in Lack)


def look_ahead(tx: Tx) -> None:
    """Open a case for what cannot wait, and close those that have become pointless.

    One case for a school and a lack, on the stay that leaves first: a class of twenty is one matter, not twenty.
    """
    adults = team(tx.rows)
    told: set[tuple[int, Lack]] = set()
    for stay, found in near(tx, adults):
        if not pressing(stay.facts(), today(tx, stay)):
            continue
        known = marks_of(tx.rows, stay.id)
        for weakness in found:
            key = (f"ready.{weakness.lack}", weakness.day.isoformat())
            if key not in known and (stay.school_id, weakness.lack) not in told:
                open_matter(tx, stay, Matter(Level.TODAY, weakness.lack))
            if key not in known:
                mark(tx, stay.id, key, "told")
            told.add((stay.school_id, weakness.lack))
    _close_what_is_settled(tx, adults)


def near(tx: Tx, adults: tuple[Adult, ...]) -> list[tuple[StayRow, tuple[Weakness, ...]]]:
    """The stays that are near or under way and lack somebody, the first to leave first."""
    soon = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.departure <= tx.now.date() + WEEKS_AHEAD)
    left = soon.where(StayRow.back >= tx.now.date()).order_by(StayRow.departure, StayRow.id)
    left = left.options(selectinload(StayRow.person))
    stays = ((stay, lacking(tx, adults, stay)) for stay in tx.rows.scalars(left))
    return [(stay, found) for stay, found in stays if found]


def lacking(tx: Tx, adults: tuple[Adult, ...], stay: StayRow) -> tuple[Weakness, ...]:
    """What a stay lacks today."""
    return weaknesses(stay.facts(), adults, stay.school_id, today(tx, stay))


def today(tx: Tx, stay: StayRow) -> date:
    """The day it is at the school."""
    return Calendar(tx.programme.hours, ZoneInfo(stay.school.zone)).day(tx.now)


def _close_what_is_settled(tx: Tx, adults: tuple[Adult, ...]) -> None:
    """Somebody was named or has opened their invitation."""
    wanted = select(CaseEvent.case_id).where(CaseEvent.kind == "matter")
    for case in list(tx.rows.scalars(select(CaseRow).where(CaseRow.closed_at.is_(None), CaseRow.id.in_(wanted)))):
        if LACKS.isdisjoint(event.detail["topic"] for event in matters_of(tx, case)):
            continue
        gone = LACKS - {each.lack.value for each in lacking(tx, adults, case.stay)}
        settle_matters(tx, case.stay, lambda detail, gone=gone: detail["topic"] in gone, "settled")  # type: ignore[misc]
