"""The roster comes in: people and stays are made or brought up to date, never doubled; and what it would change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.changes import Change
from bot.domain.person import Role
from bot.domain.roster import Guardian, KnownSchool, RosterRow, Tutor
from bot.domain.roster.difference import PERSON, STAY, Difference, Value, difference, known_values
from bot.domain.roster.fields import Field
from bot.handlers.people.guardians import keep_up
from bot.handlers.say.links import Page, take_back
from bot.store.db import Tx
from bot.store.people import Guardian as GuardianRow
from bot.store.people import Person, RoleHeld, School, by_ref
from bot.store.stays import StayRow, changes_of


def known_schools(tx: Tx) -> list[KnownSchool]:
    """The schools a roster may name."""
    rows = tx.rows.scalars(select(School).where(School.ref != "").order_by(School.id))
    return [KnownSchool(row.ref, row.name, row.city, row.zone) for row in rows]


def compare(tx: Tx, rows: tuple[RosterRow, ...]) -> Difference:
    """What `bring_in` would do with these rows."""
    return difference(rows, known_stays(tx))


def known_stays(tx: Tx) -> dict[str, dict[Field, Value]]:
    """Every stay as a roster would write it, by reference."""
    guardians: dict[int, list[Guardian]] = defaultdict(list)
    for each in tx.rows.scalars(select(GuardianRow).order_by(GuardianRow.position)):
        guardians[each.person_id].append(Guardian(each.name, each.email, each.phone, each.language))
    wanted = select(StayRow).options(joinedload(StayRow.person), joinedload(StayRow.school)).order_by(StayRow.id.desc())
    return {row.person.ref: _values(row, tuple(guardians[row.person_id])) for row in tx.rows.scalars(wanted)}


def _values(row: StayRow, guardians: tuple[Guardian, ...]) -> dict[Field, Value]:
    person = row.person
    tutor = Tutor(row.tutor_name, row.tutor_email, row.tutor_language or "") if row.tutor_name else None
    return known_values(person, row, row.school.ref, row.tags, tutor, guardians)


@dataclass
class Imported:
    """What an import did, as references."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Known stays that are not in this file. They are left as they are."""


def bring_in(tx: Tx, rows: tuple[RosterRow, ...]) -> Imported:
    """Apply rows that were read and checked.

    Raises:
        LookupError: a row names a school that is not in the database; import the team first.
    """
    schools = {school.ref: school for school in tx.rows.scalars(select(School))}
    done = Imported()
    for row in rows:
        if row.school not in schools:
            raise LookupError(f'school "{row.school}" is not known yet: import consortium.toml first')
        _bring_in(tx, row, schools[row.school], done)
    known = set(tx.rows.scalars(select(Person.ref).join(StayRow, StayRow.person_id == Person.id)))
    done.missing = sorted(known - {row.reference for row in rows})
    return done


def _bring_in(tx: Tx, row: RosterRow, school: School, done: Imported) -> None:
    person = by_ref(tx.rows, row.reference)
    fresh = person is None
    if person is None:
        person = Person(ref=row.reference, first_name="", last_name="", language=row.language)
        person.roles.append(RoleHeld(role=Role.LEARNER))
        tx.rows.add(person)
    changed = _assign(person, _person_values(row, school))
    tx.rows.flush()
    stay = tx.rows.scalar(select(StayRow).where(StayRow.person_id == person.id))
    if stay is None:
        stay = StayRow(person_id=person.id, tags=[], **_stay_values(row, school))
        tx.rows.add(stay)
    tutor = (stay.tutor_name, stay.tutor_email)
    changed |= _assign(stay, _stay_values(row, school) | _dates_kept(tx, stay, row) | {"tags": sorted(row.tags)})
    if tutor != (stay.tutor_name, stay.tutor_email):
        take_back(tx, stay, Page.TUTOR)
    changed |= _guardians(tx, person, row)
    if changed and stay.enrolled_at is not None:
        stay.wake_at = tx.now
    (done.created if fresh else done.updated if changed else done.unchanged).append(row.reference)


def _person_values(row: RosterRow, school: School) -> dict[str, object]:
    return {name: getattr(row, name) for name in PERSON.values()} | {"school_id": school.id}


def _stay_values(row: RosterRow, school: School) -> dict[str, object]:
    return {name: getattr(row, name) for name in STAY.values()} | {
        "school_id": school.id,
        "tutor_name": row.tutor.name if row.tutor else "",
        "tutor_email": row.tutor.email if row.tutor else None,
        "tutor_language": row.tutor.language if row.tutor else None,
    }


def _dates_kept(tx: Tx, stay: StayRow, row: RosterRow) -> dict[str, object]:
    """What an adult changed in the chat stays changed while the file says what was true before; other dates count."""
    known = [each for each in changes_of(tx.rows, stay.id) if each.kind != Change.PAUSE]
    file = {"start": row.start.isoformat(), "end": row.end.isoformat(), "back": row.back.isoformat()}
    if not known or known[-1].day != stay.back.isoformat() or file not in [each.before for each in known]:
        return {}
    return {"start": stay.start, "end": stay.end, "back": stay.back}


def _assign(target: object, values: dict[str, object]) -> bool:
    """Set what differs; whether anything did."""
    changed = {name: value for name, value in values.items() if getattr(target, name) != value}
    for name, value in changed.items():
        setattr(target, name, value)
    return bool(changed)


def _guardians(tx: Tx, person: Person, row: RosterRow) -> bool:
    wanted = [(place, each.name, each.email, each.phone, each.language) for place, each in enumerate(row.guardians, 1)]
    known = list(
        tx.rows.scalars(select(GuardianRow).where(GuardianRow.person_id == person.id).order_by(GuardianRow.position))
    )
    if wanted == [(each.position, each.name, each.email, each.phone, each.language) for each in known]:
        return False
    for each in known:
        tx.rows.delete(each)
    tx.rows.flush()
    for place, name, email, phone, language in wanted:
        tx.rows.add(
            GuardianRow(person_id=person.id, position=place, name=name, email=email, phone=phone, language=language)
        )
    tx.rows.flush()
    keep_up(tx, person)
    return True
