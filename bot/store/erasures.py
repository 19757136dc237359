"""Erasures: asked for, decided, done. What stays of one that is done is its certificate, which names nobody."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base


class Stage(StrEnum):
    """How far an erasure is."""

    ASKED = "asked"
    """An adult decides."""
    DUE = "due"
    """It is done as soon as its person has been told the number of the certificate."""
    DONE = "done"
    DECLINED = "declined"


class Erasure(Base):
    """One erasure. `number` is that of its certificate: whoever has it can read what was erased, and nothing else."""

    __tablename__ = "erasures"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    asked_at: Mapped[datetime]
    by: Mapped[str]
    """`self`, `adult`, `operator`, `retention` or `backup`."""
    stage: Mapped[Stage]
    why: Mapped[list[Any]] = mapped_column(default=list)
    """What an adult has to look at first: `case`, `stay`, `files`."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Kind of data -> how many entries."""


def of_person(session: Session, person: int) -> Erasure | None:
    """The erasure of somebody that is asked for or due."""
    wanted = select(Erasure).where(Erasure.person_id == person, Erasure.stage.in_((Stage.ASKED, Stage.DUE)))
    return session.scalars(wanted.order_by(Erasure.id)).first()


def certificate(session: Session, number: str) -> Erasure | None:
    return session.scalar(select(Erasure).where(Erasure.number == number))


def at_stage(session: Session, stage: Stage) -> list[Erasure]:
    """All that are so far, the oldest first."""
    return list(session.scalars(select(Erasure).where(Erasure.stage == stage).order_by(Erasure.id)))
