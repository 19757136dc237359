"""The dates of a stay move: by the sheet, in the chat or on the desk, always here.

What was settled stays settled, reminders are earned anew, what was asked for an old date is taken back with its wait
and its unsent message, and what adults were told about an old date goes from the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from bot.domain.moved_dates import Key, Moved, dated, moved
from bot.handlers.case.case import settle_matters
from bot.handlers.say.facts import item_facts, stay_facts
from bot.handlers.say.marks import mark
from bot.handlers.say.post import call_off, retire
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.records import keep_setting, setting
from bot.store.sessions import SessionRow, standing_sessions
from bot.store.stays import Mark, StayRow, marks_of

DATES = ("departure", "start", "end", "back")
NIGHTS = ("nights_out", "nights_back")
"""How long the journeys take: the arrival and the return are asked when they are over."""
NAMED = "marks_name_dates"


def move_dates(tx: Tx, row: StayRow, dates: Mapping[str, date | int]) -> bool:
    """Give a stay other dates (or nights on the way), and let everything that hung on the old ones follow. False where nothing differs."""
    if all(getattr(row, name) == day for name, day in dates.items()):
        return False
    name_dates(tx, row)
    before = row.facts()
    for name, day in dates.items():
        setattr(row, name, day)
    after = row.facts()
    standing = unanswered(tx, row)
    found = moved(tx.programme, before, after, marks_of(tx.rows, row.id), standing.keys(), tx.now)
    _settle_case(tx, row, found)
    for key, session in standing.items():
        if key in found.gone:
            _take_back(tx, row, session)
    _move_marks(tx, row, found)
    row.wake_at = tx.now
    tx.rows.flush()
    return True


def _take_back(tx: Tx, row: StayRow, session: SessionRow) -> None:
    """A paper that was asked for is still wanted, by its new date; any other question is not asked any more."""
    key = session.touchpoint, session.occurrence
    item = tx.programme.journey(row.kind).item(session.touchpoint.partition(".")[2])
    if item is not None and session.asked is not None and not _unsent(tx, session):
        session.facts = stay_facts(tx, row) | item_facts(tx, row, item)
        return
    if session.asked is not None:
        call_off(tx, session.id, session.asked)
        retire(tx, session.id, session.asked, None)
    session.state, session.wake_at = "expired", None
    _forget(tx, row, key)


def _unsent(tx: Tx, session: SessionRow) -> bool:
    wanted = select(OutboxRow.id).where(OutboxRow.session_id == session.id, OutboxRow.state == "pending")
    return tx.rows.scalars(wanted.limit(1)).first() is not None


def _forget(tx: Tx, row: StayRow, key: Key) -> None:
    tx.rows.execute(delete(Mark).where(Mark.stay_id == row.id, Mark.touchpoint == key[0], Mark.occurrence == key[1]))


def _move_marks(tx: Tx, row: StayRow, found: Moved) -> None:
    for key in sorted(found.forgotten):
        _forget(tx, row, key)
    _rename(tx, row, found.counts_for)
    for key in sorted(found.passed_over):
        mark(tx, row.id, key, "moved")


def _rename(tx: Tx, row: StayRow, names: Mapping[Key, Key]) -> None:
    """What was done, and the conversations about it, are for another date than they were called after."""
    for old, new in sorted(names.items()):
        for table in (Mark, SessionRow):
            wanted = update(table).where(
                table.stay_id == row.id, table.touchpoint == old[0], table.occurrence == old[1]
            )
            tx.rows.execute(wanted.values(occurrence=new[1]), execution_options={"synchronize_session": "fetch"})


def _settle_case(tx: Tx, row: StayRow, found: Moved) -> None:
    """What adults were told about a date that stands no more is no matter any more."""

    def about_the_old_date(detail: Mapping[str, Any]) -> bool:
        if detail["topic"] == "overdue":
            return any(key[0] == f"overdue.{detail['answer']}" for key in found.gone)
        session = tx.rows.get(SessionRow, int(detail["session"])) if detail.get("session") else None
        missed = detail["topic"] == "missed" and session is not None
        return missed and session is not None and (session.touchpoint, session.occurrence) in found.gone

    settle_matters(tx, row, about_the_old_date, "moved")


def name_dates(tx: Tx, row: StayRow) -> dict[Key, str]:
    """Marks of a release that named no dates are for the dates that the stay has now. Done twice it changes nothing.
    Answers the marks.
    """
    marks = marks_of(tx.rows, row.id)
    undated = {key for key in marks if "@" not in key[1]}
    named = dated(tx.programme, row.facts(), undated) if undated else {}
    if not named:
        return marks
    _rename(tx, row, named)
    return marks_of(tx.rows, row.id)


def unanswered(tx: Tx, row: StayRow) -> dict[Key, SessionRow]:
    """The questions of a stay that wait for an answer, or for their turn."""
    standing = (each for each in standing_sessions(tx.rows, row.id) if each.answered_at is None)
    return {(each.touchpoint, each.occurrence): each for each in standing}


def name_all_dates(tx: Tx) -> None:
    """Once, at the first start after that release."""
    if setting(tx.rows, NAMED) is None:
        for row in tx.rows.scalars(select(StayRow).order_by(StayRow.id)):
            name_dates(tx, row)
        keep_setting(tx.rows, NAMED, {"done": True})
