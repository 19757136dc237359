"""What journeys about the desk in chat begin with, and how they ask."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld, by_ref
from bot.store.stays import StayRow, current_stay
from tests.journeys.driver import Journey
from tests.journeys.scenes import forget

CARD = """{full}
Leipzig, Germany, Elektro Winkelmann
From Saturday 6 March to Saturday 27 March; at work from Monday 8 March to Friday 26 March."""


async def ask(journey: Journey, ref: str, words: str, *, watched: bool = True) -> list[str]:
    """What somebody hears who writes these words."""
    journey.heard(ref)
    await journey.say(ref, words, watched=watched)
    return journey.heard(ref)


async def classes(journey: Journey, **refs: str) -> None:
    """Put learners into classes, without their noticing."""
    await journey.do(_put, refs)
    forget(journey)


def _put(tx: Tx, refs: dict[str, str]) -> None:
    for ref, name in refs.items():
        stay_of(tx, ref).class_name = name


def person_of(tx: Tx, ref: str) -> Person:
    person = by_ref(tx.rows, ref)
    assert person is not None
    return person


def stay_of(tx: Tx, ref: str) -> StayRow:
    stay = current_stay(tx.rows, person_of(tx, ref).id)
    assert stay is not None
    return stay


def give(tx: Tx, ref: str, *roles: Role) -> None:
    """Somebody has these roles from now on."""
    person = person_of(tx, ref)
    held = {role.role for role in person.roles}
    person.roles = [role for role in person.roles if role.role in roles]
    person.roles += [RoleHeld(role=role) for role in roles if role not in held]


def leave_chat(tx: Tx, *refs: str) -> None:
    """They block us: nothing reaches them any more."""
    for ref in refs:
        for address in tx.rows.scalars(select(Address).where(Address.person_id == person_of(tx, ref).id)):
            address.state = "left"
