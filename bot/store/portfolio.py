"""What a learner keeps for themselves: the diary of a stay, and how they see their own strengths before and after it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.autoflush import ask
from bot.store.base import Base
from bot.store.sealed import SealedText


class PortfolioRow(Base):
    """An entry of the diary, or one answer about oneself. No page of an adult asks for these, but what is shared."""

    __tablename__ = "portfolio"
    words_of: ClassVar = ("stay_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """`diary`, or `before` and `after` for the strengths."""
    about: Mapped[str]
    """The strength; of an entry, the number of the message in the inbox whose words it is."""
    words: Mapped[str] = mapped_column(SealedText("portfolio.words"))
    at: Mapped[datetime]
    shared_at: Mapped[datetime | None]
    """When the learner let an adult read it."""


DIARY = "diary"
_OF_STAY = select(PortfolioRow).where(PortfolioRow.stay_id == bindparam("stay")).order_by(PortfolioRow.id)


def portfolio_of(session: Session, stay: int, *kinds: str) -> list[PortfolioRow]:
    """What is kept of a stay, of these kinds, the first first."""
    return [row for row in ask(session, _OF_STAY, {"stay": stay}).scalars() if row.kind in kinds]
