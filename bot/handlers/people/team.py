"""The team comes in: schools, people, roles and leave are made or brought up to date, never doubled.

The e-mail addresses of the team, as `consortium.toml` has them: whoever wrote that file answers for them.

Learners have none: nothing is sent to them by e-mail. Two adults with one mailbox: it is the first one's.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.roster.team import Member, Team
from bot.domain.roster.team import School as TeamSchool
from bot.handlers.people.confirm import note
from bot.handlers.people.roster import Imported
from bot.store.db import Tx
from bot.store.people import Address, LeaveTaken, Person, RoleHeld, School, by_ref
from bot.store.records import keep_setting, setting
from bot.store.stays import StayRow

CHANNEL, SETTING = "email", "email"


def sends_mail(tx: Tx) -> bool:
    """Whether this installation can send e-mail, as it was last started."""
    return bool((setting(tx.rows, SETTING) or {}).get("on"))


def keep_mailboxes(tx: Tx, *, on: bool) -> None:
    """At every start: where e-mail is off an address there reaches nobody, and nobody may count on it."""
    keep_setting(tx.rows, SETTING, {"on": on})
    tx.rows.flush()
    held = select(RoleHeld.person_id).where(RoleHeld.role != Role.LEARNER)
    for person in tx.rows.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)):
        keep_mailbox(tx, person)


def keep_mailbox(tx: Tx, person: Person, *, written: bool = False) -> None:
    """One adult's address is as their person has it. `written`: the file has just said so, so that an address whose
    mail came back is tried again."""
    native = (person.email or "").lower() if _adult(person) and sends_mail(tx) else ""
    for old in tx.rows.scalars(select(Address).where(Address.person_id == person.id, Address.channel == CHANNEL)):
        if old.native != native and old.state != "revoked":
            old.state = "revoked"
            note(tx, old, "revoke")
    if native:
        _confirm(tx, person, native, written=written)
    tx.rows.flush()


def _confirm(tx: Tx, person: Person, native: str, *, written: bool) -> None:
    known = tx.rows.scalar(select(Address).where(Address.channel == CHANNEL, Address.native == native))
    if known is None:
        known = Address(channel=CHANNEL, native=native, created_at=tx.now)
        tx.rows.add(known)
    elif known.state in _kept(known, person, written=written):
        return
    known.person_id, known.state, known.used_at = person.id, "confirmed", tx.now
    tx.rows.flush()
    note(tx, known, "confirm")


def _kept(known: Address, person: Person, *, written: bool) -> set[str]:
    """The states in which an address stays as it is."""
    if known.person_id != person.id:
        return {"confirmed", "pending", "left"}
    return {"confirmed"} if written else {"confirmed", "left"}


def _adult(person: Person) -> bool:
    return any(held.role is not Role.LEARNER for held in person.roles)


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
