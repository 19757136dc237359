"""Two learners of whom one helps the other: who was asked, who said yes, and how each may be written to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.domain.pairing import End, Pairing, State
from bot.store.autoflush import ask
from bot.store.base import Base
from bot.store.people import Person
from bot.store.sealed import SealedText
from bot.store.stays import StayRow

BY_SCHOOL = ""
"""In place of an address of their own: an adult of the school brings the two together."""


class PairRow(Base):
    """One pair that an adult has asked. `helper_stay` is the one of which the helper can tell, `stay` that of the newcomer. Asked again later, it is another row."""

    __tablename__ = "pairs"
    words_of: ClassVar = ("newcomer_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Pairing]
    helper_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    helper_stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    mixed: Mapped[bool]
    """An adult with a minor: an adult of the school looks before they are brought together."""
    helper_at: Mapped[datetime | None]
    """When the helper said yes …"""
    helper_way: Mapped[str | None] = mapped_column(SealedText("pairs.helper_way"))
    """… and how they may be written to; empty: by way of the school."""
    newcomer_at: Mapped[datetime | None]
    newcomer_way: Mapped[str | None] = mapped_column(SealedText("pairs.newcomer_way"))
    together_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended: Mapped[End | None]
    helper: Mapped[Person] = relationship(foreign_keys=helper_id, lazy="joined", innerjoin=True)
    newcomer: Mapped[Person] = relationship(foreign_keys=newcomer_id, lazy="joined", innerjoin=True)
    helper_stay: Mapped[StayRow] = relationship(foreign_keys=helper_stay_id)
    stay: Mapped[StayRow] = relationship(foreign_keys=stay_id)

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.ended is not None:
            return State.OVER
        if self.together_at is not None:
            return State.TOGETHER
        return State.AGREED if self.helper_at and self.newcomer_at else State.ASKED

    @property
    def needs_an_adult(self) -> bool:
        """Both say yes, and somebody of the school has to do something before they know of each other."""
        return self.mixed or BY_SCHOOL in {self.helper_way, self.newcomer_way}

    def other(self, person: int) -> Person:
        """The one who is not this one."""
        return self.newcomer if person == self.helper_id else self.helper


_OF = (
    select(PairRow)
    .where(or_(PairRow.helper_id == bindparam("person"), PairRow.newcomer_id == bindparam("person")))
    .where(PairRow.ended.is_(None))
    .order_by(PairRow.id)
)


def pairs_of(session: Session, person: int) -> list[PairRow]:
    """The pairs of somebody that are not over, the first first."""
    return list(ask(session, _OF, {"person": person}).scalars())


def every_pair(session: Session) -> list[PairRow]:
    """All there are, those that are over too, in one reading."""
    return list(session.scalars(select(PairRow).order_by(PairRow.id)))
