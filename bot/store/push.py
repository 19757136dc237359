"""Devices that want to be told when a word has come, and where their browser's push service takes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base
from bot.store.people import Address, Person


class PushSubscription(Base):
    """What one browser has given us, at its owner's wish; it ends with the browser's standing, and with its owner."""

    __tablename__ = "push_subscriptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    native: Mapped[str] = mapped_column(unique=True)
    """The browser, as `Address.native` names it: who shares one is told together, of nothing but that there is a word."""
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]


_STANDS = select(Address.id).where(
    Address.channel == "web", Address.native == PushSubscription.native, Address.state == "confirmed"
)
_OF = (
    select(PushSubscription, Person.language)
    .join(Person, Person.id == PushSubscription.person_id)
    .where(PushSubscription.native == bindparam("native"), _STANDS.exists())
)


def subscription_of(session: Session, native: str) -> tuple[PushSubscription, str] | None:
    """What a browser that may still be written to has given us, and its owner's language."""
    found = session.execute(_OF, {"native": native}).first()
    return (found[0], found[1]) if found is not None else None


def forget_push(session: Session, native: str, endpoint: str = "") -> None:
    """A browser is told nothing any more; only if it still uses that `endpoint`, where one is named."""
    wanted = delete(PushSubscription).where(PushSubscription.native == native)
    session.execute(wanted.where(PushSubscription.endpoint == endpoint) if endpoint else wanted)
