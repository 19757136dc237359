"""The tick's claim: what may have to happen now, a slice at a time, each row decided and rescheduled in one commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bot.clock import Enough, never
from bot.domain.watched import Known
from bot.handlers.case.case import wake_case
from bot.handlers.conversation.due import wake_stays
from bot.handlers.conversation.silence import wake_session
from bot.handlers.conversation.watching import known_of
from bot.handlers.desk.digest import wake_adult
from bot.store.batch_loader import together
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import IN_TURN, IS_PENDING, InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.proofs import NEXT_FILE
from bot.store.send_queue import FALLS_DUE, LEASE_ENDS, SENDABLE, due_next
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

log = structlog.get_logger()
ROUND = 50
"""So many rows are woken one after another, in slices, before what they say is sent."""
SLICE = 9
"""So many in one transaction at the most: what they need is read in one go …"""
FEW = 3
"""… and whoever cries for help waits for no more than so many, once a moment is over."""
UPDATES = 10
"""So many updates are handled before we look again whether a more urgent one has come."""
PATIENCE = timedelta(minutes=1)
"""So long what is due waits for people who write; then it goes on in between: a flood must not stop the clocks."""
IN_VAIN = timedelta(hours=1)
ACTS: dict[str, tuple[type[Any], Callable[..., None]]] = {
    "cases": (CaseRow, wake_case),
    "sessions": (SessionRow, wake_session),
    "stays": (StayRow, wake_stays),
    "people": (Person, wake_adult),
}
"""What can be woken, gravest first."""
_OF_A_STAY = (joinedload(StayRow.person, innerjoin=True), joinedload(StayRow.school, innerjoin=True))
_WITH = {
    "cases": (joinedload(CaseRow.stay, innerjoin=True).options(*_OF_A_STAY),),
    "sessions": _OF_A_STAY,
    "stays": _OF_A_STAY,
    "people": (selectinload(Person.roles), joinedload(Person.school)),
}
"""What whoever wakes them needs at once."""
_WITH_STAYS: Select[Any] = select(SessionRow, StayRow).join(StayRow, StayRow.id == SessionRow.stay_id)  # type: ignore[assignment]
_ROWS = {table: select(table) for table, _act in ACTS.values()} | {SessionRow: _WITH_STAYS}
"""A conversation names its stay by number: the transaction keeps it, and is asked for it."""
_CLAIM = {
    table: _ROWS[table]
    .options(*_WITH[name])
    .where(table.wake_at <= bindparam("now"))
    .order_by(table.wake_at, table.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=table)
    for name, (table, _act) in ACTS.items()
}


_WAITING = select(*(exists(select(table.id).where(table.wake_at <= bindparam("now"))) for table, _act in ACTS.values()))
URGENT = ("cases",)
"""What is woken even before all that waited for us has been read."""


def wake(tx: Tx, kinds: Collection[str] = tuple(ACTS), enough: Enough = never) -> int:
    """Wake a slice of what is due, the gravest kind first, until it is `enough` for once. Returns how many were woken.

    On PostgreSQL rows that another process has claimed are passed over, so replicas share the work.
    """
    woken, waits = 0, tx.rows.connection().execute(_WAITING, {"now": tx.now}).one()
    for kind in (kind for kind, waiting in zip(ACTS, waits, strict=True) if waiting and kind in kinds):
        if woken >= SLICE or (woken and enough()):
            break
        for some, act in _claimed(tx, kind, SLICE - woken, enough):
            _wake_up(tx, some, act)
            woken += len(some)
            if enough():
                return woken
    return woken


def _claimed(
    tx: Tx, kind: str, most: int, enough: Enough
) -> Iterator[tuple[Sequence[Any], Callable[[Sequence[Any]], None]]]:
    """The rows of one kind that are next, as they are woken: a few stays of different people at once, of all else one."""
    table = ACTS[kind][0]
    rows = tx.rows.scalars(_CLAIM[table], {"now": tx.now, "most": most}).unique().all()
    if table is StayRow:
        rows = list({row.person_id: row for row in reversed(rows)}.values())[::-1]
    if table in {StayRow, SessionRow}:
        stays = [row.id if table is StayRow else row.stay_id for row in rows]
        together(tx.rows, stay_id=stays, person_id=[row.person_id for row in rows])
    act = _acting(tx, kind, known_of(tx, rows) if table is StayRow and rows else {})
    size = FEW if table is StayRow and not enough() else 1
    yield from ((rows[begin : begin + size], act) for begin in range(0, len(rows), size))


def _acting(tx: Tx, kind: str, known: Mapping[int, Known]) -> Callable[[Sequence[Any]], None]:
    """What becomes of rows of one kind; of stays something is `known` already."""
    table, act = ACTS[kind]
    return lambda rows: act(tx, rows, known) if table is StayRow else act(tx, *rows)


def _wake_up(tx: Tx, rows: Sequence[Any], act: Callable[[Sequence[Any]], None]) -> None:
    """Those that are due still: what was woken before them may have changed it. What would be as due as before is looked at
    later: it must not turn in circles, and keep all others waiting.
    """
    before = {row: row.wake_at for row in rows if row.wake_at is not None and row.wake_at <= tx.now}
    if before:
        act(list(before))
    for row, wake_at in before.items():
        if row.wake_at == wake_at:
            log.error("woken in vain, pushed back an hour", table=row.__tablename__, row=row.id)
            row.wake_at = tx.now + IN_VAIN


def due_rows(tx: Tx, kinds: Collection[str]) -> list[tuple[str, int]]:
    """What is due of these kinds, by name: to be woken row by row after a slice has failed."""
    return [
        (name, number)
        for name, (table, _act) in ACTS.items()
        if name in kinds
        for number in tx.rows.scalars(
            select(table.id).where(table.wake_at <= tx.now).order_by(table.wake_at).limit(SLICE)
        )
    ]


def wake_row(tx: Tx, name: str, number: int) -> None:
    """Wake one row, if it is still due."""
    row = tx.rows.get(ACTS[name][0], number, with_for_update=True)
    if row is not None:
        _wake_up(tx, [row], _acting(tx, name, {}))


def push_back(tx: Tx, name: str, number: int, pause: timedelta) -> None:
    """Look at a row that failed again later: a fault must neither be lost nor turn in circles."""
    row = tx.rows.get(ACTS[name][0], number)
    if row is not None:
        row.wake_at = tx.now + pause


@dataclass(frozen=True)
class There:
    """What there is to do now: the oldest updates to handle, whether anything is to be woken, whether anything can be
    sent. When something falls due next: whoever has done what there is looks again by then. And whether there are files to
    fetch.
    """

    inbox: tuple[int, ...]
    wake: bool
    send: bool
    next: datetime | None
    fetch: bool = False


_NEW = select(InboxRow.id).where(InboxRow.state == "new").order_by(*IN_TURN).limit(UPDATES)
_WAKES = tuple(select(func.min(table.wake_at)).scalar_subquery() for table, _act in ACTS.values())
_LOOK = select(exists(_NEW), SENDABLE, FALLS_DUE, LEASE_ENDS, NEXT_FILE, *_WAKES)
_NEXT = select(NEXT_FILE, *_WAKES)


def look(tx: Tx) -> There:
    """Whether anything came in, is due, or can be sent, with what this transaction has done. Cheap: an idle second costs no
    more than this.
    """
    tx.rows.flush()
    new, sendable, falls_due, lease_ends, file, *wakes = tx.rows.connection().execute(_LOOK, {"now": tx.now}).one()
    patient, file = tx.now - PATIENCE if new else tx.now, _ours(tx, file)
    instants = [each for each in (falls_due, lease_ends, file, *wakes) if each is not None]
    return There(
        tuple(tx.rows.scalars(_NEW)) if new else (),
        any(each is not None and each <= patient for each in wakes),
        sendable or (lease_ends is not None and lease_ends <= tx.now),
        min((each for each in instants if each > tx.now), default=None),
        file is not None and file <= tx.now,
    )


def _ours(tx: Tx, file: datetime | None) -> datetime | None:
    """When there is next a file to fetch; without keys none is."""
    return file if tx.keys is not None else None


_WAITS = select(
    or_(
        exists(select(InboxRow.id).where(InboxRow.state == "new", InboxRow.received_at > bindparam("then"))),
        exists(
            select(OutboxRow.id).where(
                OutboxRow.state == IS_PENDING,
                OutboxRow.lane == Lane.ALERT,
                OutboxRow.due_at > bindparam("then"),
                OutboxRow.due_at <= bindparam("now"),
            )
        ),
    )
)


def somebody_waits(tx: Tx) -> bool:
    """Whether somebody has just written, or an alert is about to leave: what can wait then does, but not for ever."""
    return bool(tx.rows.connection().execute(_WAITS, {"now": tx.now, "then": tx.now - PATIENCE}).scalar())


def next_wake(tx: Tx) -> datetime | None:
    """The next instant at which anything may have to happen."""
    file, *wakes = tx.rows.connection().execute(_NEXT).one()
    instants = [_ours(tx, file), *wakes, due_next(tx.rows, tx.now)]
    return min((each for each in instants if each is not None), default=None)
