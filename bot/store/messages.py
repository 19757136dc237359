"""The inbox and the outbox: what came in, what goes next, and what was sent, found again by case or by native id."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.domain.channel import OPEN
from bot.store.base import Base
from bot.store.people import Address


class Lane(IntEnum):
    """Who goes first when delivery is slow."""

    ALERT = 0
    ANSWER = 1
    PROMPT = 2
    BROADCAST = 3


class Outcome(StrEnum):
    """The ends that a message can have: there is no fourth."""

    UNDERSTOOD = "understood"
    HANDED = "handed"
    """To an adult: in a case, which has a clock and a deputy, or as words passed on."""
    UNREAD = "unread"
    """Its author was told so, and how to reach somebody."""


class InboxRow(Base):
    """A raw update, stored before it is acknowledged: `new`, then `handled` or `quarantined`."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "native"),
        Index("ix_inbox_state", "state", "id"),
        Index("ix_inbox_message", "channel", "message"),
        Index("ix_inbox_said", "said"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    native: Mapped[str]
    """The channel's own id of the update."""
    raw: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    """When its author wrote it, as far as the platform says."""
    urgent: Mapped[bool] = mapped_column(default=False)
    """A cry for help: handled before whatever else has piled up."""
    state: Mapped[str] = mapped_column(default="new")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    shown: Mapped[str | None]
    """What the person sees of it in the history: their own words, or the label they pressed."""
    problem: Mapped[str | None]
    message: Mapped[str | None]
    """The channel's own id of the message, where it may be edited later; then also what it answered."""
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"))
    step: Mapped[str | None]
    said: Mapped[int] = mapped_column(default=0, server_default="0")
    """The number (`OutboxRow.said`) of the last message of ours that had left when it was said: it stands behind that one."""
    outcome: Mapped[str | None]
    """Which of the three ends it had, an `Outcome`; none for what is no message to us, and before they were written down."""


class OutboxRow(Base):
    """A message to a person: `pending`, `sending` (lease, fence), then `sent`, `failed`, `unknown` or `expired`.

    `message` holds a text that is still a template, its values and its choices: language, address and the
    right to see are resolved when it is sent, and `rendered` then keeps what the person read.
    A button is named by this row's id and its place: only the person of the row may press it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due", "state", "due_at"),
        Index("ix_outbox_person", "person_id", "id"),
        Index("ix_outbox_native", "address_id", "native"),
        Index("ix_outbox_said", "said"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    step: Mapped[str | None]
    lane: Mapped[int]
    message: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="pending")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    address_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id", ondelete="SET NULL"))
    bound: Mapped[bool] = mapped_column(default=False)
    """It goes to `address_id` and nowhere else: one of several copies of an alert, each on a channel of its own."""
    said: Mapped[int | None]
    """Its place among all that left, which no clock decides: taken in hand, it has one; none where it certainly did not arrive."""
    rendered: Mapped[dict[str, Any] | None]
    chosen: Mapped[int | None]
    """The place of the choice that was pressed, once one was."""
    problem: Mapped[str | None]
    native: Mapped[str | None]
    """The channel's own id of the message once it was sent, where it can be edited."""
    edit_of: Mapped[int | None]
    """This row sends nothing new: it shows what was chosen in that one, and takes its buttons away."""


ALERT_FIRST = 2**31 - 1
"""Taken off the number of an alert, so that it comes before whatever else waits for the same person."""


def _to_send(*, held: bool) -> Select[int]:
    now: BindParameter[datetime] = bindparam("now")
    urgent = OutboxRow.lane == Lane.ALERT
    turn = func.min(case((urgent, OutboxRow.id - ALERT_FIRST), else_=OutboxRow.id))
    earlier = aliased(OutboxRow)
    held_up = exists().where(
        earlier.person_id == OutboxRow.person_id,
        earlier.id < OutboxRow.id,
        earlier.state == "pending",
        earlier.bound.is_(False),
        earlier.attempts > 0,
        earlier.due_at > now,
    )
    wanted = (
        select(turn)
        .where(OutboxRow.state == "pending", OutboxRow.due_at <= now, ~_in_flight())
        .where(or_(urgent, ~held_up))
        .group_by(OutboxRow.person_id, case((OutboxRow.bound, OutboxRow.address_id), else_=0))
        .order_by(func.min(OutboxRow.lane), func.min(OutboxRow.id))
        .limit(bindparam("limit"))
    )
    if not held:
        return wanted
    resting = OutboxRow.person_id.in_(bindparam("resting", expanding=True))
    return wanted.where(~_only_on("silent"), or_(urgent, ~_only_on("full")), or_(urgent, ~resting))


def _in_flight() -> ColumnElement[bool]:
    """Something is on its way to the recipient: to that very address where the row is bound to one. For the others a
    copy that is bound to an open channel does not count, where they would go last."""
    going = aliased(OutboxRow)
    there = select(going.address_id).where(going.state == "sending", going.address_id.is_not(None))
    apart = select(Address.id).where(Address.channel.in_(sorted(OPEN)))
    to_them = select(going.person_id).where(
        going.state == "sending",
        or_(going.bound.is_(False), going.address_id.is_(None), going.address_id.not_in(apart)),
    )
    return or_(
        and_(OutboxRow.bound, OutboxRow.address_id.in_(there)),
        and_(~OutboxRow.bound, OutboxRow.person_id.in_(to_them)),
    )


def _only_on(channels: str) -> ColumnElement[bool]:
    """The recipient can be reached, but only on these channels."""
    confirmed = exists().where(Address.person_id == OutboxRow.person_id, Address.state == "confirmed")
    there = Address.channel.in_(bindparam(channels, expanding=True))
    return and_(confirmed.where(there), ~confirmed.where(~there))


_TO_SEND, _TO_SEND_NOW = _to_send(held=False), _to_send(held=True)
NONE: frozenset[Any] = frozenset()


def next_to_send(
    session: Session,
    now: datetime,
    limit: int,
    full: frozenset[str] = NONE,
    silent: frozenset[str] = NONE,
    resting: frozenset[int] = NONE,
) -> list[int]:
    """Ids of the rows to send now: one per recipient, the most urgent recipients first, in order per recipient.
    A row that is bound to an address is one of that address: another one that hangs does not hold it up.

    An alert comes before whatever else waits for its recipient. Behind a message that is to be tried again
    everything to that person waits, except alerts. Channels that are `full` or `silent`, and people who are
    `resting`, are passed over, so that they hold up nobody else; alerts are held only by `silent`.
    """
    values: dict[str, Any] = {"now": now, "limit": limit}
    if full or silent or resting:
        held = {"full": sorted(full), "silent": sorted(silent), "resting": sorted(resting)}
        found = session.scalars(_TO_SEND_NOW, values | held)
    else:
        found = session.scalars(_TO_SEND, values)
    return [number if number > 0 else number + ALERT_FIRST for number in found if number is not None]


_LAST_LEFT, _LAST_HEARD = select(func.max(OutboxRow.said)), select(func.max(InboxRow.said))
_BEFORE = _LAST_LEFT.where(OutboxRow.person_id == bindparam("person"), OutboxRow.sent_at <= bindparam("at"))


def said_so_far(session: Session) -> int:
    """The number of what we said last, to anybody: whatever is heard now stands behind it."""
    return session.scalar(_LAST_LEFT) or 0


def next_said(session: Session) -> int:
    """The number of what we say next: behind all that was said and heard, whatever of it has been erased since."""
    return max(said_so_far(session), session.scalar(_LAST_HEARD) or 0) + 1


def said_before(session: Session, person: int, at: datetime) -> int:
    """The number of what we had last said to a person at an instant: for words that come long after they were written."""
    return session.scalar(_BEFORE, {"person": person, "at": at}) or 0


_DUE_NEXT: CompoundSelect[Any] = union_all(
    select(func.min(OutboxRow.due_at)).where(OutboxRow.state == "pending", OutboxRow.due_at > bindparam("now")),
    select(func.min(OutboxRow.lease_until)).where(OutboxRow.state == "sending"),
)


def due_next(session: Session, now: datetime) -> datetime | None:
    """When there is next something to send: now, or when a message falls due or a lost sender's lease runs out."""
    if next_to_send(session, now, 1):
        return now
    return min((each for each in session.scalars(_DUE_NEXT, {"now": now}) if each is not None), default=None)


_OF_CASE = select(OutboxRow).where(
    OutboxRow.case_id == bindparam("case"),
    OutboxRow.address_id == bindparam("address"),
    OutboxRow.person_id == bindparam("person"),
    OutboxRow.native.is_not(None),
    OutboxRow.edit_of.is_(None),
)
_FIRST_OF_CASE, _LATEST_OF_CASE = (
    _OF_CASE.order_by(OutboxRow.sent_at, OutboxRow.id),
    _OF_CASE.order_by(OutboxRow.id.desc()),
)


def _of_same_case(row: OutboxRow) -> dict[str, Any]:
    return {"case": row.case_id, "address": row.address_id, "person": row.person_id}


def first_of_case(session: Session, row: OutboxRow) -> str:
    """The channel's own id of the first message on a row's case at its address, under which the others stand; or empty."""
    first = session.scalars(_FIRST_OF_CASE.limit(1), _of_same_case(row)).first() if row.case_id else None
    return (first.native or "") if first is not None else ""


def latest_of_case(session: Session, row: OutboxRow) -> OutboxRow:
    """The latest message on the same case at the same address that offers something: what a word in its thread is for."""
    return next((sent for sent in session.scalars(_LATEST_OF_CASE, _of_same_case(row)) if sent.message["offers"]), row)


def sent_as(session: Session, address: int, native: str) -> OutboxRow | None:
    """The message that an address received under the channel's own id."""
    return session.scalars(select(OutboxRow).where(OutboxRow.address_id == address, OutboxRow.native == native)).first()
