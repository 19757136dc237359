"""The inbox and the outbox: what came in, what goes out, and what was sent, found again by case or by native id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, bindparam, func, literal_column, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base, among
from bot.store.batch_loader import Question, ask_of
from bot.store.sealed import BLANK, SealedJson, SealedText


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
    words_of: ClassVar = ("person_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    native: Mapped[str]
    """The channel's own id of the update."""
    raw: Mapped[dict[str, Any]] = mapped_column(SealedJson("inbox.raw", gone="{}"))
    """Under the key of the installation: whose it is is found out when it is read, and then it is emptied."""
    received_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    """When its author wrote it, as far as the platform says."""
    urgent: Mapped[bool] = mapped_column(default=False)
    """A cry for help: handled before whatever else has piled up."""
    behind: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of its sender's own it stands behind, where they flood: whoever sends little comes before them."""
    state: Mapped[str] = mapped_column(default="new")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    shown: Mapped[str | None] = mapped_column(SealedText("inbox.shown"))
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


IN_TURN = (InboxRow.urgent.desc(), InboxRow.behind, InboxRow.id)
"""The order in which what waits is handled."""
VISIBLE = ("sending", "sent", "unknown")
"""States of a message of ours that its reader may see. One that is being sent is: sending is what wakes the page."""
PENDING, SENDING = "state = 'pending'", "state = 'sending'"
IS_PENDING: ColumnElement[str] = literal_column("'pending'")
IS_SENDING: ColumnElement[str] = literal_column("'sending'")
"""In these words, and not as values: only then an index on nothing but these rows is used."""


UNREADABLE_LETTER = f'{{"text": "{BLANK}", "values": {{}}, "offers": []}}'
UNREADABLE_SHOWN = f'{{"text": "{BLANK}", "buttons": [], "language": "en"}}'
"""What stands for a message of ours that nobody can read any more: it can still be listed, and closes nothing."""
_GONE: dict[str, Any] = json.loads(UNREADABLE_LETTER)


class OutboxRow(Base):
    """A message to a person: `pending`, `sending` (lease, fence), then `sent`, `failed`, `unknown` or `expired`.

    `message` holds a text that is still a template, its values and its choices: language, address and the
    right to see are resolved when it is sent, and `rendered` then keeps what the person read.
    A button is named by this row's id and its place: only the person of the row may press it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_person", "person_id", "id"),
        Index("ix_outbox_native", "address_id", "native"),
        Index("ix_outbox_said", "said"),
        *(  # of every state at once an index would be used for what was sent to somebody: it would name all that was ever sent
            Index(name, *columns, sqlite_where=text(state), postgresql_where=text(state))
            for name, state, columns in (
                ("ix_outbox_due", PENDING, ("due_at",)),
                ("ix_outbox_turn", PENDING, ("waits_for", "lane", "due_at", "id")),
                ("ix_outbox_waiting", PENDING, ("person_id", "bound", "id")),
                ("ix_outbox_in_hand", SENDING, ("lease_until",)),
            )
        ),
    )
    words_of: ClassVar = ("stay_id", "person_id")
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    step: Mapped[str | None]
    lane: Mapped[int]
    message: Mapped[dict[str, Any]] = mapped_column(SealedJson("outbox.message", gone=UNREADABLE_LETTER))
    state: Mapped[str] = mapped_column(default="pending")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    waits_for: Mapped[str] = mapped_column(default="", server_default="")
    """The channel that had no room for it when it was last looked at: not looked at again before that has room."""
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    address_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id", ondelete="SET NULL"))
    bound: Mapped[bool] = mapped_column(default=False)
    """It goes to `address_id` and nowhere else: one of several copies of an alert, each on a channel of its own."""
    said: Mapped[int | None]
    """Its place among all that left, which no clock decides: taken in hand, it has one; none where it certainly did not arrive."""
    rendered: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("outbox.rendered", gone=UNREADABLE_SHOWN))
    chosen: Mapped[int | None]
    """The place of the choice that was pressed, once one was."""
    problem: Mapped[str | None]
    native: Mapped[str | None]
    """The channel's own id of the message once it was sent, where it can be edited."""
    edit_of: Mapped[int | None]
    """This row sends nothing new: it shows what was chosen in that one, and takes its buttons away."""

    @property
    def readable(self) -> bool:
        """Whether there are words: they are gone with the key of their person."""
        return self.message != _GONE


OF_SESSION = Question(OutboxRow.session_id, OutboxRow, live=True)
PENDING_TO = Question(OutboxRow.person_id, OutboxRow, only=(OutboxRow.state == IS_PENDING,), live=True)
PENDING_OF = Question(OutboxRow.case_id, OutboxRow, only=(OutboxRow.state == IS_PENDING,), live=True)
_SENT_TO = (
    select(OutboxRow)
    .where(OutboxRow.person_id == bindparam("person"), among(OutboxRow.state, ("sent", "unknown")))
    .where(OutboxRow.edit_of.is_(None))
    .order_by(OutboxRow.id.desc())
    .limit(300)
)
_SENT = "sent to"
"""Under this name a session keeps what was sent to people: nothing that it decides adds to that."""
_LAST_LEFT = select(func.max(OutboxRow.said))
_BEFORE = _LAST_LEFT.where(OutboxRow.person_id == bindparam("person"), OutboxRow.sent_at <= bindparam("at"))


def of_session(session: Session, number: int, step: str | None = None) -> list[OutboxRow]:
    """What was or is to be said in a conversation, of one step where it is named."""
    rows: list[OutboxRow] = ask_of(session, OF_SESSION, number)
    return [row for row in rows if step in {None, row.step}]


def pending_to(session: Session, person: int) -> list[OutboxRow]:
    """What has yet to leave for a person."""
    rows: list[OutboxRow] = ask_of(session, PENDING_TO, person)
    return [row for row in rows if row.state == "pending"]


def pending_of(session: Session, case: int) -> list[OutboxRow]:
    """What has yet to leave about a case."""
    rows: list[OutboxRow] = ask_of(session, PENDING_OF, case)
    return [row for row in rows if row.state == "pending"]


def sent_to(session: Session, person: int) -> Sequence[OutboxRow]:
    """What was sent to somebody lately, the latest first."""
    known: dict[int, Sequence[OutboxRow]] = session.info.setdefault(_SENT, {})
    if person not in known:
        with session.no_autoflush:
            known[person] = session.scalars(_SENT_TO, {"person": person}).all()
    return known[person]


def said_before(session: Session, person: int, at: datetime) -> int:
    """The number of what we had last said to a person at an instant: for words that come long after they were written."""
    return session.scalar(_BEFORE, {"person": person, "at": at}) or 0


_IN_ITS_THREAD = (
    OutboxRow.case_id == bindparam("case"),
    OutboxRow.address_id == bindparam("address"),
    OutboxRow.person_id == bindparam("person"),
    OutboxRow.native.is_not(None),
    OutboxRow.edit_of.is_(None),
)
_FIRST_OF_CASE = select(OutboxRow.native).where(*_IN_ITS_THREAD).order_by(OutboxRow.sent_at, OutboxRow.id).limit(1)
_LATEST_OF_CASE = select(OutboxRow).where(*_IN_ITS_THREAD).order_by(OutboxRow.id.desc())


def _of_same_case(row: OutboxRow) -> dict[str, Any]:
    return {"case": row.case_id, "address": row.address_id, "person": row.person_id}


def first_of_case(session: Session, row: OutboxRow) -> str:
    """The channel's own id of the first message on a row's case at its address, under which the others stand; or empty.
    What has yet to be written has not been sent.
    """
    if row.case_id is None:
        return ""
    return session.connection().scalar(_FIRST_OF_CASE, _of_same_case(row)) or ""


def latest_of_case(session: Session, row: OutboxRow) -> OutboxRow:
    """The latest message on the same case at the same address that offers something: what a word in its thread is for."""
    return next((sent for sent in session.scalars(_LATEST_OF_CASE, _of_same_case(row)) if sent.message["offers"]), row)


def sent_as(session: Session, address: int, native: str) -> OutboxRow | None:
    """The message that an address received under the channel's own id."""
    return session.scalars(select(OutboxRow).where(OutboxRow.address_id == address, OutboxRow.native == native)).first()
