"""The tick's claim: what may have to happen now, a batch at a time, each row decided and rescheduled in one commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select, union_all

from bot.handlers.case.case import wake_case
from bot.handlers.conversation.due import wake_stay
from bot.handlers.conversation.silence import wake_session
from bot.handlers.desk.digest import wake_adult
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow, due_next, next_to_send
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

BATCH = 50
ACTS: dict[str, tuple[type[Any], Callable[[Tx, Any], None]]] = {
    "cases": (CaseRow, wake_case),
    "sessions": (SessionRow, wake_session),
    "stays": (StayRow, wake_stay),
    "people": (Person, wake_adult),
}
"""What can be woken, gravest first."""
_CLAIM = {
    table: select(table)
    .where(table.wake_at <= bindparam("now"))
    .order_by(table.wake_at, table.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True, of=table)
    for table, _act in ACTS.values()
}


def wake(tx: Tx) -> int:
    """Wake what is due, a batch of each kind. Returns how many were woken.

    On PostgreSQL rows that another process has claimed are passed over, so replicas share the work.
    """
    woken = 0
    for table, act in ACTS.values():
        for row in tx.rows.scalars(_CLAIM[table], {"now": tx.now}).unique().all():
            if row.wake_at is not None and row.wake_at <= tx.now:  # what was woken before it may have changed it
                act(tx, row)
            woken += 1
    return woken


def due_rows(tx: Tx) -> list[tuple[str, int]]:
    """What is due, by name: to be woken row by row after a batch has failed."""
    return [
        (name, number)
        for name, (table, _act) in ACTS.items()
        for number in tx.rows.scalars(
            select(table.id).where(table.wake_at <= tx.now).order_by(table.wake_at).limit(BATCH)
        )
    ]


def wake_row(tx: Tx, name: str, number: int) -> None:
    """Wake one row, if it is still due."""
    table, act = ACTS[name]
    row = tx.rows.get(table, number, with_for_update=True)
    if row is not None and row.wake_at is not None and row.wake_at <= tx.now:
        act(tx, row)


def push_back(tx: Tx, name: str, number: int, pause: timedelta) -> None:
    """Look at a row that failed again later: a fault must neither be lost nor turn in circles."""
    row = tx.rows.get(ACTS[name][0], number)
    if row is not None:
        row.wake_at = tx.now + pause


@dataclass(frozen=True)
class There:
    """What there is to do now: the oldest updates to handle, whether anything is due, whether anything can be sent."""

    inbox: tuple[int, ...]
    wake: bool
    send: bool


_NEW = select(InboxRow.id).where(InboxRow.state == "new").order_by(InboxRow.urgent.desc(), InboxRow.id).limit(BATCH)
_DUE = union_all(*(select(table.id).where(table.wake_at <= bindparam("now")) for table, _act in ACTS.values()))
_LOST = select(OutboxRow.id).where(OutboxRow.state == "sending", OutboxRow.lease_until <= bindparam("now"))
_LOOK = select(
    exists(_NEW),
    exists(_DUE.subquery().select()),
    exists(_LOST),
    exists(select(OutboxRow.id).where(OutboxRow.state == "pending", OutboxRow.due_at <= bindparam("now"))),
)
_NEXT = union_all(*(select(func.min(table.wake_at)) for table, _act in ACTS.values()))


def look(tx: Tx) -> There:
    """Whether anything came in, is due, or can be sent. Cheap: an idle second costs no more than this."""
    new, due, lost, pending = tx.rows.connection().execute(_LOOK, {"now": tx.now}).one()
    return There(
        tuple(tx.rows.scalars(_NEW)) if new else (), due, lost or (pending and bool(next_to_send(tx.rows, tx.now, 1)))
    )


def next_wake(tx: Tx) -> datetime | None:
    """The next instant at which anything may have to happen."""
    instants = [*tx.rows.connection().scalars(_NEXT), due_next(tx.rows, tx.now)]
    return min((each for each in instants if each is not None), default=None)
