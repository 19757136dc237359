"""Sessions: one person in one flow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base


class SessionRow(Base):
    """A conversation. At most one per person is `open`; others are `queued`, then `done` or `expired`.

    A done session stays editable until `expires_at`. `wake_at` is when the wait of the asked step runs out,
    or when a queued session may start at the earliest.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_person_state", "person_id", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    flow: Mapped[str]
    touchpoint: Mapped[str]
    occurrence: Mapped[str]
    facts: Mapped[dict[str, Any]]
    answers: Mapped[list[Any]]
    """Pairs of step id and answer, in the order given: JSON objects keep no order on PostgreSQL."""
    asked: Mapped[str | None]
    state: Mapped[str]
    urgency: Mapped[int]
    answered_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


def open_session(session: Session, person_id: int) -> SessionRow | None:
    """The conversation this person is in."""
    wanted = select(SessionRow).where(SessionRow.person_id == person_id, SessionRow.state == "open")
    return session.scalars(wanted.order_by(SessionRow.id)).first()


def next_queued(session: Session, person_id: int) -> SessionRow | None:
    """The conversation that comes next: the most urgent, then the oldest."""
    wanted = select(SessionRow).where(SessionRow.person_id == person_id, SessionRow.state == "queued")
    return session.scalars(wanted.order_by(SessionRow.urgency, SessionRow.id)).first()


def session_for(session: Session, stay_id: int, touchpoint: str, *states: str) -> SessionRow | None:
    """The latest session of a touchpoint in one of these states."""
    wanted = select(SessionRow).where(SessionRow.stay_id == stay_id, SessionRow.touchpoint == touchpoint)
    return session.scalars(wanted.where(SessionRow.state.in_(states)).order_by(SessionRow.id.desc())).first()
