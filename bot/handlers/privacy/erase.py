"""Erasing somebody: every row of theirs goes, and what names them in the rows of others. What stays is a certificate."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from bot.domain.person import STAFF
from bot.domain.personal_data import FREE_TEXT, HELD
from bot.domain.purposes import PURPOSES
from bot.domain.roster.phones import shown_phone
from bot.handlers.privacy.redaction import blank, blank_unread, forget_unread
from bot.store.consents import learners_of, parents_of
from bot.store.db import Database, Tx
from bot.store.erasures import Erasure, Stage
from bot.store.keys import KeyRing
from bot.store.people import Address, Guardian, Person
from bot.store.personal_data import TABLES, copied, numbers_of, theirs
from bot.store.records import AuditRow, audit
from bot.store.stays import StayRow

RETENTION = "retention"
"""What erases of itself, once the time is over: whoever goes abroad again comes in by the same reference."""
NOBODY = "erased"
"""Who they are in the audit log from then on."""
ROWS = 500
"""So many rows of others are looked through in one transaction."""
SHORTEST = 4
"""A name or number of fewer letters is found within too many words."""
WORDS = {"people": "person", "stays": "stay", "cases": "case", "proofs": "proof", "sessions": "session", "addresses": "address", "visits": "visit", "login_links": "link"}  # fmt: skip
"""How the audit log calls a row of each table."""


@dataclass(frozen=True)
class Gone:
    """Who was erased, for what lies outside the database: keys, and rooms of a chat."""

    people: tuple[int, ...]
    addresses: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """How far the rows of others have been looked through: table after table, by their ids."""

    tables: tuple[str, ...] = tuple(FREE_TEXT)
    after: int = 0
    ends: Mapping[str, int] = field(default_factory=dict)
    """The last row of each table when it began. What comes later may be a cry, and is left alone."""

    @property
    def over(self) -> bool:
        return not self.tables


def blank_next(tx: Tx, number: int, place: Place) -> Place:
    """A slice of the rows of others, before the erasure itself: whoever cries for help waits for no more than this."""
    person = tx.rows.get(Person, number)
    if person is None or place.over:
        return Place((), ends=place.ends)
    ends = place.ends or {name: tx.rows.scalar(select(func.max(TABLES[name].c.id))) or 0 for name in FREE_TEXT}
    needles = _all_needles(tx, [person, *_contacts_of_theirs_alone(tx, person)])
    tables, after, room = place.tables, place.after, ROWS
    while tables and room:
        name = tables[0]
        until = min(after + room, ends[name])
        if until > after:
            blank(tx, needles, [name], {name: after}, until)
        room -= until - after
        tables, after = (tables, until) if until < ends[name] else (tables[1:], 0)
    return Place(tables, after, ends)


def erase(tx: Tx, person: Person, row: Erasure, seen: Mapping[str, int] | None = None) -> Gone:
    """Everything of somebody, and of those who are known only because of them: their guardians, their tutor. In the rows of
    others what was `seen` is done already.
    """
    people = [person, *_contacts_of_theirs_alone(tx, person)]
    if tx.erased is not None:
        for_good = row.by != RETENTION
        tx.erased.add([(each.id, each.ref if for_good else "") for each in people], tx.now.date())
    row.counts = _counts(tx, people)
    needles = _all_needles(tx, people)
    addresses = list(tx.rows.scalars(select(Address).where(Address.person_id.in_([each.id for each in people]))))
    gone = Gone(tuple(each.id for each in people), tuple((each.channel, each.native) for each in addresses))
    for address in addresses:
        address.state = "revoked"  # whoever keeps addresses in memory hears of it
    _name_nobody(tx, gone.people)
    tx.rows.flush()
    tx.rows.execute(delete(TABLES["people"]).where(TABLES["people"].c.id.in_(gone.people)))
    tx.rows.expire_all()
    forget_unread(tx, gone.addresses)
    blank(tx, needles, FREE_TEXT, seen or {})
    blank_unread(tx, needles)
    row.person_id, row.stage, row.done_at = None, Stage.DONE, tx.now
    audit(tx, row.by, "erase", f"erasure {row.id}", people=len(people))
    return gone


def counts_of(tx: Tx, person: Person) -> dict[str, int]:
    """How many entries of each kind an erasure would take away."""
    return _counts(tx, [person, *_contacts_of_theirs_alone(tx, person)])


def erase_again(tx: Tx) -> Gone | None:
    """An old backup came back: whoever was erased since is erased again."""
    known = list(tx.rows.scalars(select(Person.id).order_by(Person.id))) if tx.erased is not None else []
    found = tx.erased.erased(known) if tx.erased is not None else []
    all_gone = Gone((), ())
    for number in found:
        person = tx.rows.get(Person, number)
        if person is not None:
            gone = erase(tx, person, made(tx, person, "backup"))
            all_gone = Gone(all_gone.people + gone.people, all_gone.addresses + gone.addresses)
    return all_gone if found else None


def made(tx: Tx, person: Person, by: str) -> Erasure:
    """A new erasure, with the number of its certificate."""
    number = "-".join(secrets.token_hex(2).upper() for _ in range(6))
    row = Erasure(number=number, person_id=person.id, school_id=person.school_id, asked_at=tx.now, by=by, stage=Stage.DUE, why=[])  # fmt: skip
    tx.rows.add(row)
    tx.rows.flush()
    return row


def beside(db: Database, gone: Gone) -> None:
    """What is outside the database: the keys of whoever is gone, and what SQLite still has in its log."""
    if db.keys is not None:
        forget_keys(db.keys, gone.people)
    db.put_on_disk()


def forget_keys(keys: KeyRing, people: Iterable[int]) -> None:
    for number in people:
        keys.forget(number)


def _contacts_of_theirs_alone(tx: Tx, learner: Person) -> list[Person]:
    """Guardians of nobody else, and those whom the roster named for their stays alone."""
    family = [each for each in parents_of(tx.rows, learner.id) if len(learners_of(tx.rows, each.id)) == 1]
    named = tx.rows.scalars(select(Person).where(Person.ref.like(f"{_escaped(learner.ref)}~%", escape="\\")))
    found = {each.id: each for each in (*family, *named) if not any(held.role in STAFF for held in each.roles)}
    others = select(StayRow.id).where(StayRow.person_id != learner.id)
    kept = {number for number, each in found.items() if each.email and _looks_after(tx, each, others)}
    return [each for number, each in found.items() if number not in kept]


def _looks_after(tx: Tx, tutor: Person, others: Any) -> bool:
    """Whether somebody else's stay names them too."""
    elsewhere = learners_of(tx.rows, tutor.id)
    named = tx.rows.scalar(others.where(StayRow.tutor_email == tutor.email).limit(1))
    return len(elsewhere) > 1 or (not elsewhere and named is not None)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _counts(tx: Tx, people: Iterable[Person]) -> dict[str, int]:
    """How many entries of each kind are erased."""
    held = [copied(tx.rows, each.id) for each in people]
    counts = {kind.value: sum(each.count(kind) for each in held) for kind in PURPOSES}
    return {kind: count for kind, count in counts.items() if count}


def _all_needles(tx: Tx, people: Iterable[Person]) -> set[str]:
    return {needle for each in people for needle in _needles(tx, each)}


def _needles(tx: Tx, person: Person) -> Iterator[str]:
    """What names somebody wherever it stands."""
    named = [person.full_name, person.short_name, person.ref, person.email, person.phone]
    named += [shown_phone(person.phone)] if person.phone else []
    for each in tx.rows.scalars(select(Guardian).where(Guardian.person_id == person.id)):
        named += [each.name, each.email, each.phone]
    yield from (each for each in named if each and len(each) >= SHORTEST)


def _name_nobody(tx: Tx, people: Iterable[int]) -> None:
    """The audit log keeps that somebody read or did something, and not about or by whom."""
    for number in people:
        tx.rows.execute(update(AuditRow).where(AuditRow.actor == f"person {number}").values(actor=NOBODY))
        for table, word in WORDS.items():
            for each in numbers_of(tx.rows, table, number):
                exact, longer = AuditRow.target == f"{word} {each}", AuditRow.target.like(f"{word} {each} %")
                tx.rows.execute(update(AuditRow).where(or_(exact, longer)).values(target=f"{word} {NOBODY}", detail={}))


def left_of(tx: Tx, person: int) -> dict[str, int]:
    """How many rows of somebody there still are, by table: none, once they are erased."""
    found = {
        name: tx.rows.scalar(select(func.count()).select_from(TABLES[name]).where(theirs(TABLES[name], held, person)))
        or 0
        for name, held in HELD.items()
    }
    return {name: count for name, count in found.items() if count}
