"""Who is at the desk: one-time links, and the browsers that came in by them. Of both only hashes are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.base import Base
from bot.store.people import Person


class LoginLink(Base):
    """A way in to the desk for one adult, once."""

    __tablename__ = "login_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser_hash: Mapped[str | None]
    """The browser that used it: whoever did not hear that it worked may press again there, and only there."""


class Visit(Base):
    """One adult at the desk in one browser. It ends by itself when nothing is asked for a while."""

    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
