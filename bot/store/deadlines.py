"""Dates of the consortium and of its schools, each with its owner."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.domain.deadlines import Sort, State
from bot.store.autoflush import lasting
from bot.store.base import Base
from bot.store.people import Person, School


class Deadline(Base):
    """One date. Without a school it is of all of them; without an owner it is whoever answers for the place."""

    __tablename__ = "deadlines"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id", ondelete="CASCADE"), index=True)
    sort: Mapped[Sort]
    title: Mapped[str]
    day: Mapped[date]
    yearly: Mapped[bool] = mapped_column(default=False)
    project: Mapped[str] = mapped_column(default="")
    """The project or the call that it belongs to."""
    source: Mapped[str] = mapped_column(default="")
    """Where the date comes from: a page, a letter, a decision."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    state: Mapped[State] = mapped_column(default=State.OPEN)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    said_on: Mapped[date | None]
    """When its owner last read of it in a digest."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id", ondelete="SET NULL"))
    """Of a date that comes every year, the one before."""
    school: Mapped[School | None] = relationship()
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])


_OPEN = select(Deadline.sort, Deadline.day, Deadline.said_on).where(Deadline.state == State.OPEN)


@lasting(_OPEN)
def open_dates(session: Session) -> tuple[tuple[Sort, date, date | None], ...]:
    """Of every date that is open what it is, when, and when it was last said."""
    return tuple((sort, day, said_on) for sort, day, said_on in session.execute(_OPEN))
