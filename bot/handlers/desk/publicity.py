"""What a school may publish: testimonies whose authors agree, and a draft for the press at each departure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.need_to_know import may_with
from bot.domain.person import Adult
from bot.domain.rights import Act, schools_of
from bot.domain.roster.phones import shown_phone
from bot.domain.stay import Kind
from bot.domain.testimony import Scope, said_count
from bot.domain.working_language import working_language
from bot.i18n import _, best_language, render
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.people import Person, School
from bot.store.records import audit
from bot.store.stays import StayRow
from bot.store.testimonies import Testimony, every_testimony

AHEAD, SINCE = timedelta(days=120), timedelta(days=14)
QUOTES = 3
TITLE = _("{school}: off to {city} with Erasmus+")
MANY = _("On {departure}, {count} young people of {school} leave for {city} ({country}).")
SOME = _("On {departure}, young people of {school} leave for {city} ({country}).")
WHAT = _("From {first} to {last} they work in companies there, co-funded by the European Union (Erasmus+).")
QUOTE = _("{name}, who has come back from {city}: « {words} »")
ASK_US = _("Questions: {school}, {phone}")


@dataclass(frozen=True)
class Departure:
    """Learners of one school who leave on one day for one town."""

    school: School
    day: date
    country: str
    city: str
    stays: tuple[StayRow, ...]

    @property
    def first(self) -> StayRow:
        return self.stays[0]


def testimonies(tx: Tx, person: Person) -> list[Testimony]:
    """Those that an adult may read: of the schools they answer for, and of nobody who keeps them away. None is over."""
    kept, today = kept_from(tx.rows, person.id), tx.now.date()
    return [
        each
        for each in every_testimony(tx.rows)
        if each.until is not None
        and each.until >= today
        and may_with(person.adult, Act.CONFIRM, each.stay.school_id, left_out=each.person_id in kept)
    ]


def sign(tx: Tx, person: Person, number: int, *, signed: bool) -> bool:
    """An adult has the signature of the parents before them; or it was a slip."""
    found = next((each for each in testimonies(tx, person) if each.id == number), None)
    if found is None or (found.guardians_at is not None) is signed:
        return False
    found.guardians_at, found.guardians_by_id = (tx.now, person.id) if signed else (None, None)
    audit(tx, f"person {person.id}", "testimony signed" if signed else "testimony unsigned", f"testimony {number}")
    return True


def departures(tx: Tx, adult: Adult) -> list[Departure]:
    """Who leaves soon or has just left, by school, day and town; the nearest first."""
    schools, today = schools_of(adult, Act.CONFIRM), tx.now.date()
    wanted = select(StayRow).where(StayRow.kind == Kind.OUTGOING, StayRow.cancelled.is_(False))
    wanted = wanted.where(StayRow.departure.between(today - SINCE, today + AHEAD))
    if schools is not None:
        wanted = wanted.where(StayRow.school_id.in_(schools))
    groups: dict[tuple[date, int, str, str], list[StayRow]] = {}
    for row in tx.rows.scalars(wanted.options(joinedload(StayRow.school)).order_by(StayRow.departure, StayRow.id)):
        groups.setdefault((row.departure, row.school_id, row.country, row.city), []).append(row)
    return [
        Departure(rows[0].school, day, country, city, tuple(rows))
        for (day, _school, country, city), rows in groups.items()
    ]


def note_languages(tx: Tx, departure: Departure) -> list[str]:
    """The school's own language, and that of the place."""
    own = tx.programme.programme.language
    there = departure.first.working_language or working_language(departure.country, departure.city, own)
    return list(dict.fromkeys((best_language(own), best_language(there, default="en"))))


def press_note(departure: Departure, said: Iterable[Testimony], language: str) -> str:
    """A draft: who leaves as a number, unless they are few; by first name only who agreed to be quoted in the press."""
    learners = said_count(len({row.person_id for row in departure.stays}))
    school, phone = departure.school, departure.school.phone
    values = {
        "school": school.name,
        "city": departure.city,
        "country": {"country": departure.country},
        "departure": {"date": departure.day.isoformat()},
        "first": {"date": min(row.start for row in departure.stays).isoformat()},
        "last": {"date": max(row.end for row in departure.stays).isoformat()},
        "count": learners,
    }
    lines = [render(TITLE, language, values), render(MANY if learners else SOME, language, values)]
    lines.append(render(WHAT, language, values))
    for each in said:
        quoted = {"name": each.person.first_name, "city": each.stay.city, "words": each.words}
        lines.append(render(QUOTE, language, quoted))
    if phone:
        lines.append(render(ASK_US, language, {"school": school.name, "phone": shown_phone(phone)}))
    return "\n\n".join(lines)


def quotable(tx: Tx, person: Person, departure: Departure, scope: Scope = Scope.PRESS) -> list[Testimony]:
    """Testimonies of the same school that may be shown now, those from the same town and country first."""
    today = tx.now.date()
    found = [
        each
        for each in testimonies(tx, person)
        if each.stay.school_id == departure.school.id and each.agreed(today).may_show(scope, today)
    ]
    near = sorted(found, key=lambda each: (each.stay.city != departure.city, each.stay.country != departure.country))
    return near[:QUOTES]
