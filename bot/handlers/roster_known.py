"""What the database knows of the stays that a roster names, and what a roster would change."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.roster import Guardian, KnownSchool, RosterRow, Tutor
from bot.domain.roster.difference import Difference, Value, difference, guardian_values, tutor_values
from bot.domain.roster.fields import Field
from bot.store.db import Tx
from bot.store.people import Guardian as GuardianRow
from bot.store.people import School
from bot.store.stays import StayRow


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
    return {
        Field.FIRST_NAME: person.first_name,
        Field.LAST_NAME: person.last_name,
        Field.BIRTH: person.birth or "",
        Field.KIND: row.kind.value,
        Field.TRACK: row.track.value,
        Field.SCHOOL: row.school.ref,
        Field.CLASS: row.class_name,
        Field.COUNTRY: row.country,
        Field.CITY: row.city,
        Field.ZONE: row.zone,
        Field.HOME_ZONE: row.home_zone,
        Field.DEPARTURE: row.departure,
        Field.START: row.start,
        Field.END: row.end,
        Field.BACK: row.back,
        Field.HOST: row.host,
        Field.EMAIL: person.email or "",
        Field.PHONE: person.phone or "",
        Field.TAGS: ", ".join(sorted(row.tags)),
        **tutor_values(tutor),
        **guardian_values(guardians),
    }
