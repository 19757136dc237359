"""When somebody was last heard of, and on which address, and when an adult is told their next week: noted as it is so, like a
mark, by statements of their own.

Every message says this much of a person and of an address, every Monday that much of an adult, and nearly always nothing else:
as changed rows they would take the session through all that depends on either, which cost a sixth of an answer.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.store.people import Address, Person

_USED = update(Address).where(Address.id == bindparam("address")).values(used_at=bindparam("now"))
_HEARD = (
    update(Person)
    .where(Person.id == bindparam("person"), or_(Person.last_sign_at.is_(None), Person.last_sign_at < bindparam("at")))
    .values(last_sign_at=bindparam("at"))
)
"""The later one stays, whoever notes it."""
_SLEEPS = update(Person).where(Person.id == bindparam("person")).values(wake_at=bindparam("at"))


def was_used(session: Session, address: Address, now: datetime) -> None:
    """Of those who share what the address names, its owner is the one who used it last."""
    session.connection().execute(_USED, {"address": address.id, "now": now})
    set_committed_value(address, "used_at", now)


def was_heard(session: Session, person: Person, at: datetime) -> None:
    """A sign of life of an instant; a later one that is known stays."""
    if person.last_sign_at is None or person.last_sign_at < at:
        session.connection().execute(_HEARD, {"person": person.id, "at": at})
        set_committed_value(person, "last_sign_at", at)


def sleeps_until(session: Session, person: Person, at: datetime) -> None:
    """When an adult's next week is to be told."""
    session.connection().execute(_SLEEPS, {"person": person.id, "at": at})
    set_committed_value(person, "wake_at", at)
