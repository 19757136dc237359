"""The adults of the schools within the visitor's walls: roles, channels, leave and slots on call. Learners are not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.domain.channel import NAMES
from bot.domain.desk import follows
from bot.domain.person import DUTIES, STAFF, Adult, Role
from bot.domain.rights import Act
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.people import Person, School, confirmed
from bot.store.stays import StayRow
from bot.store.team import team
from bot.web.desk.planned_absence import OnCall, Span, read_leaves, read_on_call, read_slots
from bot.web.desk.visitor import Missing, Visitor, stays_within

SIGNS = {"telegram": "✈", "matrix": "#", "web": "⌂", "email": "✉", "console": "›"}
ROLES: dict[Role, Text] = {
    Role.COORDINATOR: _("Coordinator"),
    Role.DEPUTY: _("Deputy"),
    Role.HEAD: _("Head of school"),
    Role.ON_CALL: _("On call"),
    Role.TEACHER: _("Teacher"),
    Role.FINANCE: _("Finance"),
    Role.ADMINISTRATION: _("Administration"),
    Role.QUALITY: _("Quality"),
    Role.CONSORTIUM: _("Consortium"),
}


@dataclass(frozen=True)
class Colleague:
    """One adult. Whoever may see no cases learns name and roles only, and their own leave."""

    id: int
    name: str
    roles: str
    me: bool
    seen: bool
    manages: bool
    on_call: bool
    channels: tuple[tuple[str, str], ...]
    leaves: tuple[Span, ...]
    slots: tuple[Span, ...]


@dataclass(frozen=True)
class Staff:
    """The adults of one school, or of the consortium itself."""

    school: int | None
    name: str
    people: tuple[Colleague, ...]
    on_call: OnCall | None


def read_people(tx: Tx, who: Visitor) -> list[Staff]:
    """Every school that the visitor may know of, and who has a duty for all. Readings do not grow with the number of adults."""
    adults = team(tx.rows)
    shown = [adult for adult in adults if _of_theirs(who, adult) or adult.post(None) & DUTIES]
    numbers = [adult.person for adult in shown]
    read_once = select(Person).where(Person.id.in_(numbers))
    known = tx.rows.scalars(read_once.options(selectinload(Person.leaves), selectinload(Person.slots))).all()
    people = {row.id: row for row in known}
    channels: dict[int, list[str]] = {}
    for address in confirmed(tx.rows, numbers):
        channels.setdefault(address.person_id, []).append(address.channel)
    schools = {row.id: row for row in tx.rows.scalars(select(School).order_by(School.name))}
    stays = stays_within(tx, who)
    found = [(number, row.name) for number, row in schools.items() if row.ref != ""]
    home = next((row.name for row in schools.values() if row.ref == ""), "")
    return [
        Staff(number, name, there, read_on_call(tx, who, adults, schools.get(number or 0)))
        for number, name in [*found, (None, home)]
        if (there := _colleagues(who, adults, number, people, channels, stays))
    ]


def colleague_within(tx: Tx, who: Visitor, number: int) -> Person:
    """One adult whose leave and slots the visitor may change: their own always.

    Raises:
        Missing: there is none, it is no adult of the team, or it is not theirs.
    """
    person = tx.rows.get(Person, number)
    if person is None or STAFF.isdisjoint(held.role for held in person.roles):
        raise Missing
    if person.id != who.adult.person and not _within(who, Act.MANAGE, person.adult):
        raise Missing
    return person


def _colleagues(
    who: Visitor,
    adults: tuple[Adult, ...],
    school: int | None,
    known: Mapping[int, Person],
    channels: Mapping[int, list[str]],
    stays: list[StayRow],
) -> tuple[Colleague, ...]:
    here = [adult for adult in adults if adult.person in known and school in adult.schools]
    people = [(adult, known[adult.person]) for adult in here if school is None or _of_theirs(who, adult)]
    people.sort(key=lambda each: (each[1].last_name.casefold(), each[1].first_name.casefold(), each[1].id))
    return tuple(_colleague(who, adults, adult, school, row, channels.get(row.id, []), stays) for adult, row in people)


def _colleague(
    who: Visitor,
    adults: tuple[Adult, ...],
    adult: Adult,
    school: int | None,
    row: Person,
    channels: list[str],
    stays: list[StayRow],
) -> Colleague:
    """One adult as one of a school's people; their leave is the same at all their schools."""
    me, manages = row.id == who.adult.person, _within(who, Act.MANAGE, adult)
    seen = me or _within(who, Act.SEE_CASES, adult)
    theirs = [stay for stay in stays if follows(adult.roles_at(stay.school_id))]
    roles = adult.post(school)
    return Colleague(
        id=row.id,
        name=row.full_name,
        roles=", ".join(who.says(ROLES[role]) for role in ROLES if role in roles),
        me=me,
        seen=seen,
        manages=me or manages,
        on_call=Role.ON_CALL in roles,
        channels=tuple((SIGNS[each], NAMES[each]) for each in dict.fromkeys(channels)) if seen else (),
        leaves=read_leaves(who, adults, row, theirs) if seen else (),
        slots=read_slots(who, row) if seen else (),
    )


def _of_theirs(who: Visitor, adult: Adult) -> bool:
    """Whether an adult is the visitor, or works at a school that they know of."""
    return adult.person == who.adult.person or _within(who, Act.SEE_LEARNERS, adult)


def _within(who: Visitor, act: Act, adult: Adult) -> bool:
    """Whether the visitor may do something at one of the schools of an adult."""
    return any(who.may(act, school) for school in adult.schools)
