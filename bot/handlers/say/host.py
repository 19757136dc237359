"""Those whom the roster names for a stay, as people: the tutor at the host's, the employer, the teacher at the partner school, the
host family.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.person import Role, clean_name, halves
from bot.domain.stay import Kind
from bot.domain.tutor import spoken
from bot.store.cases import left_out
from bot.store.contacts import StayContact, contacts_of
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld, addresses_at, by_ref
from bot.store.stays import StayRow


@dataclass(frozen=True)
class Named:
    """One of them, as the roster writes them."""

    role: Role
    name: str
    email: str | None
    language: str


def tutor_of(tx: Tx, stay: StayRow) -> Person | None:
    """The tutor the roster names, as a person; None where it names nobody. One who looks after several is one person."""
    named = _tutor(stay)
    return _person(tx, stay, named) if named else None


def known_tutor(tx: Tx, stay: StayRow) -> Person | None:
    """The same, where they are known as a person already."""
    named = _tutor(stay)
    return _known(tx, stay, named) if named else None


def external_of(tx: Tx, stay: StayRow, role: Role) -> Person | None:
    """The employer, the teacher at the partner school or the host family, as a person; None where the roster names nobody."""
    found = contacts_of(tx.rows, stay.id).get(role)
    return _person(tx, stay, Named(role, found.name, found.email, found.language)) if found else None


def family_named(tx: Tx, stay: StayRow) -> StayContact | None:
    """The host family of somebody who lives with one, as the roster names them."""
    lives_there = stay.kind is Kind.INCOMING or Role.HOST_FAMILY in stay.tags
    return contacts_of(tx.rows, stay.id).get(Role.HOST_FAMILY) if lives_there else None


def host_family_of(tx: Tx, stay: StayRow) -> StayContact | None:
    """The host family with their number; None for one whom the learner keeps out."""
    found = family_named(tx, stay)
    if found is None or found.phone is None:
        return None
    known = _known(tx, stay, Named(Role.HOST_FAMILY, found.name, found.email, found.language))
    out = left_out(tx.rows, stay.person_id) if known is not None else ()
    return None if any(known is not None and each.adult_id == known.id for each in out) else found


def _tutor(stay: StayRow) -> Named | None:
    if not stay.tutor_name:
        return None
    return Named(Role.TUTOR, stay.tutor_name, stay.tutor_email, spoken(stay.tutor_language))


def _person(tx: Tx, stay: StayRow, named: Named) -> Person:
    person = _known(tx, stay, named) or _make(tx, stay, named)
    person.language = named.language
    _keep_address(tx, person)
    return person


def _known(tx: Tx, stay: StayRow, named: Named) -> Person | None:
    if not named.email:
        found = by_ref(tx.rows, _ref(stay, named.role))
        return found if found is not None and found.full_name == clean_name(named.name) else None
    wanted = select(Person).join(RoleHeld).where(RoleHeld.role == named.role, Person.email == named.email)
    return tx.rows.scalars(wanted.order_by(Person.id)).first()


def _ref(stay: StayRow, role: Role) -> str:
    return f"{stay.person.ref}~{role}"


def _make(tx: Tx, stay: StayRow, named: Named) -> Person:
    ref, first, last = _ref(stay, named.role), *halves(named.name)
    if by_ref(tx.rows, ref) is not None:  # another one before
        ref = f"{ref}~{tx.now:%Y%m%d%H%M%S%f}"
    person = Person(ref=ref, first_name=first, last_name=last, school_id=stay.school_id, email=named.email)
    person.language = named.language
    person.roles.append(RoleHeld(role=named.role))
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
