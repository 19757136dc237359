"""What learners said of their stays for others to read, for as long as they agree: what is taken back is deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.domain.testimony import Agreed, Scope
from bot.store.base import Base
from bot.store.people import Person
from bot.store.sealed import SealedText
from bot.store.stays import StayRow


class Testimony(Base):
    """One, in the learner's own words. Until they have said where and until when, it may be shown nowhere."""

    __tablename__ = "testimonies"
    words_of: ClassVar = ("person_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(SealedText("testimonies.words"))
    scope: Mapped[Scope | None]
    until: Mapped[date | None]
    given_at: Mapped[datetime]
    guardians_at: Mapped[datetime | None]
    """When an adult had the signature of the parents before them."""
    guardians_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="joined", innerjoin=True)
    stay: Mapped[StayRow] = relationship(foreign_keys=stay_id, lazy="joined", innerjoin=True)

    def agreed(self, today: date) -> Agreed:
        """What was agreed to, as of a day."""
        minor = self.stay.facts().minor_on(today)
        return Agreed(self.scope, self.until, minor, self.guardians_at is not None)


def testimony_of(session: Session, person: int) -> Testimony | None:
    """What somebody has said, and not taken back."""
    return session.scalar(select(Testimony).where(Testimony.person_id == person))


def every_testimony(session: Session) -> list[Testimony]:
    """All of which somebody has said where they may be shown, the latest first, in one reading."""
    wanted = select(Testimony).where(Testimony.scope.is_not(None), Testimony.until.is_not(None))
    return list(session.scalars(wanted.order_by(Testimony.given_at.desc(), Testimony.id.desc())))
