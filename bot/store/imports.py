"""What the desk has brought in and may take back for a day, and what it has said about the team since its file was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.base import Base
from bot.store.people import Person
from bot.store.sealed import SealedJson


class RosterImport(Base):
    """A roster or a form that was applied. Its rows are forgotten when it can be taken back no more."""

    __tablename__ = "roster_imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    """The file, or whom the form was about."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    rows: Mapped[list[ImportedStay]] = relationship(cascade="all, delete-orphan", order_by="ImportedStay.id")


class ImportedStay(Base):
    """What an import did to one stay: made it, or wrote over fields of it, by their names in the roster."""

    __tablename__ = "imported_stays"
    words_of: ClassVar = ("stay_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_imports.id", ondelete="CASCADE"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    made: Mapped[bool] = mapped_column(default=False)
    before: Mapped[dict[str, Any]] = mapped_column(SealedJson("imported_stays.before", gone="{}"))
    after: Mapped[dict[str, Any]] = mapped_column(SealedJson("imported_stays.after", gone="{}"))


class TeamWord(Base):
    """What the desk said of an adult beside the team's file: it stands until the file says something new about it."""

    __tablename__ = "team_words"
    __table_args__ = (UniqueConstraint("person_id", "about"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    about: Mapped[str]
    """`first_name`, `last_name`, `email`, `phone`, or `role NAME SCHOOL`."""
    filed: Mapped[str]
    """What the file said then; empty for nothing."""
    said: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
