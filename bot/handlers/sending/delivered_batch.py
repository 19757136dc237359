"""What has arrived is written down all at once: a Sunday's questions cost as few statements as one of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, delete, exists, select, tuple_, update
from sqlalchemy.orm.exc import StaleDataError

from bot.domain.stay import Kind
from bot.domain.whereabouts import Whereabouts
from bot.handlers.conversation.sessions import let_next_be_told, table_of
from bot.handlers.conversation.waiting_time import Arrivals, arrivals, silence_at
from bot.handlers.sending.delivered import came_late, of_case, wakes_at
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

_OUTBOX: Table = OutboxRow.__table__  # type: ignore[assignment]
_SESSIONS: Table = SessionRow.__table__  # type: ignore[assignment]
_NUMBER = _OUTBOX.c.id == bindparam("number")
_SENT = (
    update(_OUTBOX)
    .where(_NUMBER)
    .values(state="sent", sent_at=bindparam("now"), native=bindparam("name"), lease_until=None)
)
_ALERTS = select(OutboxRow, exists().where(of_case(OutboxRow.case_id))).where(
    OutboxRow.id.in_(bindparam("numbers", expanding=True)),
    OutboxRow.lane == Lane.ALERT,
    OutboxRow.case_id.is_not(None),
)
_STANDING = (
    select(
        SessionRow.id, SessionRow.version, SessionRow.person_id, SessionRow.stay_id, SessionRow.flow,
        SessionRow.touchpoint, SessionRow.occurrence, SessionRow.asked, SessionRow.answers, SessionRow.postponed,
        StayRow.kind, StayRow.zone, StayRow.home_zone, StayRow.departure, StayRow.back,
    )
    .join(StayRow, StayRow.id == SessionRow.stay_id)
    .where(SessionRow.state == "open")
    .where(
        tuple_(SessionRow.id, SessionRow.asked).in_(
            select(OutboxRow.session_id, OutboxRow.step).where(OutboxRow.id.in_(bindparam("numbers", expanding=True)))
        )
    )
)  # fmt: skip
_WAKE = (
    update(_SESSIONS)
    .where(_SESSIONS.c.id == bindparam("number"), _SESSIONS.c.version == bindparam("seen"))
    .values(wake_at=bindparam("wake"), version=_SESSIONS.c.version + 1)
)
_ANEW = update(_OUTBOX).where(_NUMBER).values(native=bindparam("name"))
_DONE = delete(_OUTBOX).where(_OUTBOX.c.id.in_(bindparam("numbers", expanding=True)))


class Conversation(NamedTuple):
    """A conversation whose question has arrived: what its wait follows from, and no more."""

    id: int
    version: int
    person_id: int
    stay_id: int
    flow: str
    touchpoint: str
    occurrence: str
    asked: str | None
    answers: list[Any]
    postponed: int
    kind: Kind
    zone: str
    home_zone: str
    departure: date
    back: date


class Arrived(NamedTuple):
    """A message that has arrived: its row, what the channel calls it now, whether it is an alert, and whether it is of a
    conversation."""

    row: int
    native: str
    alert: bool
    asks: bool


class Edit(NamedTuple):
    """An edit that is done: its row, the message it changed, and what the channel calls that one now."""

    row: int
    message: int
    native: str


def arrived(tx: Tx, messages: Collection[Arrived]) -> None:
    """These messages have arrived. The questions that stand have reached the learners: their waits begin. An alert has come
    late, after all.
    """
    if not messages:
        return
    tx.rows.execute(_SENT, [{"number": each.row, "name": each.native or None, "now": tx.now} for each in messages])
    alerts = sorted(each.row for each in messages if each.alert)
    for alert, missed in tx.rows.execute(_ALERTS, {"numbers": alerts}).all() if alerts else ():
        came_late(tx, alert, missed=missed)
    asked = sorted(each.row for each in messages if each.asks)
    standing = [Conversation(*each) for each in tx.rows.execute(_STANDING, {"numbers": asked})] if asked else []
    if standing:
        _wait(tx, standing)


def _wait(tx: Tx, standing: list[Conversation]) -> None:
    """From now on silence counts."""
    known = arrivals(tx, [each.id for each in standing])
    wakes = [(each, wake) for each in standing if (wake := _wake_of(tx, each, known)) is not None]
    if wakes:
        values = [{"number": each.id, "seen": each.version, "wake": wake} for each, wake in wakes]
        if tx.rows.execute(_WAKE, values).rowcount != len(values):  # type: ignore[attr-defined]
            raise StaleDataError("a conversation has moved meanwhile")  # the whole is done again
    for each in standing:
        if each.flow == "message":
            let_next_be_told(tx, tx.rows.get_one(SessionRow, each.id))


def _wake_of(tx: Tx, row: Conversation, known: Arrivals) -> datetime | None:
    flow = table_of(tx.programme, row.flow, row.kind, row.touchpoint)
    over = silence_at(tx, row, flow, known) if flow else None
    if flow is None or over is None:
        return None
    where = Whereabouts(row.zone, row.home_zone, row.departure, row.back)
    return wakes_at(tx, flow, row.asked, over, where)


def edited(tx: Tx, edits: list[Edit]) -> None:
    """These edits are done, and are no messages: nothing of them is kept. What could not be changed was said anew."""
    names = [{"number": each.message, "name": each.native} for each in edits if each.native]
    if names:
        tx.rows.execute(_ANEW, names)
    if edits:
        tx.rows.execute(_DONE, {"numbers": [each.row for each in edits]})
