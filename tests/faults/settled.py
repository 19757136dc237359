"""The people of a world in the database: two schools, their adults on duty, learners in the middle of a stay."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.person import Role
from bot.domain.stay import Kind, Track
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld, School
from bot.store.stays import StayRow
from tests.faults.ledger import Part, Someone

ROLES = {
    Part.PLAIN: (),
    Part.LEARNER: (Role.LEARNER,),
    Part.ON_CALL: (Role.ON_CALL, Role.DEPUTY),
    Part.COORDINATOR: (Role.COORDINATOR,),
    Part.CONSORTIUM: (Role.CONSORTIUM,),
}
LONG = timedelta(days=300)
"""Their stays outlast every absence of a night."""


def settle(tx: Tx, people: tuple[Someone, ...], channel: str, addresses: dict[str, str]) -> dict[str, int]:
    """Everybody, reached at once where `addresses` names them; ref -> id."""
    schools = {"": School(ref="", name="Consortium", on_call_phone="+33199001200")}
    for ref, phone in (("valmer", "+33639980010"), ("ombelle", "+33639980020")):
        schools[ref] = School(ref=ref, name=ref.title(), on_call_phone=phone)
    tx.rows.add_all(schools.values())
    rows = {each.ref: _person(each, schools[each.school] if each.school else None) for each in people}
    tx.rows.add_all(rows.values())
    tx.rows.flush()
    for each in people:
        row = rows[each.ref]
        if each.part is Part.LEARNER:
            tx.rows.add(_stay(row, schools[each.school], tx.now.date(), tx))
        if each.ref in addresses:
            where = {"person_id": row.id, "channel": channel, "native": addresses[each.ref], "state": "confirmed"}
            tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))
    tx.rows.flush()
    return {ref: row.id for ref, row in rows.items()}


def _person(who: Someone, school: School | None) -> Person:
    name = who.secret or who.ref.title()
    row = Person(ref=who.ref, first_name=name, last_name="", language="en", school=school)
    row.roles = [RoleHeld(role=role) for role in ROLES[who.part]]
    if who.part is Part.LEARNER:
        row.birth = date(2005, 5, 5)
    return row


def _stay(person: Person, school: School, today: date, tx: Tx) -> StayRow:
    return StayRow(
        person_id=person.id, school_id=school.id, kind=Kind.OUTGOING, track=Track.VET, country="DE", city="Leipzig",
        zone="Europe/Berlin", home_zone="Europe/Paris", departure=today - timedelta(days=9), start=today - timedelta(days=7),
        end=today + LONG, back=today + LONG, enrolled_at=tx.now - timedelta(days=20), wake_at=tx.now,
    )  # fmt: skip
