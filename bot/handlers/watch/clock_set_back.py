"""The machine's clock was ahead, by an hour or by a year, and has been set right: what was done meanwhile lies in the future.

Left alone, a case would climb again next year, nobody's silence would count before, and most of a plan would be passed over.
What waits because of it is looked at at once, and decides anew from the facts; what happened has happened by now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, exists, or_, select, update

from bot.handlers.conversation.sessions import EDITABLE
from bot.handlers.sending.outcome import LEASE
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import IS_PENDING, IS_SENDING, InboxRow, OutboxRow
from bot.store.outages import DeafSpell
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import Mark, StayRow

log = structlog.get_logger()
PASSED_OVER = ("expired", "paused")
"""Outcomes of contacts that were never made: at the right time they still can be."""
DIGEST = timedelta(days=8)
"""The next digest of an adult is no further away."""
HAPPENED = (
    Person.last_sign_at, InboxRow.received_at, OutboxRow.created_at, OutboxRow.sent_at, CaseEvent.at, CaseRow.opened_at,
    CaseRow.touched_at, CaseRow.asked_at, DeafSpell.until,
)  # fmt: skip
"""Left in the future, they would say "lately" for as long: nobody would be told of a further cry."""


_LAST_SAID = select(OutboxRow.created_at).order_by(OutboxRow.id.desc()).limit(1)


def last_said(tx: Tx) -> datetime | None:
    """When we last had something to say, as the clock showed it then: it may have been wrong for less time than between two beats."""
    return tx.rows.scalar(_LAST_SAID)


def set_right(tx: Tx, by: timedelta) -> None:
    """Our last beat, or our last word, lies so far in the future. Waits first: they are known by what has happened since."""
    log.error("the clock was ahead and was set back", state=f"by {by}")
    audit(tx, "watch", "clock set back", "", state=f"by {by}")
    _messages(tx)
    _conversations(tx, by)
    moved = exists().where(CaseEvent.case_id == CaseRow.id, CaseEvent.at > tx.now)
    tx.rows.execute(
        update(CaseRow).where(CaseRow.closed_at.is_(None), CaseRow.wake_at > tx.now, moved).values(wake_at=tx.now)
    )
    tx.rows.execute(
        update(StayRow).where(StayRow.cancelled.is_(False), StayRow.enrolled_at.is_not(None)).values(wake_at=tx.now)
    )
    tx.rows.execute(update(Person).where(Person.wake_at > tx.now + DIGEST).values(wake_at=tx.now))
    tx.rows.execute(delete(Mark).where(Mark.at > tx.now, Mark.outcome.in_(PASSED_OVER)))
    for column in HAPPENED:
        tx.rows.execute(update(column.class_).where(column > tx.now).values({column: tx.now}))


def _messages(tx: Tx) -> None:
    """What was to be tried again, or had to wait for the morning, of another year."""
    late = or_(OutboxRow.attempts > 0, OutboxRow.created_at > tx.now)
    waits = update(OutboxRow).where(OutboxRow.state == IS_PENDING, OutboxRow.due_at > tx.now, late)
    tx.rows.execute(waits.values(due_at=tx.now))
    leased = update(OutboxRow).where(OutboxRow.state == IS_SENDING, OutboxRow.lease_until > tx.now + LEASE)
    tx.rows.execute(leased.values(lease_until=tx.now + LEASE))


def _conversations(tx: Tx, by: timedelta) -> None:
    """Their waits were counted from what was sent in the future: by the right clock they are as long as they were."""
    asked = exists().where(OutboxRow.session_id == SessionRow.id, OutboxRow.sent_at > tx.now)
    made = SessionRow.expires_at > tx.now + EDITABLE
    waits = SessionRow.wake_at > tx.now + by  # decided meanwhile, or long; whoever is woken too early waits on
    waiting = select(SessionRow).where(SessionRow.state.in_(("open", "queued")), or_(asked, made, waits))
    for row in tx.rows.scalars(waiting):
        row.expires_at = min(row.expires_at, tx.now + EDITABLE)
        if row.wake_at is not None:
            row.wake_at = max(tx.now, row.wake_at - by)
