"""What is known of people and their stays, as a roster would write them: what a new one is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.changes import MOVES, Change
from bot.domain.person import STAFF, Role
from bot.domain.roster import Guardian, Tutor
from bot.domain.roster.difference import Value, known_values
from bot.domain.roster.fields import Field
from bot.domain.roster.matching import Dates, KnownPerson, KnownStay
from bot.store.contacts import StayContact, contacts_of
from bot.store.db import Tx
from bot.store.people import Guardian as GuardianRow
from bot.store.people import Person, RoleHeld
from bot.store.stays import ChangeRow, Mark, StayRow


def known_people(tx: Tx) -> list[KnownPerson]:
    """Everybody who has a reference, with their stays as a roster would write them."""
    team = set(tx.rows.scalars(select(RoleHeld.person_id).where(RoleHeld.role.in_(STAFF))))
    stays = _stays(tx)
    people = tx.rows.scalars(select(Person).where(Person.ref_key != "").order_by(Person.id))
    return [
        KnownPerson(
            each.id, each.ref, each.ref_key, each.first_name, each.last_name, each.birth, each.id in team,
            tuple(stays[each.id]),
        )
        for each in people
    ]  # fmt: skip


def _stays(tx: Tx) -> dict[int, list[KnownStay]]:
    """The stays of each person, the first one first."""
    guardians: dict[int, list[Guardian]] = defaultdict(list)
    for each in tx.rows.scalars(select(GuardianRow).order_by(GuardianRow.position)):
        guardians[each.person_id].append(Guardian(each.name, each.email, each.phone, each.language))
    contacts: dict[int, list[StayContact]] = defaultdict(list)
    for other in tx.rows.scalars(select(StayContact)):
        contacts[other.stay_id].append(other)
    arrived = set(tx.rows.scalars(select(Mark.stay_id).where(Mark.touchpoint == "arrival", Mark.outcome == "answered")))
    superseded = _superseded(tx)
    found: dict[int, list[KnownStay]] = defaultdict(list)
    wanted = select(StayRow).options(joinedload(StayRow.person), joinedload(StayRow.school))
    for row in tx.rows.scalars(wanted.order_by(StayRow.departure, StayRow.id)):
        values = _values(row, tuple(guardians[row.person_id]), _named(contacts[row.id]))
        begun = row.enrolled_at is not None or row.person.last_sign_at is not None
        found[row.person_id].append(
            KnownStay(
                row.id, (row.departure, row.start, row.end, row.back), row.ended, row.id in arrived, begun,
                superseded.get((row.id, row.back), ()), values,
            )
        )  # fmt: skip
    return found


def known_stay(tx: Tx, row: StayRow) -> dict[Field, Value]:
    """One stay as a roster would write it."""
    guardians = select(GuardianRow).where(GuardianRow.person_id == row.person_id).order_by(GuardianRow.position)
    family = [Guardian(each.name, each.email, each.phone, each.language) for each in tx.rows.scalars(guardians)]
    return {
        Field.REFERENCE: row.person.ref,
        **_values(row, tuple(family), _named(contacts_of(tx.rows, row.id).values())),
    }


def _superseded(tx: Tx) -> dict[tuple[int, date], tuple[Dates, ...]]:
    """Of each stay that an adult has moved and that still ends on the day they said: the dates before."""
    dates: dict[int, list[Dates]] = defaultdict(list)
    last: dict[int, date] = {}
    wanted = select(ChangeRow, StayRow).join(StayRow, StayRow.id == ChangeRow.stay_id)
    moves = wanted.where(ChangeRow.person_id.is_not(None), ChangeRow.kind.in_(MOVES)).order_by(ChangeRow.id)
    for change, stay in tx.rows.execute(moves).all():
        before = {name: date.fromisoformat(day) for name, day in change.before.items()}
        dates[stay.id].append((before.get("departure", stay.departure), before["start"], before["end"], before["back"]))
        last[stay.id] = date.fromisoformat(change.day) if change.kind != Change.MOVED else stay.back
    return {(number, day): tuple(dates[number]) for number, day in last.items()}


def _named(contacts: Iterable[StayContact]) -> dict[Role, Tutor]:
    return {each.role: each.named for each in contacts}


def _values(row: StayRow, guardians: tuple[Guardian, ...], externals: Mapping[Role, Tutor]) -> dict[Field, Value]:
    person = row.person
    tutor = (
        Tutor(row.tutor_name, row.tutor_email, row.tutor_language or "", row.tutor_phone) if row.tutor_name else None
    )
    known = known_values(person, row, row.school.ref, row.tags, tutor, guardians, externals)
    return known | {Field.LANGUAGE: person.language, Field.STATUS: row.ended or ""}
