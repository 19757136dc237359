"""The team as ladders see it: who holds which role where, who is on duty, who is on leave, who can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.channel import OPEN
from bot.domain.person import OUTSIDE, Adult, Leave, Role, Slot
from bot.store.autoflush import lasting
from bot.store.people import CONSORTIUM, Address, LeaveTaken, OnCallSlot, Person, RoleHeld, consortium_of, posts

_IN_A_TEAM = select(RoleHeld.person_id).where(RoleHeld.role.not_in(OUTSIDE))
_REACHABLE = select(Address.person_id).where(Address.state == "confirmed", Address.person_id.in_(_IN_A_TEAM))
_ANSWERING = _REACHABLE.where(Address.channel.not_in(sorted(OPEN)))
_ADULTS = select(Person.id, Person.school_id).where(Person.id.in_(_IN_A_TEAM)).order_by(Person.id)
_NAMES = select(Person.id, Person.first_name, Person.last_name).where(Person.id.in_(_IN_A_TEAM))
_ROLES = select(RoleHeld.person_id, RoleHeld.role, RoleHeld.school_id).where(RoleHeld.person_id.in_(_IN_A_TEAM))
_LEAVES = select(LeaveTaken.person_id, LeaveTaken.first, LeaveTaken.last).order_by(LeaveTaken.id)
_SLOTS = select(OnCallSlot.person_id, OnCallSlot.since, OnCallSlot.until).order_by(OnCallSlot.id)


@lasting(_REACHABLE, _ANSWERING, _ADULTS, _ROLES, _LEAVES, _SLOTS, CONSORTIUM)
def team(session: Session, *, answering: bool = False) -> tuple[Adult, ...]:
    """Everybody who holds a role, as ladders see them. `answering`: an address where nobody answers does not count."""
    reachable = set(session.scalars(_ANSWERING if answering else _REACHABLE))
    people = session.execute(_ADULTS).all()
    held: dict[int, list[tuple[Role, int | None]]] = defaultdict(list)
    for person, role, place in session.execute(_ROLES):
        held[person].append((role, place))
    further = any(place is not None for each in held.values() for _role, place in each)
    whole = consortium_of(session) if further else None
    places = {person: posts(school, held[person], whole) for person, school in people}
    leaves: dict[int, list[Leave]] = defaultdict(list)
    for person, first, last in session.execute(_LEAVES):
        leaves[person].append(Leave(first, last))
    slots: dict[int, list[Slot]] = defaultdict(list)
    for person, since, until in session.execute(_SLOTS):
        slots[person].append(Slot(since, until))
    return tuple(
        Adult(
            person=person,
            roles=places[person][0],
            school=school,
            leaves=tuple(leaves[person]),
            reachable=person in reachable,
            slots=tuple(slots[person]),
            elsewhere=places[person][1],
        )
        for person, school in people
    )


@lasting(_NAMES)
def names_of_team(session: Session) -> Mapping[int, tuple[str, str]]:
    """First and last names of everybody who holds a role."""
    return {person: (first, last) for person, first, last in session.execute(_NAMES)}
