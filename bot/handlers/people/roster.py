"""The roster comes in: people and stays are made or brought up to date, never doubled; and what it would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.ladder import OwnerGone
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.domain.rights import ACKNOWLEDGERS
from bot.domain.roster import Guardian, KnownSchool, RosterRow, RowProblem
from bot.domain.roster.difference import PERSON, STAY, Difference, State
from bot.domain.roster.matching import Match, Matches, Verdict, match
from bot.domain.roster.reference import reference_key
from bot.domain.stay import open_for
from bot.handlers.case.case import move_case
from bot.handlers.conversation.stay_dates import DATES, NIGHTS, move_dates
from bot.handlers.conversation.stay_ends import ask_about_unlisted, end_stay, listed_again
from bot.handlers.people.guardians import keep_up
from bot.handlers.people.known_people import known_people
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.links import Page, take_back
from bot.handlers.say.post import About, post
from bot.i18n import _, say
from bot.store.cases import open_case
from bot.store.contacts import keep_contacts
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import HOME_ZONE, Person, RoleHeld, School, tell_apart
from bot.store.people import Guardian as GuardianRow
from bot.store.stays import StayRow, stays_of_person

ERASED = _(
    "this person was erased on {day}, and a file that names them still does not bring them back: take the row out; for a new stay they want, give another reference"
)
FURTHER = _("You have a further stay: {city}, from {departure} to {back}. I go with you there as well.")


def known_schools(tx: Tx) -> list[KnownSchool]:
    """The schools a roster may name."""
    place = func.coalesce(RoleHeld.school_id, Person.school_id)
    held = select(place, func.count(Person.id.distinct())).join(Person).where(RoleHeld.role.in_(ACKNOWLEDGERS))
    adults = dict(tx.rows.execute(held.group_by(place)).all())
    rows = tx.rows.scalars(select(School).where(School.ref != "").order_by(School.id))
    return [KnownSchool(row.ref, row.name, row.city, row.zone, adults.get(row.id, 0)) for row in rows]


NOBODY: frozenset[str] = frozenset()


def compare(tx: Tx, rows: tuple[RosterRow, ...], *, whole: bool = True, hidden: frozenset[str] = NOBODY) -> Difference:
    """What `bring_in` would do with these rows. Of those whose reference keys are `hidden` the reader hears nothing."""
    return _matched(tx, rows, whole=whole, hidden=hidden).difference


@dataclass
class Imported:
    """What an import did, as references."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    further: list[str] = field(default_factory=list)
    """Further stays of people who are known."""
    moved: list[str] = field(default_factory=list)
    """Updated, and their dates are others."""
    ended: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    """Of a class that is in this file, and not named any more: an adult is asked what that means."""
    missing: list[str] = field(default_factory=list)
    """Known stays that are not in this file. They are left as they are."""
    refused: list[RowProblem] = field(default_factory=list)
    """Rows that cannot be about the person who has their reference."""


def bring_in(tx: Tx, rows: tuple[RosterRow, ...], *, whole: bool = True) -> Imported:
    """Apply rows that were read and checked; of a file that is not `whole`, nobody is missed.

    Raises:
        LookupError: a row names a school that is not in the database; import the team first.
    """
    schools = {school.ref: school for school in tx.rows.scalars(select(School))}
    unknown = next((row.school for row in rows if row.school not in schools), None)
    if unknown is not None:
        raise LookupError(f'school "{unknown}" is not known yet: import consortium.toml first')
    found = _matched(tx, rows, whole=whole)
    shown = found.difference
    done = Imported(missing=list(found.missing), refused=list(shown.problems), unlisted=list(shown.unlisted))
    taken = [each for each in found.rows if not each.refusal]
    made = _new_people(tx, taken, schools)
    unlisted = set(tx.rows.scalars(select(StayRow.id).where(StayRow.unlisted_at.is_not(None))))
    for each, compared in zip(taken, shown.rows, strict=True):
        if each.stay and compared.state is State.UNCHANGED and each.stay.id not in unlisted:
            done.unchanged.append(each.person.reference if each.person else each.row.reference)
        else:
            _apply(tx, each, schools[each.row.school], made, done)
    tx.rows.flush()
    tell_apart(tx.rows)
    ask_about_unlisted(tx, [tx.rows.get_one(StayRow, number) for _reference, number in found.unlisted])
    return done


def _matched(tx: Tx, rows: tuple[RosterRow, ...], *, whole: bool, hidden: frozenset[str] = NOBODY) -> Matches:
    today = tx.now.astimezone(ZoneInfo(HOME_ZONE)).date()
    return _without_erased(tx, match(rows, known_people(tx), today, whole=whole, hidden=hidden))


def _without_erased(tx: Tx, found: Matches) -> Matches:
    """Whoever was erased is not made anew by a file that names them still."""
    new = [each.row.reference for each in found.rows if each.verdict is Verdict.NEW]
    days = tx.erased.days_of(new) if tx.erased is not None else {}
    return replace(found, rows=tuple(_refused(each, days) for each in found.rows)) if days else found


def _refused(each: Match, days: Mapping[str, date]) -> Match:
    day = days.get(each.row.reference) if each.verdict is Verdict.NEW else None
    if day is None:
        return each
    return replace(each, verdict=Verdict.REFUSED, refusal=say(ERASED, day={"date": day.isoformat()}))


def _new_people(tx: Tx, matches: Iterable[Match], schools: Mapping[str, School]) -> dict[str, Person]:
    """Everybody whom nobody knew, made in one go; by the key of their reference."""
    made: dict[str, Person] = {}
    for each in matches:
        key = reference_key(each.row.reference)
        if each.verdict is Verdict.NEW and key not in made:
            made[key] = _new_person(tx, each.row, schools[each.row.school])
    tx.rows.flush()
    return made


def _apply(tx: Tx, each: Match, school: School, made: Mapping[str, Person], done: Imported) -> None:
    row = each.row
    if each.verdict is Verdict.LEFT_OUT:
        done.unchanged.append(row.reference)
        return
    if each.person is None:
        _begin(tx, made[reference_key(row.reference)], row, school, done)
        return
    person = tx.rows.get_one(Person, each.person.id)
    changed = _assign(person, _person_values(row, school))
    tx.rows.flush()
    if each.stay is None:
        stay = _new_stay(tx, person, row, school)
        tx.rows.flush()
        _guardians(tx, person, row)
        done.further.append(person.ref)
        _accompany(tx, person, stay)
        return
    stay = tx.rows.get_one(StayRow, each.stay.id)
    changed |= _update(tx, each, person, stay, school, done)
    (done.updated if changed else done.unchanged).append(person.ref)


def _update(tx: Tx, each: Match, person: Person, stay: StayRow, school: School, done: Imported) -> bool:
    row, tutor, school_before = each.row, (stay.tutor_name, stay.tutor_email), stay.school_id
    if not (each.stay and each.stay.begun) and person.language != row.language:
        person.language, changed = row.language, True
    else:
        changed = False
    changed |= _assign(stay, _stay_values(row, school) | {"tags": sorted(row.tags)})
    if school_before != stay.school_id:
        _hand_over(tx, stay)
    if tutor != (stay.tutor_name, stay.tutor_email):
        take_back(tx, stay, Page.TUTOR)
    changed |= _guardians(tx, person, row)
    others = keep_contacts(tx.rows, stay.id, row.externals)
    if others:
        take_back(tx, stay, Page.EXTERNAL)
        changed = True
    if changed:
        stay.wake_at = tx.now
    if move_dates(tx, stay, _dates(row)):
        done.moved.append(person.ref)
        changed = True
    listed_again(tx, stay)
    if each.ends is not None and end_stay(tx, stay, each.ends, None):
        done.ended.append(person.ref)
        changed = True
    return changed


def _hand_over(tx: Tx, stay: StayRow) -> None:
    """An open case begins anew at the school where the learner is now: those of the other one know no more of it."""
    tx.rows.flush()
    tx.rows.expire(stay, ["school"])
    case = open_case(tx.rows, stay.id)
    if case is not None:
        move_case(tx, case, OwnerGone())


def _accompany(tx: Tx, person: Person, stay: StayRow) -> None:
    """Whoever has begun goes on with a further stay on the same account, and is told so."""
    stay.wake_at = tx.now
    if all(each.enrolled_at is None for each in stays_of_person(tx.rows, person.id)):
        return
    stay.enrolled_at = tx.now
    at = open_for(tx.programme, stay.facts(), tx.now)
    post(tx, person.id, Letter(FURTHER, stay_facts(tx, stay)), Lane.PROMPT, About(stay=stay.id), at)


def _begin(tx: Tx, person: Person, row: RosterRow, school: School, done: Imported) -> None:
    """The stay of somebody new, or one more of them in the same file."""
    _new_stay(tx, person, row, school)
    if person.ref in done.created:
        _guardians(tx, person, row)
        done.further.append(person.ref)
        return
    done.created.append(person.ref)
    _name_guardians(tx, person, row.guardians)


def _new_person(tx: Tx, row: RosterRow, school: School) -> Person:
    person = Person(ref=row.reference, language=row.language, **_person_values(row, school))
    person.roles.append(RoleHeld(role=Role.LEARNER))
    tx.rows.add(person)
    return person


def _new_stay(tx: Tx, person: Person, row: RosterRow, school: School) -> StayRow:
    stay = StayRow(person_id=person.id, tags=sorted(row.tags), **_stay_values(row, school), **_dates(row))
    tx.rows.add(stay)
    if row.externals:
        tx.rows.flush()
        keep_contacts(tx.rows, stay.id, row.externals)
    return stay


def _person_values(row: RosterRow, school: School) -> dict[str, object]:
    return {name: getattr(row, name) for name in PERSON.values()} | {"school_id": school.id}


def _dates(row: RosterRow) -> dict[str, date | int]:
    return {name: getattr(row, name) for name in (*DATES, *NIGHTS)}


def _stay_values(row: RosterRow, school: School) -> dict[str, object]:
    plain: Iterable[str] = (name for name in STAY.values() if name not in {*DATES, "arrives", "home_on"})
    return {name: getattr(row, name) for name in plain} | {
        "school_id": school.id,
        "tutor_name": row.tutor.name if row.tutor else "",
        "tutor_email": row.tutor.email if row.tutor else None,
        "tutor_language": row.tutor.language if row.tutor else None,
        "tutor_phone": row.tutor.phone if row.tutor else None,
    }


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
    _name_guardians(tx, person, row.guardians)
    tx.rows.flush()
    keep_up(tx, person)
    return True


def _name_guardians(tx: Tx, person: Person, guardians: Iterable[Guardian]) -> None:
    for place, each in enumerate(guardians, 1):
        named = {"name": each.name, "email": each.email, "phone": each.phone, "language": each.language}
        tx.rows.add(GuardianRow(person_id=person.id, position=place, **named))
