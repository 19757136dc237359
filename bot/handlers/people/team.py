"""The team comes in: schools, people, roles and leave are made or brought up to date, never doubled.

What hangs on them is looked at: stays of a school that is gone, cases of somebody who leaves, links that were handed out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bot.domain.desk import has_desk
from bot.domain.person import STAFF
from bot.domain.roster.team import Member, Team
from bot.domain.roster.team import School as TeamSchool
from bot.domain.roster.team_file import TeamError
from bot.handlers.case.case import release_cases
from bot.handlers.people.adults import shut_out
from bot.handlers.people.mailboxes import keep_mailbox
from bot.handlers.people.roster import Imported
from bot.handlers.people.team_words import PLAIN, Post, plain_after, roles_after
from bot.i18n import Sentence, _n, say
from bot.store.db import Tx
from bot.store.people import LeaveTaken, Person, RoleHeld, School, by_ref
from bot.store.records import keep_language
from bot.store.stays import StayRow


@dataclass
class TeamImported(Imported):
    """What an import of the team did, as references."""

    renamed: list[str] = field(default_factory=list)
    freed: list[str] = field(default_factory=list)
    """Learners whose case nobody follows any more: their case is back on the first rung."""


def bring_in_team(tx: Tx, team: Team) -> TeamImported:
    """Apply a team that was read and checked. People no longer named lose their roles, and with them every right.

    Raises:
        TeamError: stays belong to a school that is no longer named.
    """
    known = {school.ref: school for school in tx.rows.scalars(select(School))}
    problems = list(_left_behind(tx, team, known))
    if problems:
        raise TeamError(problems)
    done = TeamImported()
    keep_language(tx.rows, team.consortium.language)
    schools = _schools(tx, team, known, done)
    for member in team.people:
        _member(tx, member, team, schools, done)
    done.missing = _dismiss(tx, {member.ref for member in team.people})
    tx.rows.flush()
    tx.rows.info.pop("stays", None)
    done.freed = [row.stay.person.ref for row in release_cases(tx)]
    return done


def rehearse_team(tx: Tx, team: Team) -> TeamImported:
    """What `bring_in_team` would do: it is done, and undone.

    Raises:
        TeamError: stays belong to a school that is no longer named.
    """
    attempt = tx.rows.begin_nested()
    try:
        return bring_in_team(tx, team)
    finally:
        attempt.rollback()


def _left_behind(tx: Tx, team: Team, known: dict[str, School]) -> Iterator[Sentence]:
    """One line for each school that is no longer named while stays belong to it: its learners would have nobody."""
    named = {school.ref for school in team.schools} | {school.was for school in team.schools}
    for ref, school in sorted(known.items()):
        stays = tx.rows.scalar(select(func.count()).select_from(StayRow).where(StayRow.school_id == school.id)) or 0
        if ref and ref not in named and stays:
            text = _n(
                'school "{ref}" is no longer in the file, but {count} stay belongs to it: '
                'put it back, or, where it bears another ref now, write was = "{ref}" below that one',
                'school "{ref}" is no longer in the file, but {count} stays belong to it: '
                'put it back, or, where it bears another ref now, write was = "{ref}" below that one',
            )
            yield say(text, ref=ref, count=stays)


def _schools(tx: Tx, team: Team, known: dict[str, School], done: TeamImported) -> dict[str, School]:
    about = team.consortium
    consortium = TeamSchool(
        ref="consortium", name=about.name, city=about.name, zone=about.zone, on_call_phone=about.on_call_phone
    )
    _school(tx, known, consortium, "")
    for each in team.schools:
        if each.was in known and each.ref not in known:
            known[each.ref] = known.pop(each.was)
            known[each.ref].ref = each.ref
            done.renamed.append(each.ref)
        _school(tx, known, each, each.ref)
    tx.rows.flush()
    return known


def _school(tx: Tx, known: dict[str, School], read: TeamSchool, ref: str) -> None:
    school = known.get(ref)
    if school is None:
        school = known[ref] = School(ref=ref, name=read.name)
        tx.rows.add(school)
    school.name, school.city, school.zone = read.name, read.city, read.zone
    school.phone, school.on_call_phone = read.phone, read.on_call_phone


def _member(tx: Tx, member: Member, team: Team, schools: dict[str, School], done: Imported) -> None:
    person = by_ref(tx.rows, member.ref)
    before = _shape(person) if person else None
    if person is None:
        person = Person(ref=member.ref, first_name="", last_name="", language=member.language)
        tx.rows.add(person)
    for name in PLAIN:
        setattr(person, name, plain_after(tx, person, name, getattr(member, name)))
    person.school_id = schools[member.home].id if member.home else None
    _hold(tx, person, member, team, schools)
    own = [leave for leave in person.leaves if leave.announced]
    filed = {(leave.first, leave.last) for leave in person.leaves if not leave.announced}
    if filed != {(leave.first, leave.last) for leave in member.leaves}:
        person.leaves = [*own, *(LeaveTaken(first=leave.first, last=leave.last) for leave in member.leaves)]
    tx.rows.flush()
    keep_mailbox(tx, person, written=True)
    after = _shape(person)
    (done.created if before is None else done.unchanged if before == after else done.updated).append(member.ref)


def _hold(tx: Tx, person: Person, member: Member, team: Team, schools: dict[str, School]) -> None:
    """Exactly the roles of the file, the duties that a school has for all, and what the desk has said beside it. A role at home
    names no school: who moves to another school takes it along.
    """
    wanted: set[Post] = {
        (role, schools[place].id if place and place != member.home else None)
        for place, roles in member.posts.items()
        for role in roles
    }
    wanted |= {(role, schools[""].id) for role in team.duties_of(member)}
    wanted = roles_after(tx, person, wanted)
    held = {(role.role, role.school_id) for role in person.roles}
    kept = [each for each in person.roles if (each.role, each.school_id) in wanted]
    person.roles = [*kept, *_of_others(person)]
    person.roles += [RoleHeld(role=role, school_id=school) for role, school in sorted(wanted - held, key=str)]


def _of_others(person: Person) -> list[RoleHeld]:
    """The roles that no team's file gives or takes."""
    return [held for held in person.roles if held.role not in STAFF]


def _shape(person: Person) -> tuple[object, ...]:
    roles = frozenset((held.role, held.school_id) for held in person.roles)
    leaves = frozenset((leave.first, leave.last) for leave in person.leaves)
    return person.first_name, person.last_name, person.email, person.phone, person.school_id, roles, leaves


def _dismiss(tx: Tx, named: set[str]) -> list[str]:
    """Adults who are no longer in the file: their roles end, and with them every link and slot they had. What somebody
    is to a learner of their own, a parent or a host tutor, is none of the team's business.
    """
    wanted = select(Person).join(RoleHeld).where(RoleHeld.role.in_(sorted(STAFF)), Person.ref.not_in(named))
    gone = list(tx.rows.scalars(wanted).unique())
    for person in gone:
        kept = roles_after(tx, person, set())
        person.roles = [held for held in person.roles if held.role not in STAFF or (held.role, held.school_id) in kept]
        if not kept:
            shut_out(tx, person)
    return sorted(person.ref for person in gone if not has_desk(held.role for held in person.roles))
