"""Versions of the programme that were published from the desk. The file on the disk is the one in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base


class ProgrammeVersion(Base):
    """The texts of one version, and whose decision they were. They name nobody: ids of the team only."""

    __tablename__ = "programme_versions"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    text: Mapped[str]
    beside: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Language files by name."""
    digest: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    """None for what stood in the file before."""
    agreed_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    on_disk: Mapped[bool] = mapped_column(default=False)


def versions(rows: Session, most: int = 50) -> list[ProgrammeVersion]:
    """The newest first."""
    return list(rows.scalars(select(ProgrammeVersion).order_by(ProgrammeVersion.id.desc()).limit(most)))


def newest(rows: Session) -> ProgrammeVersion | None:
    return rows.scalars(select(ProgrammeVersion).order_by(ProgrammeVersion.id.desc()).limit(1)).first()
