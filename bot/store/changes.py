"""What adults changed of a stay, and when: the stay itself only knows how it is now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base


class ChangeRow(Base):
    """One change: a pause, an extension, an early return. Dates and ids only: a reason may be somebody's health."""

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    kind: Mapped[str]
    day: Mapped[str]
    """The day that was written (ISO): the last of a pause, or that of the return."""
    before: Mapped[dict[str, Any]]
    """`start`, `end` and `back` as they were."""


def changes_of(session: Session, stay: int) -> list[ChangeRow]:
    """The changes of a stay, the first first."""
    return list(session.scalars(select(ChangeRow).where(ChangeRow.stay_id == stay).order_by(ChangeRow.id)))
