"""Files that learners sent, as proofs or out of the blue: first where to fetch them, then their encrypted content, never both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base


class ProofRow(Base):
    """One file, of an answer or of a message: `wanted` (still with the channel), then `kept`, `refused` or `given_up`. One
    that its sender has not said whether to pass on is `offered`.

    `due_at` is when to fetch it; a row that somebody fetches is due again once they must be dead, so nothing has to be
    mended after a crash. `content` is sealed with the learner's key and read only where it is asked for.
    """

    __tablename__ = "proofs"
    __table_args__ = (Index("ix_proofs_state_due", "state", "due_at"), Index("ix_proofs_stay_item", "stay_id", "item"))
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="CASCADE"), index=True)
    """The message that brought what no question asked for; then there is neither item nor step."""
    item: Mapped[str]
    step: Mapped[str]
    channel: Mapped[str]
    native: Mapped[str]
    """The channel's own id of the file; empty once it is not needed any more."""
    album: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="wanted")
    problem: Mapped[str | None]
    mime: Mapped[str | None]
    size: Mapped[int | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    received_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]


_DUE = (
    select(ProofRow)
    .where(ProofRow.state == "wanted", ProofRow.due_at <= bindparam("now"))
    .order_by(ProofRow.due_at, ProofRow.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
NEXT_FILE = select(func.min(ProofRow.due_at)).where(ProofRow.state == "wanted").scalar_subquery()
"""When there is next a file to fetch."""


def due_proofs(session: Session, now: datetime, limit: int) -> list[ProofRow]:
    """Files to fetch now, those that wait longest first; those another process fetches are passed over."""
    return list(session.scalars(_DUE, {"now": now, "limit": limit}))


def kept_of(session: Session, stay: int, item: str) -> list[ProofRow]:
    """The files of an item that can be looked at, in the order they came."""
    wanted = select(ProofRow).where(ProofRow.stay_id == stay, ProofRow.item == item, ProofRow.state == "kept")
    return list(session.scalars(wanted.order_by(ProofRow.id)))


def first_kept(session: Session, stays: list[int]) -> dict[tuple[int, str], int]:
    """For each item of some stays that has files: the number of the first."""
    wanted = select(ProofRow.stay_id, ProofRow.item, func.min(ProofRow.id)).where(ProofRow.state == "kept")
    rows = session.execute(wanted.where(ProofRow.stay_id.in_(stays)).group_by(ProofRow.stay_id, ProofRow.item))
    return {(stay, item): number for stay, item, number in rows}


def of_question(session: Session, conversation: int, step: str) -> list[ProofRow]:
    """All files sent in answer to one question, in the order they came."""
    wanted = select(ProofRow).where(ProofRow.session_id == conversation, ProofRow.step == step)
    return list(session.scalars(wanted.order_by(ProofRow.id)))


def sent_with(session: Session, messages: Collection[int], *states: str) -> list[ProofRow]:
    """The files that came with some messages, in the order they came."""
    wanted = select(ProofRow).where(ProofRow.inbox_id.in_(messages), ProofRow.state.in_(states))
    return list(session.scalars(wanted.order_by(ProofRow.id))) if messages else []


def last_sent(session: Session, person: int, channel: str, album: str = "") -> ProofRow | None:
    """The latest file a person sent, of an album where one is named, that was not refused."""
    wanted = select(ProofRow).where(ProofRow.person_id == person, ProofRow.state.in_(("wanted", "kept")))
    wanted = wanted.where(ProofRow.session_id.is_not(None))
    if album:
        wanted = wanted.where(ProofRow.channel == channel, ProofRow.album == album)
    return session.scalars(wanted.order_by(ProofRow.id.desc()).limit(1)).first()
