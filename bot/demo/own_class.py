"""A class of one's own to rehearse with: who they are and when they travel, and nothing else of them.

No address, no number, no answer and no case leaves the installation; the rehearsal could not reach anybody if it tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.demo.world import Script
from bot.domain.person import STAFF, Role
from bot.domain.programme.starter import Audience
from bot.domain.quiet_hours import wall_instant
from bot.domain.roster import KnownSchool, read_roster
from bot.domain.roster.row import Guardian, RosterRow
from bot.domain.roster.table import table_from
from bot.domain.roster.team import Consortium, Member, School, Team, TeamRole
from bot.setup.files import invented_class
from bot.store.db import Tx
from bot.store.people import HOME_ZONE, Person, RoleHeld
from bot.store.people import Guardian as GuardianRow
from bot.store.people import School as SchoolRow
from bot.store.records import known_language
from bot.store.stays import StayRow
from bot.web.common.class_picture import Window

BEFORE = timedelta(days=14)
"""The clock stands so long before the first departure: the last papers, the arrival and an SOS are near."""
AFTER = timedelta(days=45)
MORNING = time(8)
SAFE = re.compile(r"[\w.-]+", re.ASCII)
"""References that may stand in an address; others are numbered."""


def script_of(tx: Tx, stays: list[StayRow]) -> Script:
    """What is rehearsed with some stays, of which there is one at least."""
    return _script(tx, tuple(_rows(tx, stays)), {stay.school_id for stay in stays})


def invented_script(tx: Tx, school: SchoolRow) -> Script:
    """A rehearsal of a school that has no class yet: six of nobody, who leave in two weeks."""
    today = tx.now.astimezone(ZoneInfo(school.zone)).date()
    written = invented_class(Audience.VET, school.ref, school.city, today)
    known = [KnownSchool(school.ref, school.name, school.city, school.zone)]
    roster = read_roster(table_from("class.csv", written.encode()), tx.programme, known, today)
    return _script(tx, roster.rows, {school.id})


def _script(tx: Tx, rows: tuple[RosterRow, ...], schools: set[int]) -> Script:
    first = min(rows, key=lambda row: row.departure)
    return Script(
        programme=tx.programme,
        team=_team(tx, schools),
        rows=rows,
        start=wall_instant(ZoneInfo(first.home_zone), first.departure - BEFORE, MORNING),
        end=max(row.back for row in rows) + AFTER,
        window=Window.around(rows, first.departure),
        own=True,
    )


def _rows(tx: Tx, stays: list[StayRow]) -> Iterable[RosterRow]:
    people = {stay.person_id for stay in stays}
    guardians: dict[int, list[Guardian]] = {}
    named = select(GuardianRow).where(GuardianRow.person_id.in_(people)).order_by(GuardianRow.position)
    for each in tx.rows.scalars(named):
        guardians.setdefault(each.person_id, []).append(Guardian("", None, None, each.language))
    for number, stay in enumerate(stays, 2):
        family = tuple(replace(each, name=stay.person.last_name) for each in guardians.get(stay.person_id, ()))
        yield replace(_row(number, stay), guardians=family)


def _birth(stay: StayRow) -> date | None:
    """Whether they are of age is played, not when they were born."""
    if stay.person.birth is None:
        return None
    return date(stay.departure.year - (16 if stay.facts().minor_on(stay.departure) else 20), 1, 1)


def _row(number: int, stay: StayRow) -> RosterRow:
    person = stay.person
    return RosterRow(
        row=number, reference=person.ref if SAFE.fullmatch(person.ref) else f"r{number}", first_name=person.first_name, last_name=person.last_name, birth=_birth(stay),
        kind=stay.kind, track=stay.track, school=stay.school.ref, class_name=stay.class_name, country=stay.country,
        city=stay.city, zone=stay.zone, home_country=stay.home_country, home_city="", home_zone=stay.home_zone,
        departure=stay.departure, start=stay.start, end=stay.end, back=stay.back, arrives=stay.arrives,
        home_on=stay.home_on, host=stay.host, tutor=None, language=person.language, email=None, phone=None,
        guardians=(), tags=frozenset(stay.tags), working_language=stay.working_language,
    )  # fmt: skip


def _team(tx: Tx, schools: set[int]) -> Team:
    """The schools of these stays, and whoever works there or for all of them."""
    rows = list(tx.rows.scalars(select(SchoolRow).order_by(SchoolRow.id)))
    refs = {row.id: row.ref for row in rows if row.id in schools}
    name = next((row.name for row in rows if not row.ref), "") or "Compagnon"
    people = tx.rows.scalars(
        select(Person).where(Person.roles.any(RoleHeld.role.in_(STAFF))).options(selectinload(Person.roles))
    )
    members = [member for person in people if (member := _member(person, refs))]
    return Team.model_construct(
        consortium=Consortium.model_construct(name=name, language=known_language(tx.rows) or "fr", zone=HOME_ZONE),
        schools=tuple(
            School.model_construct(ref=row.ref, name=row.name, city=row.city, zone=row.zone)
            for row in rows
            if row.id in refs
        ),
        people=tuple(members),
    )


def _member(person: Person, schools: dict[int, str]) -> Member | None:
    """An adult with the roles that count for these schools; None where none does."""
    home = schools.get(person.school_id or 0)
    held = [(each.role, person.school_id if each.school_id is None else each.school_id) for each in person.roles]
    at_home = home or person.school_id is None
    roles = tuple(_role(role) for role, at in held if role in STAFF and at == person.school_id and at_home)
    there: dict[str, tuple[TeamRole, ...]] = {}
    for role, at in held:
        if role in STAFF and at in schools and at != person.school_id:
            there[schools[at]] = (*there.get(schools[at], ()), _role(role))
    if not roles and not there:
        return None
    return Member.model_construct(
        ref=person.ref, first_name=person.first_name, last_name=person.last_name, school=home, roles=roles,
        roles_at=there, language=person.language,
    )  # fmt: skip


def _role(role: Role) -> TeamRole:
    return cast(TeamRole, role.value)
