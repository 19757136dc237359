"""Links and the browsers that came in by them: a page for one person, the desk for one adult. Only hashes are kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.store.base import Base
from bot.store.people import Address, Person
from bot.store.stays import StayRow


def hashed(secret: str) -> str:
    """What is kept of a code or a token: enough to know it again, nothing to use it by."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Pass(Base):
    """A link to one page for one person: the host tutor's, or the one that stops the family's messages.

    Unlike an invitation it opens the same page again, until it ends.
    """

    __tablename__ = "passes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    code_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    stay: Mapped[StayRow] = relationship()


def pass_of(session: Session, code_hash: str, purpose: str) -> Pass | None:
    """The pass of a code; None where there is none for this page."""
    return session.scalar(select(Pass).where(Pass.code_hash == code_hash, Pass.purpose == purpose))


class CalendarFeed(Base):
    """A secret address under which an adult's calendar reads their days. One each; a new one ends the old."""

    __tablename__ = "calendar_feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When a calendar last asked."""
    person: Mapped[Person] = relationship()


class LoginLink(Base):
    """A way in to the desk for one adult, once."""

    __tablename__ = "login_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id", ondelete="CASCADE"))
    """The chat in which it was asked for; nobody's where it was printed in the terminal."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser_hash: Mapped[str | None]
    """The browser that used it: whoever did not hear that it worked may press again there, and only there."""


class Visit(Base):
    """One adult at the desk in one browser. It ends by itself when nothing is asked for a while, after its longest life, and
    with the device through which its link was asked for.
    """

    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("addresses.id", ondelete="CASCADE"), index=True)
    """The chat in which its link was asked for."""
    browser: Mapped[str] = mapped_column(default="", server_default="")
    """How its owner may recognise it: `Firefox, Windows`."""
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    person: Mapped[Person] = relationship()
    address: Mapped[Address | None] = relationship()
