"""The team comes in: schools, people, roles and leave are made or brought up to date, never doubled."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.roster.team import Member, Team
from bot.domain.roster.team import School as TeamSchool
from bot.handlers.people.mailboxes import keep_mailbox
from bot.handlers.people.roster import Imported
from bot.store.db import Tx
from bot.store.people import LeaveTaken, Person, RoleHeld, School, by_ref
from bot.store.stays import StayRow


def bring_in_team(tx: Tx, team: Team) -> Imported:
    """Apply a team that was read and checked. People no longer named lose their roles, and with them every right."""
    schools = {school.ref: school for school in tx.rows.scalars(select(School))}
    about = team.consortium
    _school(
        tx,
        schools,
        TeamSchool(
            ref="consortium", name=about.name, city=about.name, zone=about.zone, on_call_phone=about.on_call_phone
        ),
        "",
    )
    for each in team.schools:
        _school(tx, schools, each, each.ref)
    tx.rows.flush()
    done = Imported()
    for member in team.people:
        _member(tx, member, schools[member.school] if member.school else None, done)
    done.missing = _dismiss(tx, {member.ref for member in team.people})
    return done


def _school(tx: Tx, known: dict[str, School], read: TeamSchool, ref: str) -> None:
    school = known.get(ref)
    if school is None:
        school = known[ref] = School(ref=ref, name=read.name)
        tx.rows.add(school)
    school.name, school.city, school.zone = read.name, read.city, read.zone
    school.phone, school.on_call_phone = read.phone, read.on_call_phone


def _member(tx: Tx, member: Member, school: School | None, done: Imported) -> None:
    person = by_ref(tx.rows, member.ref)
    before = _shape(person) if person else None
    if person is None:
        person = Person(ref=member.ref, first_name="", last_name="", language=member.language)
        tx.rows.add(person)
    person.first_name, person.last_name = member.first_name, member.last_name
    person.email, person.phone = member.email, member.phone
    person.school_id = school.id if school else None
    held = {role.role for role in person.roles}
    person.roles = [role for role in person.roles if role.role in member.held or role.role is Role.LEARNER]
    person.roles += [RoleHeld(role=role) for role in sorted(member.held - held)]
    own = [leave for leave in person.leaves if leave.announced]
    filed = {(leave.first, leave.last) for leave in person.leaves if not leave.announced}
    if filed != {(leave.first, leave.last) for leave in member.leaves}:
        person.leaves = [*own, *(LeaveTaken(first=leave.first, last=leave.last) for leave in member.leaves)]
    tx.rows.flush()
    keep_mailbox(tx, person, written=True)
    after = _shape(person)
    (done.created if before is None else done.unchanged if before == after else done.updated).append(member.ref)


def _shape(person: Person) -> tuple[object, ...]:
    roles = frozenset(held.role for held in person.roles)
    leaves = frozenset((leave.first, leave.last) for leave in person.leaves)
    return person.first_name, person.last_name, person.email, person.phone, person.school_id, roles, leaves


def _dismiss(tx: Tx, named: set[str]) -> list[str]:
    """Adults who are no longer in the file: their roles end."""
    learners = select(StayRow.person_id)
    wanted = select(Person).join(RoleHeld).where(Person.id.not_in(learners), Person.ref.not_in(named))
    gone = list(tx.rows.scalars(wanted).unique())
    for person in gone:
        person.roles.clear()
        person.wake_at = None
        keep_mailbox(tx, person)
    return sorted(person.ref for person in gone)
