"""A small consortium for whole journeys: two schools, their adults, and four people who go abroad or come from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.person import Role
from bot.domain.programme import Journey as Path
from bot.domain.programme import Programme
from bot.domain.stay import Kind, Track
from bot.handlers.people.invitations import claim, invite
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, School, by_ref
from bot.store.stays import ContactElsewhere, StayRow

VALMER, OMBELLE = "valmer", "ombelle"


@dataclass(frozen=True)
class Trip:
    """Where somebody goes, and when."""

    country: str
    city: str
    zone: str
    departure: date
    start: date
    end: date
    back: date
    kind: Kind = Kind.OUTGOING
    track: Track = Track.VET
    home_zone: str = "Europe/Paris"


LEIPZIG = Trip(
    "DE", "Leipzig", "Europe/Berlin", date(2027, 3, 6), date(2027, 3, 8), date(2027, 3, 26), date(2027, 3, 27)
)
BERGEN = Trip("NO", "Bergen", "Europe/Oslo", date(2027, 3, 6), date(2027, 3, 8), date(2027, 3, 26), date(2027, 3, 27))
FROM_CHILE = Trip(
    "FR",
    "Ardonville",
    "Europe/Paris",
    date(2027, 1, 11),
    date(2027, 1, 18),
    date(2027, 4, 16),
    date(2027, 4, 20),
    kind=Kind.INCOMING,
    home_zone="America/Santiago",
)
STAFF_VISIT = Trip(
    "NO",
    "Bergen",
    "Europe/Oslo",
    date(2027, 2, 21),
    date(2027, 2, 22),
    date(2027, 2, 26),
    date(2027, 2, 27),
    kind=Kind.STAFF,
    track=Track.STAFF,
)

ADULTS: dict[str, tuple[str, str | None, tuple[Role, ...]]] = {
    "helene": ("Hélène Marchandeau", None, (Role.CONSORTIUM,)),
    "nadia": ("Nadia Ferhaoui", VALMER, (Role.COORDINATOR,)),
    "luc": ("Luc Perrichon", VALMER, (Role.DEPUTY, Role.ON_CALL)),
    "cathy": ("Catherine Astruc", VALMER, (Role.HEAD,)),
    "pascale": ("Pascale Vigouroux", VALMER, (Role.FINANCE,)),
    "yann": ("Yann Kerdoncuff", OMBELLE, (Role.COORDINATOR,)),
    "thierry": ("Thierry Moulinoux", OMBELLE, (Role.DEPUTY, Role.ON_CALL)),
}
LEARNERS: dict[str, tuple[str, str, date | None, Trip]] = {
    "lina": ("Lina Haddouche", VALMER, date(2011, 6, 19), LEIPZIG),
    "noemie": ("Noémie Abadie", VALMER, date(2007, 3, 19), BERGEN),
    "jules": ("Jules Morel", OMBELLE, date(2010, 11, 13), LEIPZIG),
    "martina": ("Martina Araya", VALMER, date(2009, 8, 9), FROM_CHILE),
    "karim": ("Karim Belhadri", VALMER, None, STAFF_VISIT),
}


def small(programme: Programme) -> Programme:
    """The example cut down to what a journey can tell in full: one paper, arrival, check-ins, return, report."""
    out = programme.outgoing
    kept: Path = out.model_copy(
        update={
            "messages": (),
            "before": tuple(
                item.model_copy(update={"overdue": Level.NONE, "blocking": "no"})
                for item in out.before
                if item.id == "ehic"
            ),
            "during": (),
            "after": (),
            "attendance": None,
            "first_test": None,
            "second_test": None,
            "skills": (),
            "diary": (),
        }
    )
    return programme.model_copy(update={"outgoing": kept})


def settle_in(tx: Tx, learners: tuple[str, ...]) -> None:
    """Write the schools, all adults, and the learners named."""
    schools: dict[str | None, School] = {
        VALMER: School(ref=VALMER, name="Lycée Valmer", on_call_phone="+33639980010"),
        OMBELLE: School(ref=OMBELLE, name="EPL d'Ombelle", on_call_phone="+33639980020"),
    }
    tx.rows.add_all([School(ref="", name="Consortium", on_call_phone="+33199001200"), *schools.values()])
    for ref, (name, school, roles) in ADULTS.items():
        _person(tx, ref, name, schools.get(school)).roles = [RoleHeld(role=role) for role in roles]
    enter(tx, learners)


def enter(tx: Tx, learners: tuple[str, ...]) -> None:
    """Write these learners: their schools are there."""
    tx.rows.flush()
    for ref in learners:
        name, school, birth, trip = LEARNERS[ref]
        there = tx.rows.scalars(select(School).where(School.ref == school)).one()
        learner = _person(tx, ref, name, there)
        learner.birth, learner.roles = birth, [RoleHeld(role=Role.LEARNER)]
        tx.rows.add(_stay(learner, there, trip))
    tx.rows.flush()


def heard_of_elsewhere(tx: Tx, *refs: str) -> None:
    """An adult keeps contact with them in another way, all through: nobody is alerted that they have not begun."""
    wanted = select(StayRow).join(Person, Person.id == StayRow.person_id).where(Person.ref.in_(refs))
    for stay in tx.rows.scalars(wanted):
        tx.rows.add(ContactElsewhere(stay_id=stay.id, at=tx.now, until=date(2027, 12, 31), how="we meet every day"))
    tx.rows.flush()


def _person(tx: Tx, ref: str, name: str, school: School | None) -> Person:
    first, _space, last = name.partition(" ")
    person = Person(ref=ref, first_name=first, last_name=last, language="en", school=school)
    tx.rows.add(person)
    return person


def _stay(learner: Person, school: School, trip: Trip) -> StayRow:
    return StayRow(
        person=learner,
        school=school,
        kind=trip.kind,
        track=trip.track,
        country=trip.country,
        city=trip.city,
        zone=trip.zone,
        home_zone=trip.home_zone,
        departure=trip.departure,
        start=trip.start,
        end=trip.end,
        back=trip.back,
        host="Elektro Winkelmann",
        tags=[],
    )


def dismiss(tx: Tx, ref: str) -> None:
    """An adult leaves the school."""
    person = by_ref(tx.rows, ref)
    assert person is not None
    person.roles = []


def join(tx: Tx, *refs: str) -> None:
    """Each opens an invitation that was handed over in person."""
    for ref in refs:
        person = by_ref(tx.rows, ref)
        assert person is not None
        claim(tx, invite(tx, person, trusted=True), "web", ref)
