"""Whose turn it is: what goes next, found by as many looks at an index as are taken, however much waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from bot.domain.channel import OPEN
from bot.store.base import among
from bot.store.messages import IS_PENDING, IS_SENDING, InboxRow, Lane, OutboxRow
from bot.store.people import IN_ORDER, Address

ALERT_FIRST = 2**31 - 1
"""Taken off the number of an alert, so that it comes before whatever else waits for the same person."""
SET_ASIDE = 500
"""So many rows at once are marked as waiting for a full channel: the writer is not held for longer."""
NONE: frozenset[Any] = frozenset()
NOW: BindParameter[datetime] = bindparam("now")


def _in_flight() -> ColumnElement[bool]:
    """Something is on its way to the recipient: to that very address where the row is bound to one. For the others a
    copy that is bound to an open channel does not count, where they would go last."""
    going = aliased(OutboxRow)
    # To leave out those without an address, SQLite would go through every message that has one.
    there = select(func.coalesce(going.address_id, 0)).where(going.state == IS_SENDING)
    apart = select(Address.id).where(among(Address.channel, sorted(OPEN)))
    to_them = select(going.person_id).where(
        going.state == IS_SENDING,
        or_(going.bound.is_(False), going.address_id.is_(None), going.address_id.not_in(apart)),
    )
    return or_(
        and_(OutboxRow.bound, OutboxRow.address_id.in_(there)),
        and_(~OutboxRow.bound, OutboxRow.person_id.in_(to_them)),
    )


def _held_up() -> ColumnElement[bool]:
    """Behind a message that is to be tried again everything to that person waits, except alerts."""
    earlier = aliased(OutboxRow)
    return exists().where(
        earlier.person_id == OutboxRow.person_id,
        earlier.bound.is_(False),
        earlier.id < OutboxRow.id,
        earlier.state == IS_PENDING,
        earlier.attempts > 0,
        earlier.due_at > NOW,
    )


def _only_on(channels: str) -> ColumnElement[bool]:
    """The recipient can be reached, but only on these channels."""
    confirmed = exists().where(Address.person_id == OutboxRow.person_id, Address.state == "confirmed")
    there = Address.channel.in_(bindparam(channels, expanding=True))
    return and_(confirmed.where(there), ~confirmed.where(~there))


_READY = (OutboxRow.state == IS_PENDING, OutboxRow.due_at <= NOW)
_APART = case((OutboxRow.bound, OutboxRow.address_id), else_=0)
_ALERTS = (OutboxRow.lane == Lane.ALERT, OutboxRow.waits_for == "")
SENDABLE = exists(select(OutboxRow.id).where(*_READY, ~_in_flight(), or_(OutboxRow.lane == Lane.ALERT, ~_held_up())))
"""Whether anything can be sent at `now`."""


def _front(most: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The front of one queue: the rows of one lane that have been due the longest."""
    queue = select(
        OutboxRow.person_id, OutboxRow.bound, _APART.label("apart"), OutboxRow.lane, OutboxRow.due_at, OutboxRow.id
    )
    ready = queue.where(*conditions, *_READY, ~_in_flight())
    return select(ready.order_by(OutboxRow.due_at, OutboxRow.id).limit(bindparam(most)).subquery())


def _fronts(queues: int, *, resting: bool, silent: bool) -> CompoundSelect[Any]:
    """The fronts of all lanes: that of the alerts, and of each other lane one for each channel its rows wait for."""
    told = (~_only_on("silent"),) if silent else ()
    rests = (OutboxRow.person_id.not_in(bindparam("resting", expanding=True)),) if resting else ()
    return union_all(
        _front("limit", *_ALERTS, *told),
        *(
            _front(
                f"most{number}",
                OutboxRow.lane == lane,
                OutboxRow.waits_for == bindparam(f"queue{number}"),
                *rests,
                ~_held_up(),
            )
            for lane in list(Lane)[1:]
            for number in range(queues)
        ),
    )


@cache
def _to_send(queues: int, *, resting: bool, silent: bool) -> Select[int, int]:
    """Of each recipient at one of the fronts the message whose turn it is."""
    front = _fronts(queues, resting=resting, silent=silent).subquery()
    first = (
        select(*(recipient := (front.c.person_id, front.c.bound, front.c.apart)))
        .group_by(*recipient)
        .order_by(func.min(front.c.lane), func.min(front.c.due_at), func.min(front.c.id))
        .limit(bindparam("limit"))
        .add_columns(
            func.min(front.c.lane).label("lane"),
            func.min(front.c.due_at).label("due"),
            func.min(front.c.id).label("id"),
            func.count().label("rows"),
        )
        .subquery()
    )
    number = case((OutboxRow.lane == Lane.ALERT, OutboxRow.id - ALERT_FIRST), else_=OutboxRow.id)
    turn = func.min(case((OutboxRow.due_at <= NOW, number)))  # in `where`, SQLite would look through all that is due
    same = (OutboxRow.person_id == first.c.person_id, OutboxRow.bound == first.c.bound, first.c.apart == _APART)
    theirs = select(turn).where(*same, OutboxRow.state == IS_PENDING)
    numbers = select(theirs.correlate(first).scalar_subquery(), first.c.rows).select_from(first)
    return numbers.order_by(first.c.lane, first.c.due, first.c.id)


class Turns(NamedTuple):
    """Whose turn it is."""

    numbers: list[int]
    """The ids of the rows to send now."""
    seen: int
    """So many rows stood at the fronts. Where these are as many as were looked at, others may stand behind them."""


def next_to_send(
    session: Session,
    now: datetime,
    limit: int,
    allowed: Mapping[str, int] | None = None,
    silent: Collection[str] = NONE,
    resting: Collection[int] = NONE,
) -> Turns:
    """The rows to send now: one per recipient, the most urgent recipients first, in order per recipient.
    A row that is bound to an address is one of that address: another one that hangs does not hold it up.

    An alert comes before whatever else waits for its recipient. Behind a message that is to be tried again
    everything to that person waits, except alerts. What waits for a channel comes only where that is `allowed` so many
    more, and people who are `resting` are passed over, so that they hold up nobody else; alerts are held only by
    channels that are `silent`.
    """
    queues = {"": limit} | {name: min(limit, left) for name, left in sorted((allowed or {}).items()) if left > 0}
    values: dict[str, Any] = {"now": now, "limit": limit}
    for number, (name, most) in enumerate(queues.items()):
        values |= {f"queue{number}": name, f"most{number}": most}
    values |= {"silent": sorted(silent)} if silent else {}
    values |= {"resting": sorted(resting)} if resting else {}
    found = session.execute(_to_send(len(queues), resting=bool(resting), silent=bool(silent)), values).all()
    numbers = [number if number > 0 else number + ALERT_FIRST for number, _rows in found if number is not None]
    return Turns(numbers, sum(rows for _number, rows in found))


_BEFORE = select(
    exists(select(OutboxRow.id).where(OutboxRow.state == IS_SENDING, OutboxRow.lease_until <= NOW)),
    select(func.max(OutboxRow.said)).scalar_subquery(),
    select(func.max(InboxRow.said)).scalar_subquery(),
)


def before_a_claim(session: Session, now: datetime) -> tuple[bool, int]:
    """Whether a sender has died with something in hand; and the number of what we say next: behind all that was said and
    heard, whatever of it has been erased since.
    """
    lost, said, heard = session.connection().execute(_BEFORE, {"now": now}).one()
    return lost, max(said or 0, heard or 0) + 1


_USED_LAST = (
    select(Address.channel)
    .where(Address.person_id == OutboxRow.person_id, Address.state == "confirmed")
    .order_by(*IN_ORDER)
    .limit(1)
    .correlate(OutboxRow)
    .scalar_subquery()
)


def _untold(lane: Lane) -> Select[int]:
    """What would go on a channel that has no room, and is not marked so; of one lane, so that the index of turns is used."""
    first_try = (OutboxRow.attempts == 0, OutboxRow.edit_of.is_(None), OutboxRow.bound.is_(False))
    ready = select(OutboxRow.id).where(OutboxRow.lane == lane, OutboxRow.waits_for == "", *_READY, *first_try)
    return ready.where(_USED_LAST.in_(bindparam("full", expanding=True)))


_UNTOLD = union_all(*map(_untold, list(Lane)[1:])).subquery()
_WAIT = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(select(_UNTOLD.c.id).limit(SET_ASIDE)))
    .values(waits_for=_USED_LAST)
    .execution_options(synchronize_session=False)
)
_LOOK_AGAIN = update(OutboxRow).where(OutboxRow.state == IS_PENDING, OutboxRow.waits_for != "").values(waits_for="")


def set_aside_for(session: Session, now: datetime, full: Collection[str]) -> None:
    """What would go on a channel that has no room is marked so, and not looked at again before it has."""
    session.execute(_WAIT, {"now": now, "full": sorted(full)})


def look_again(session: Session, person_id: int | None = None) -> None:
    """Of a person who has lost an address, what waits may go elsewhere; of everybody at the start of a process, which
    may know other channels than the one before it."""
    theirs = () if person_id is None else (OutboxRow.person_id == person_id,)
    session.execute(_LOOK_AGAIN.where(*theirs))


FALLS_DUE = (
    select(func.min(OutboxRow.due_at)).where(OutboxRow.state == IS_PENDING, OutboxRow.due_at > NOW).scalar_subquery()
)
"""When the next message falls due, after `now`."""
LEASE_ENDS = select(func.min(OutboxRow.lease_until)).where(OutboxRow.state == IS_SENDING).scalar_subquery()
"""When a message that somebody took in hand is lost, if they do not come back by then."""
_DUE_NEXT = select(SENDABLE, FALLS_DUE, LEASE_ENDS)


def due_next(session: Session, now: datetime) -> datetime | None:
    """When there is next something to send: now, or when a message falls due or a lost sender's lease runs out."""
    sendable, *instants = session.connection().execute(_DUE_NEXT, {"now": now}).one()
    return now if sendable else min((each for each in instants if each is not None), default=None)
