"""What is held about somebody: how much of each kind, why, until when, who may read it, and who has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from bot.domain.need_to_know import may_with
from bot.domain.person import STAFF, Role
from bot.domain.personal_data import TRAIL_OF_READING, Copied
from bot.domain.purposes import PURPOSES, Kind, Purpose
from bot.domain.rights import Act
from bot.domain.stay import Kind as StayKind
from bot.handlers.say.facts import adult_of
from bot.handlers.say.own_page import own_page, whose_page
from bot.handlers.say.post import tell
from bot.i18n import Text, _, phrase
from bot.store.cases import left_out
from bot.store.consents import learners_of
from bot.store.db import Tx
from bot.store.links import Pass
from bot.store.people import Person
from bot.store.personal_data import copied, numbers_of
from bot.store.records import AuditRow
from bot.store.stays import stays_of_person
from bot.store.team import team

READS = 200
"""So many looks are shown, the latest."""
IN_SHORT = _("What I hold about {name}: {lines}.")
IN_FULL = _("Why, until when, who may read it and who has, a copy, the erasure: {link}\nThis link is for one hour, and for nobody else.")  # fmt: skip
ENTRIES = _("{kind} ({count})")


@dataclass(frozen=True)
class Part:
    """One kind of what is held about somebody."""

    kind: Kind
    purpose: Purpose
    count: int
    until: date | None
    """None: as long as they are in a team."""
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """Somebody has read something."""

    at: datetime
    who: str
    """Empty for whoever is gone by now."""
    what: Text


@dataclass(frozen=True)
class MyData:
    """The page of one person."""

    name: str
    language: str
    parts: tuple[Part, ...]
    looks: tuple[Look, ...]
    zone: str
    contact: str
    guest: bool
    """A school elsewhere answers for them."""


def my_data(tx: Tx, person: Person) -> None:
    """Answer `/mydata`: in short, with a link to all of it."""
    link = own_page(tx, person)
    lines = [phrase(ENTRIES, kind=phrase(part.purpose.name), count=part.count) for part in parts_of(tx, person)]
    said = [phrase(IN_SHORT, name=person.full_name, lines={"joined": lines, "by": ", "})]
    return tell(
        tx, person, "{all}", {"all": {"joined": said + [phrase(IN_FULL, link=link)] * bool(link), "by": "\n\n"}}
    )


def read_page(tx: Tx, token: str) -> MyData | None:
    """All that the page of a link shows."""
    person = whose_page(tx, token)
    if person is None:
        return None
    contact = adult_of(tx, person.school_id, Role.COORDINATOR) if person.school_id else None
    return MyData(
        name=person.full_name,
        language=person.language,
        parts=parts_of(tx, person),
        looks=looks_at(tx, person),
        zone=person.zone.key,
        contact=contact.full_name if contact else "",
        guest=is_guest(tx, person),
    )


def parts_of(tx: Tx, person: Person) -> tuple[Part, ...]:
    """The kinds of which something is held, in their order."""
    held, ended = copied(tx.rows, person.id), last_return(tx, person)
    in_team, guest = any(role.role in STAFF for role in person.roles), is_guest(tx, person)
    until = None if in_team else ended
    return tuple(
        Part(kind, purpose, count, _until(tx, purpose, until, guest=guest), _readers(tx, person, purpose.act))
        for kind, purpose in PURPOSES.items()
        if (count := _count(tx, held, kind, person))
    )


def last_return(tx: Tx, person: Person) -> date | None:
    """The last day of everything that somebody is here for: their own stays, their children's, those they look after."""
    learners = [each.id for each in learners_of(tx.rows, person.id)]
    own = [stay for number in (person.id, *learners) for stay in stays_of_person(tx.rows, number)]
    looked_after = [found.stay for found in tx.rows.scalars(select(Pass).where(Pass.person_id == person.id))]
    return max((stay.back for stay in (*own, *looked_after)), default=None)


def is_guest(tx: Tx, person: Person) -> bool:
    """Whether somebody is here as a guest only: what their own school needs of them it has itself."""
    stays = stays_of_person(tx.rows, person.id)
    return bool(stays) and all(stay.kind is StayKind.INCOMING for stay in stays)


def _until(tx: Tx, purpose: Purpose, ended: date | None, *, guest: bool) -> date | None:
    days = tx.programme.retention.days(purpose.kept, guest=guest)
    return None if ended is None else ended + timedelta(days=days)


def _count(tx: Tx, held: Copied, kind: Kind, person: Person) -> int:
    return len(looks_at(tx, person)) if kind is Kind.TRAIL else held.count(kind)


def _readers(tx: Tx, person: Person, act: Act | None) -> tuple[str, ...]:
    """The adults who may, by the same rule that lets them."""
    if act is None:
        return ()
    far = {each.adult_id for each in left_out(tx.rows, person.id)}
    adults = [
        each.person
        for each in team(tx.rows)
        if each.person != person.id and may_with(each, act, person.school_id, left_out=each.person in far)
    ]
    return tuple(sorted(_names(tx, adults).values()))


def _names(tx: Tx, people: Sequence[int]) -> dict[int, str]:
    return {each.id: each.full_name for each in tx.rows.scalars(select(Person).where(Person.id.in_(people)))}


def looks_at(tx: Tx, person: Person) -> tuple[Look, ...]:
    """Who has read what of theirs, the latest first, out of the audit log; their own looks are none."""
    wanted = select(AuditRow).where(AuditRow.action.in_(TRAIL_OF_READING), AuditRow.actor != f"person {person.id}")
    rows = tx.rows.scalars(wanted.where(_about(tx, person)).order_by(AuditRow.id.desc()).limit(READS)).all()
    actors = {row.actor: int(row.actor.removeprefix("person ")) for row in rows if row.actor.startswith("person ")}
    names = _names(tx, list(actors.values()))
    return tuple(Look(row.at, names.get(actors.get(row.actor, 0), ""), TRAIL_OF_READING[row.action]) for row in rows)


def _about(tx: Tx, person: Person) -> ColumnElement[bool]:
    """What of the audit log names somebody or a row of theirs; `session 12 mood` names a row and more."""
    named = [f"person {person.id}"]
    for table, word in (("stays", "stay"), ("cases", "case"), ("proofs", "proof")):
        named += [f"{word} {number}" for number in numbers_of(tx.rows, table, person.id)]
    words = [AuditRow.target.like(f"session {number} %") for number in numbers_of(tx.rows, "sessions", person.id)]
    return or_(AuditRow.target.in_(named), *words)
