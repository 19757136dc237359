"""The team as ladders see it: who holds which role where, who is on duty, who is on leave, who can be reached."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import event, select
from sqlalchemy.orm import Session, object_session

from bot.domain.channel import OPEN
from bot.domain.person import OUTSIDE, Adult, Leave, Role, Slot
from bot.store.asking import unwritten
from bot.store.people import Address, LeaveTaken, OnCallSlot, Person, RoleHeld, consortium_of, posts

_IN_A_TEAM = select(RoleHeld.person_id).where(RoleHeld.role.not_in(OUTSIDE))
_REACHABLE = select(Address.person_id).where(Address.state == "confirmed", Address.person_id.in_(_IN_A_TEAM))
_ANSWERING = _REACHABLE.where(Address.channel.not_in(sorted(OPEN)))
_ADULTS = select(Person.id, Person.school_id).where(Person.id.in_(_IN_A_TEAM)).order_by(Person.id)
_ROLES = select(RoleHeld.person_id, RoleHeld.role, RoleHeld.school_id).where(RoleHeld.person_id.in_(_IN_A_TEAM))
_LEAVES = select(LeaveTaken.person_id, LeaveTaken.first, LeaveTaken.last).order_by(LeaveTaken.id)
_SLOTS = select(OnCallSlot.person_id, OnCallSlot.since, OnCallSlot.until).order_by(OnCallSlot.id)

TEAM = "team"
"""Under this name a session keeps the team that it has read, until something of it changes."""
_OF_TEAM = (Person, RoleHeld, Address, LeaveTaken, OnCallSlot)
_TEAM_TABLES = frozenset(each.__tablename__ for each in _OF_TEAM)


def team(session: Session, *, answering: bool = False) -> tuple[Adult, ...]:
    """Everybody who holds a role, as ladders see them. `answering`: an address where nobody answers does not count.
    A transaction reads it once, and again after it has changed something of it.
    """
    if unwritten(session, _TEAM_TABLES):
        session.flush()
    known: dict[bool, tuple[Adult, ...]] = session.info.setdefault(TEAM, {})
    if answering not in known:
        known[answering] = _read_team(session, answering=answering)
    return known[answering]


def _team_changed(_mapper: object, _connection: object, row: object) -> None:
    session = object_session(row)
    if session is not None:
        session.info.pop(TEAM, None)


for _each in _OF_TEAM:
    for _change in ("after_insert", "after_update", "after_delete"):
        event.listen(_each, _change, _team_changed)


def _read_team(session: Session, *, answering: bool) -> tuple[Adult, ...]:
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
