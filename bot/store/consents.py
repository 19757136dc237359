"""Consents as they were given and taken back, and who is whose family."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.family import Consent, Giver, Purpose
from bot.store.base import Base
from bot.store.people import Person


class ConsentRow(Base):
    """One record. It is never changed: taking a consent back adds another."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose]
    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    """Whom it is about."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    """Who gave it, or took it back."""
    giver: Mapped[Giver]
    given: Mapped[bool]
    text_version: Mapped[str]
    language: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]


@event.listens_for(ConsentRow, "before_update")
def _refuse(_mapper: Any, _connection: Any, row: ConsentRow) -> None:
    raise ValueError(f"consent {row.id} is a record: add another, do not change it")


class Tie(Base):
    """A parent or another legal guardian, and whose they are. The roster makes one person for each guardian and
    learner, who may share an address; two that were merged are one person with two ties."""

    __tablename__ = "family_ties"
    __table_args__ = (UniqueConstraint("parent_id", "learner_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


_RECORDS = select(ConsentRow).where(ConsentRow.learner_id == bindparam("learner")).order_by(ConsentRow.id)
_PARENTS = (
    select(Person).join(Tie, Tie.parent_id == Person.id).where(Tie.learner_id == bindparam("learner")).order_by(Tie.id)
)
_LEARNERS = (
    select(Person).join(Tie, Tie.learner_id == Person.id).where(Tie.parent_id == bindparam("parent")).order_by(Tie.id)
)


def consents_of(session: Session, learner: int) -> tuple[Consent, ...]:
    """Every record about a learner, in the order they came."""
    rows = session.scalars(_RECORDS, {"learner": learner})
    return tuple(Consent(row.purpose, row.giver, row.person_id, row.given, row.at) for row in rows)


def parents_of(session: Session, learner: int) -> list[Person]:
    """The people of a learner's family whom we know."""
    return list(session.scalars(_PARENTS, {"learner": learner}))


def learners_of(session: Session, parent: int) -> list[Person]:
    """Whose parent somebody is."""
    return list(session.scalars(_LEARNERS, {"parent": parent}))
