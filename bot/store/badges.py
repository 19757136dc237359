"""The number of each badge, which no other badge ever has, and which of them were taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.autoflush import ask
from bot.store.base import Base
from bot.store.records import keep_setting, setting

TAKEN_BACK = "badges_taken_back"


class BadgeRow(Base):
    """A badge that counts. One that was taken back has no row: only its number is kept, which names nobody."""

    __tablename__ = "badges"
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), unique=True)
    shared_at: Mapped[datetime | None]
    """When its owner let the school put it on a platform."""


_OF_STAY = select(BadgeRow).where(BadgeRow.stay_id == bindparam("stay"))


def known_badge(session: Session, stay: int) -> BadgeRow | None:
    """The badge of a stay, where it has a number already."""
    return next(iter(ask(session, _OF_STAY, {"stay": stay}).scalars()), None)


def numbered(session: Session, stay: int) -> BadgeRow:
    """The badge of a stay, with a number from now on."""
    row = known_badge(session, stay)
    if row is None:
        row = BadgeRow(stay_id=stay)
        session.add(row)
        session.flush()
    return row


def taken_back(session: Session) -> list[int]:
    """The numbers that count no more, whoever's they were; they stay when a learner is erased."""
    return list((setting(session, TAKEN_BACK) or {}).get("numbers", ()))


def end_badge(session: Session, row: BadgeRow) -> None:
    """Its number counts no more, for good: another tick is another badge."""
    keep_setting(session, TAKEN_BACK, {"numbers": [*taken_back(session), row.id]})
    session.delete(row)
    session.flush()
