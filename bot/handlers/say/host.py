"""The tutor at the host's, as a person: whom the roster names for a stay."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role, clean_name, halves
from bot.domain.tutor import spoken
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld, addresses_at, by_ref
from bot.store.stays import StayRow


def tutor_of(tx: Tx, stay: StayRow) -> Person | None:
    """The tutor the roster names, as a person; None where it names nobody. One who looks after several is one person."""
    if not stay.tutor_name:
        return None
    person = known_tutor(tx, stay) or _make(tx, stay)
    person.language = spoken(stay.tutor_language)
    _keep_address(tx, person)
    return person


def known_tutor(tx: Tx, stay: StayRow) -> Person | None:
    """The same, where they are known as a person already."""
    if not stay.tutor_email:
        found = by_ref(tx.rows, _ref(stay))
        return found if found is not None and found.full_name == clean_name(stay.tutor_name) else None
    wanted = select(Person).join(RoleHeld).where(RoleHeld.role == Role.TUTOR, Person.email == stay.tutor_email)
    return tx.rows.scalars(wanted.order_by(Person.id)).first()


def _ref(stay: StayRow) -> str:
    return f"{stay.person.ref}~tutor"


def _make(tx: Tx, stay: StayRow) -> Person:
    ref, first, last = _ref(stay), *halves(stay.tutor_name)
    if by_ref(tx.rows, ref) is not None:  # another tutor before this one
        ref = f"{ref}~{tx.now:%Y%m%d%H%M%S%f}"
    person = Person(ref=ref, first_name=first, last_name=last, school_id=stay.school_id, email=stay.tutor_email)
    person.language = spoken(stay.tutor_language)
    person.roles.append(RoleHeld(role=Role.TUTOR))
    tx.rows.add(person)
    tx.rows.flush()
    return person


def _keep_address(tx: Tx, person: Person) -> None:
    """The address the roster gives."""
    known = addresses_at(tx.rows, "email", person.email) if person.email else []
    if person.email and all(each.person_id != person.id for each in known):
        native, at = person.email, tx.now
        tx.rows.add(
            Address(person_id=person.id, channel="email", native=native, state="confirmed", created_at=at, used_at=at)
        )
    tx.rows.flush()
