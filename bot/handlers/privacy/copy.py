"""A copy of all that is held about somebody, for them: what is about others stays out, and that it was taken is noted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.proof import ENDINGS
from bot.domain.purposes import PURPOSES, Kind
from bot.handlers.privacy.data_held import Look, Part, looks_at, parts_of
from bot.handlers.say.own_page import whose_page
from bot.store.consents import learners_of
from bot.store.db import Tx
from bot.store.keys import Unreadable
from bot.store.people import Person, School
from bot.store.personal_data import copied
from bot.store.proofs import ProofRow
from bot.store.records import audit

THEIR_OWN = frozenset({Role.LEARNER, Role.PARENT})
"""What was written to them is about them or their child; what a team or a host is told is about somebody else."""
OTHERS = "…"
"""What stands in a copy for somebody else's name."""
SHORTEST = 3
"""A name of no more letters is found within too many words."""
Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class PersonCopy:
    """All of it, still to be written down."""

    ref: str
    name: str
    language: str
    zone: str
    made_at: datetime
    parts: tuple[Part, ...]
    rows: dict[Kind, Tables]
    files: dict[str, bytes]
    looks: tuple[Look, ...]


def copy_by_link(tx: Tx, token: str) -> PersonCopy | None:
    """The copy that somebody asks for on their own page."""
    person = whose_page(tx, token)
    return copy_of(tx, person, by=f"person {person.id}") if person is not None else None


def copy_of(tx: Tx, person: Person, by: str) -> PersonCopy:
    """Put a copy together, and note who took it."""
    held = copied(tx.rows, person.id)
    rows: dict[Kind, Tables] = {kind: held.rows[kind] for kind in PURPOSES if kind in held.rows}
    _name_schools(tx, rows)
    if not any(role.role in THEIR_OWN for role in person.roles):
        rows.get(Kind.MESSAGES, {}).update(outbox=_without(rows.get(Kind.MESSAGES, {}).get("outbox", []), "rendered"))
    names = _names_of_others(tx, person)
    files = _files(tx, person)
    audit(tx, by, "export", f"person {person.id}", files=len(files))
    return PersonCopy(
        ref=person.ref,
        name=person.full_name,
        language=person.language,
        zone=person.zone.key,
        made_at=tx.now,
        parts=parts_of(tx, person),
        rows={kind: _redacted(tables, names) for kind, tables in rows.items()},
        files=files,
        looks=looks_at(tx, person),
    )


def _without(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != column} for row in rows]


def _name_schools(tx: Tx, rows: dict[Kind, Tables]) -> None:
    """A school by its name: its number says nothing outside."""
    names = {school.id: school.name for school in tx.rows.scalars(select(School))}
    for tables in rows.values():
        for row in (each for listed in tables.values() for each in listed if "school_id" in each):
            row["school"] = names.get(row.pop("school_id"), "")


def _names_of_others(tx: Tx, person: Person) -> re.Pattern[str] | None:
    """The names of other learners of the school, however they stand in what was written to somebody."""
    theirs = {person.id, *(each.id for each in learners_of(tx.rows, person.id))}
    wanted = select(Person).where(Person.school_id == person.school_id, Person.ref_key != "")
    known = [each for each in tx.rows.scalars(wanted) if each.holds(Role.LEARNER)]
    own = {name for each in known if each.id in theirs for name in _names(each)}
    names = {name for each in known if each.id not in theirs for name in _names(each)} - own
    longest = sorted((name for name in names if len(name) > SHORTEST), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))) if longest else None


def _names(person: Person) -> tuple[str, str]:
    return person.full_name, person.short_name


def _redacted(value: Any, names: re.Pattern[str] | None) -> Any:
    if names is None:
        return value
    if isinstance(value, str):
        return names.sub(OTHERS, value)
    if isinstance(value, dict):
        return {key: _redacted(each, names) for key, each in value.items()}
    return [_redacted(each, names) for each in value] if isinstance(value, list) else value


def _files(tx: Tx, person: Person) -> dict[str, bytes]:
    """Their files, opened; one whose key is gone is left out, since nobody can read it."""
    wanted = select(ProofRow).where(ProofRow.person_id == person.id, ProofRow.state == "kept").order_by(ProofRow.id)
    found: dict[str, bytes] = {}
    for proof in tx.rows.scalars(wanted):
        try:
            content = tx.keys.open(proof.person_id, proof.content) if tx.keys and proof.content else None
        except Unreadable:
            content = None
        if content is not None:
            found[f"{proof.item or 'sent'}-{proof.id}.{ENDINGS.get(proof.mime or '', 'bin')}"] = content
    return found
