"""When we could not hear, and where: nobody was silent then, whatever they did not answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.waiting import Spell
from bot.store.base import Base

EVERYWHERE = ""
"""The channel of a spell in which we did not run."""


class DeafSpell(Base):
    """A time in which nothing could be heard on a channel. Without an end, it lasts."""

    __tablename__ = "deaf_spells"
    __table_args__ = (Index("ix_deaf_spells_until", "until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


def deaf_spells(session: Session, channels: Collection[str], since: datetime, now: datetime) -> list[Spell]:
    """The spells since an instant on these channels, and everywhere. One that lasts has lasted until now."""
    wanted = select(DeafSpell.since, DeafSpell.until).where(DeafSpell.channel.in_({EVERYWHERE, *channels}))
    lately = wanted.where(or_(DeafSpell.until.is_(None), DeafSpell.until > since))
    return [Spell(begun, min(ended or now, now)) for begun, ended in session.execute(lately)]


def note_deaf(session: Session, channel: str, since: datetime, until: datetime | None) -> None:
    session.add(DeafSpell(channel=channel, since=since, until=until))


def lasting_spell(session: Session, channel: str) -> DeafSpell | None:
    """The spell of a channel that has no end yet."""
    wanted = select(DeafSpell).where(DeafSpell.channel == channel, DeafSpell.until.is_(None))
    return session.scalars(wanted.order_by(DeafSpell.id.desc()).limit(1)).first()
