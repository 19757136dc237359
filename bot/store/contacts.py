"""Whom the roster names for a stay beside the tutor at the host's: the employer, the teacher at the partner school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.person import Role
from bot.domain.roster.row import Tutor
from bot.store.base import Base
from bot.store.sealed import SealedText


class StayContact(Base):
    """One of them, as the roster writes them. To be written to, they become a person."""

    __tablename__ = "stay_contacts"
    __table_args__ = (UniqueConstraint("stay_id", "role"),)
    words_of: ClassVar = ("stay_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    role: Mapped[Role]
    name: Mapped[str] = mapped_column(SealedText("stay_contacts.name"))
    email: Mapped[str | None] = mapped_column(SealedText("stay_contacts.email"))
    phone: Mapped[str | None] = mapped_column(SealedText("stay_contacts.phone"))
    language: Mapped[str] = mapped_column(default="en")

    @property
    def named(self) -> Tutor:
        """As a row of the roster names them."""
        return Tutor(self.name, self.email, self.language, self.phone)


def contacts_of(session: Session, stay: int) -> Mapping[Role, StayContact]:
    """Those of a stay, by what they are to it."""
    wanted = select(StayContact).where(StayContact.stay_id == stay).order_by(StayContact.id)
    return {each.role: each for each in session.scalars(wanted)}


def keep_contacts(session: Session, stay: int, named: Mapping[Role, Tutor]) -> frozenset[Role]:
    """Write down whom the roster names now. Answers for whom it names somebody else than before, or says it otherwise."""
    known = contacts_of(session, stay)
    were = {role: each.named for role, each in known.items()}
    changed = frozenset(role for role in {*known, *named} if named.get(role) != were.get(role))
    for role in sorted(changed & set(known)):
        session.delete(known[role])
    session.flush()
    for role in sorted(changed & set(named)):
        session.add(StayContact(stay_id=stay, role=role, **vars(named[role])))
    return changed
