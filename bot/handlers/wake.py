"""The tick's claim: what may have to happen now, a batch at a time, each row decided and rescheduled in one commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.handlers.case import wake_case
from bot.handlers.due import wake_stay
from bot.handlers.silence import wake_session
from bot.handlers.tasks import wake_adult
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
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


def wake(tx: Tx) -> int:
    """Wake what is due, a batch of each kind. Returns how many were woken.

    On PostgreSQL rows that another process has claimed are passed over, so replicas share the work.
    """
    woken = 0
    for table, act in ACTS.values():
        wanted = select(table).where(table.wake_at <= tx.now).order_by(table.wake_at, table.id).limit(BATCH)
        for row in tx.rows.scalars(wanted.with_for_update(skip_locked=True, of=table)).unique().all():
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


def next_wake(tx: Tx) -> datetime | None:
    """The next instant at which anything may have to happen."""
    instants = [tx.rows.scalar(select(func.min(table.wake_at))) for table, _act in ACTS.values()]
    instants.append(tx.rows.scalar(select(func.min(OutboxRow.due_at)).where(OutboxRow.state == "pending")))
    return min((each for each in instants if each is not None), default=None)
