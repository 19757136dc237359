"""An adult of the team is added or changed at the desk: what was written is read, what it does is known before, then done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from sqlalchemy import delete, func, select

from bot.domain.ladder.cover import ENOUGH
from bot.domain.person import STAFF, Adult, Role
from bot.domain.rights import ACKNOWLEDGERS, Act, may
from bot.domain.roster.cells import CellError, read_email, read_name
from bot.domain.roster.phones import read_phone
from bot.domain.roster.place import region_of
from bot.domain.roster.reference import reference_key
from bot.domain.spelling import folded
from bot.handlers.case.case import release_cases
from bot.handlers.people.mailboxes import keep_mailbox
from bot.handlers.people.team_words import PLAIN, role_word, say_word
from bot.i18n import Sentence, _, say
from bot.store.db import Tx
from bot.store.links import LoginLink, Visit
from bot.store.people import Invitation, Person, RoleHeld, School, by_ref, consortium_of
from bot.store.records import audit
from bot.store.team import team

T = TypeVar("T")
EMPTY = _("this cell must not be empty")
NO_ROLE = _("tick at least one role")
YOURSELF = _("you would shut yourself out: let a colleague do that")
NOT_YOURS = _("this role reaches beyond your school: only the consortium's own people give or end it")


@dataclass
class Written:
    """A form about an adult at one school (None: the consortium), as it was sent."""

    school: int | None
    plain: dict[str, str]
    roles: frozenset[Role]
    language: str = ""
    faults: dict[str, Sentence] = field(default_factory=dict)
    read: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Follows:
    """What follows from a change: the cases that go back to the first rung, by learner; who else has that mailbox; whether
    too few remain who can take a case."""

    freed: tuple[str, ...]
    sharing: tuple[str, ...]
    thin: bool

    @property
    def anything(self) -> bool:
        return bool(self.freed or self.sharing or self.thin)


def read(tx: Tx, by: Adult, person: Person | None, sent: Written) -> Written:
    """Read what was sent; `faults` says what is wrong, by field."""
    school = tx.rows.get(School, sent.school) if sent.school else None
    region = region_of(school.zone if school else "Europe/Paris")
    _take(sent, "first_name", lambda cell: read_name(cell), needed=True)
    _take(sent, "last_name", lambda cell: read_name(cell), needed=True)
    _take(sent, "email", read_email)
    _take(sent, "phone", lambda cell: read_phone(cell, region))
    held = held_at(person, sent.school) if person else frozenset()
    if person is None and not sent.roles:
        sent.faults["roles"] = say(NO_ROLE)
    if Role.CONSORTIUM in sent.roles ^ held and not may(by, Act.MANAGE, None):
        sent.faults["roles"] = say(NOT_YOURS)
    if person is not None and person.id == by.person and _manages(held) and not _manages(sent.roles):
        sent.faults["roles"] = say(YOURSELF)
    return sent


def _take(sent: Written, name: str, take: Callable[[str], str], *, needed: bool = False) -> None:
    written = sent.plain.get(name, "")
    if not written.strip():
        sent.read[name] = None
        if needed:
            sent.faults[name] = say(EMPTY)
        return
    try:
        sent.read[name] = take(written)
    except CellError as error:
        sent.faults[name] = error.says


def _manages(roles: frozenset[Role]) -> bool:
    return may(Adult(0, roles, None), Act.MANAGE, None)


def held_at(person: Person, school: int | None) -> frozenset[Role]:
    """Their roles of the team at a school."""
    return person.adult.post(school) & STAFF


def rehearse(tx: Tx, by: Person, person: Person | None, sent: Written) -> Follows:
    """What would follow: it is done, looked at, and undone."""
    attempt = tx.rows.begin_nested()
    before = _takers(tx, sent.school)
    try:
        _changed, freed = _write(tx, by, person, sent)
        after = _takers(tx, sent.school)
    finally:
        attempt.rollback()
    thin = sent.school is not None and after < min(before, ENOUGH)
    return Follows(freed, _sharing(tx, person, sent.read.get("email")), thin)


def write(tx: Tx, by: Person, person: Person | None, sent: Written) -> Person:
    """Do it, and write down who did what; roles and states only."""
    changed, freed = _write(tx, by, person, sent)
    roles = sorted(role.value for role in held_at(changed, sent.school))
    audit(tx, f"person {by.id}", "adult", f"person {changed.id}", new=person is None, roles=roles, freed=len(freed))
    return changed


def _takers(tx: Tx, school: int | None) -> int:
    return sum(not ACKNOWLEDGERS.isdisjoint(each.roles_at(school)) for each in team(tx.rows))


def _sharing(tx: Tx, person: Person | None, email: str | None) -> tuple[str, ...]:
    if not email:
        return ()
    same = select(Person).where(func.lower(Person.email) == email.lower()).order_by(Person.id)
    return tuple(each.full_name for each in tx.rows.scalars(same) if person is None or each.id != person.id)


def _write(tx: Tx, by: Person, person: Person | None, sent: Written) -> tuple[Person, tuple[str, ...]]:
    new = person is None
    if person is None:
        person = Person(
            ref=_free_ref(tx, sent.read["first_name"] or ""), first_name="", last_name="", language=sent.language
        )
        person.school_id = sent.school
        tx.rows.add(person)
        tx.rows.flush()
    for name in PLAIN:
        now, was = sent.read.get(name), getattr(person, name)
        if (now or "") != (was or ""):
            setattr(person, name, (now or "") if name.endswith("name") else now)
            if not new:
                say_word(tx, person, name, was or "", now or "", by)
    _hold(tx, by, person, sent)
    tx.rows.flush()
    tx.rows.expire(person, ["school"])
    keep_mailbox(tx, person, written=True)
    if not STAFF.intersection(held.role for held in person.roles):
        shut_out(tx, person)
    return person, tuple(row.stay.person.short_name for row in release_cases(tx))


def _hold(tx: Tx, by: Person, person: Person, sent: Written) -> None:
    """Exactly the roles that were ticked, at this school."""
    place = None if person.school_id == sent.school else sent.school or consortium_of(tx.rows)
    for role in sorted(held_at(person, sent.school) ^ sent.roles):
        given = role in sent.roles
        say_word(tx, person, role_word(role, place), "" if given else "held", "held" if given else "", by)
        if given:
            person.roles.append(RoleHeld(role=role, school_id=place))
        else:
            person.roles = [each for each in person.roles if (each.role, each.school_id) != (role, place)]


def shut_out(tx: Tx, person: Person) -> None:
    """Nobody of the team any more: every link ends, and the slots to come."""
    person.slots = [slot for slot in person.slots if slot.since <= tx.now]
    person.wake_at = None
    for table in (LoginLink, Visit):
        tx.rows.execute(delete(table).where(table.person_id == person.id))
    tx.rows.execute(delete(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None)))
    keep_mailbox(tx, person)


def _free_ref(tx: Tx, first: str) -> str:
    """A reference that nobody has, from the first name."""
    stem = "".join(char for char in folded(first) if char.isascii() and char.isalnum()) or "adult"
    for number in count(1):
        ref = stem if number == 1 else f"{stem}{number}"
        known = select(Person.id).where(Person.ref_key == reference_key(ref)).limit(1)
        if by_ref(tx.rows, ref) is None and tx.rows.scalar(known) is None:
            return ref
    raise AssertionError
