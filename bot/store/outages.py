"""When we could not hear, and where: nobody was silent then, whatever they did not answer."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Index, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.waiting import Spell
from bot.store.autoflush import lasting
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


_SINCE = select(DeafSpell.channel, DeafSpell.since, DeafSpell.until).where(
    or_(DeafSpell.until.is_(None), DeafSpell.until > bindparam("since"))
)

_EVERY = select(DeafSpell.since, DeafSpell.until)


def every_spell(session: Session, now: datetime) -> list[Spell]:
    """Whenever something could not be heard, wherever that was: nobody is found to have slept because of it."""
    return [Spell(since, min(until or now, now)) for since, until in _every(session)]


def spells_by_channel(session: Session, since: datetime, now: datetime) -> dict[str, list[Spell]]:
    """The spells since an instant. One that lasts has lasted until now. Looked up from the beginning of its day on: all
    who were asked on one day are answered by one look.
    """
    found: dict[str, list[Spell]] = {}
    day = datetime.combine(since.date(), time(0), since.tzinfo)
    for channel, begun, ended in _since(session, day):
        if ended is None or ended > since:
            found.setdefault(channel, []).append(Spell(begun, min(ended or now, now)))
    return found


@lasting(_EVERY)
def _every(session: Session) -> tuple[tuple[datetime, datetime | None], ...]:
    return tuple((since, until) for since, until in session.execute(_EVERY))


@lasting(_SINCE)
def _since(session: Session, day: datetime) -> tuple[tuple[str, datetime, datetime | None], ...]:
    found = session.execute(_SINCE, {"since": day})
    return tuple((channel, since, until) for channel, since, until in found)


def note_deaf(session: Session, channel: str, since: datetime, until: datetime | None) -> None:
    session.add(DeafSpell(channel=channel, since=since, until=until))


def lasting_spell(session: Session, channel: str) -> DeafSpell | None:
    """The spell of a channel that has no end yet."""
    wanted = select(DeafSpell).where(DeafSpell.channel == channel, DeafSpell.until.is_(None))
    return session.scalars(wanted.order_by(DeafSpell.id.desc()).limit(1)).first()


def prolong(session: Session, channel: str, since: datetime, until: datetime) -> None:
    """A spell lasted longer: what waited had yet to be read."""
    found = session.scalars(select(DeafSpell).where(DeafSpell.channel == channel, DeafSpell.since == since))
    for spell in found:
        spell.until = until
