"""`/oncall`: who is on call now and next; an adult with the role takes a slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.ladder.crew import Crew
from bot.domain.messages import Offer
from bot.domain.person import Adult, Role, Slot
from bot.domain.rights import Act, schools_of
from bot.domain.typed_days import DaysError, Fault, read_slot
from bot.handlers.desk.visibility import Sight, sight_of
from bot.handlers.say.post import tell
from bot.i18n import Text, _, listed, phrase
from bot.store.db import Tx
from bot.store.people import OnCallSlot, Person, School
from bot.store.records import audit
from bot.store.team import team

HOW = _("To take a slot: /oncall 2027-03-12 18:00 2027-03-15 08:00.")
NOW = _("{school}, on call now: {who}, until {until}.")
EVERYBODY = _("{school}: no slot is planned for now, so whoever has the role is on call: {names}.")
NOBODY = _("{school}: nobody who is on duty has the on-call role.")
NEXT = _("Next: {who}, from {since} to {until}.")
NOT_ON_CALL = _("Only an adult with the on-call role can take a slot. Whoever imports the team gives it.")
TAKEN = _("Noted: you are on call from {since} to {until}. Alerts for the on-call adult come to you in that time.")
TAKEN_BY = _("{by} has put you on call from {since} to {until}. Alerts for the on-call adult come to you in that time.")
CANCELLED = _("Cancelled. You are not on call from {since} to {until}.")
CANCELLED_BY = _("{by} has taken you off call: not from {since} to {until}.")
GONE = _("This slot is not planned any more.")
CANCEL = _("Cancel: {since}")
FAULTS: dict[Fault, Text] = {
    Fault.UNREADABLE: _("I cannot read this slot. {how}"),
    Fault.BACKWARDS: _("This slot ends before it begins. {how}"),
    Fault.PAST: _("This slot is over. {how}"),
    Fault.LONG: _("A slot is a month at the most. {how}"),
}


@dataclass(frozen=True)
class Duty:
    """Who is on call at a school: those alerted at this instant, and the slots that run and that follow."""

    there: tuple[int, ...]
    running: tuple[tuple[Slot, Adult], ...]
    later: tuple[tuple[Slot, Adult], ...]


def oncall(tx: Tx, person: Person, rest: str = "") -> None:
    """Who is on call; with two instants, take that slot; a button cancels one's own."""
    sight = sight_of(tx, person)
    if rest.startswith("cancel "):
        cancel(tx, person, rest.removeprefix("cancel "), person)
        return None
    if not rest:
        return _show(tx, sight)
    if not person.holds(Role.ON_CALL):
        return tell(tx, person, NOT_ON_CALL)
    try:
        slot = read_slot(rest, sight.zone, tx.now)
    except DaysError as problem:
        return tell(tx, person, FAULTS[problem.fault], {"how": {"text": HOW}})
    return take(tx, person, slot, person)


def take(tx: Tx, person: Person, slot: Slot, by: Person) -> None:
    """Put somebody with the role on call, and tell them. A colleague may enter it for them."""
    zone = sight_of(tx, person).zone
    row = next((row for row in person.slots if (row.since, row.until) == (slot.since, slot.until)), None)
    if row is None:
        row = OnCallSlot(since=slot.since, until=slot.until)
        person.slots.append(row)
        _note(tx, person, "take slot", row, by)
    tx.rows.flush()
    values = _span(row, zone) | {"by": by.full_name}
    return tell(tx, person, TAKEN if by is person else TAKEN_BY, values, _button(row, zone))


def _show(tx: Tx, sight: Sight) -> None:
    adults = team(tx.rows)
    wanted = select(School).where(School.ref != "").order_by(School.name)
    schools = schools_of(sight.person.adult, Act.SEE_LEARNERS)
    if schools is not None:
        wanted = wanted.where(School.id.in_(schools))
    lines = [line for school in tx.rows.scalars(wanted) for line in _of_school(tx, adults, school)]
    own = [row for row in sight.person.slots if row.until > tx.now]
    if sight.person.holds(Role.ON_CALL):
        lines.append({"text": HOW})
    offers = (_button(row, sight.zone) for row in sorted(own, key=lambda row: row.since)[:8])
    tell(tx, sight.person, "{lines}", {"lines": {"list_lines": lines}}, *offers)


def _of_school(tx: Tx, adults: tuple[Adult, ...], school: School) -> Iterator[dict[str, Any]]:
    """Who is alerted as the on-call adult at this instant, as a ladder would find it, and whose turn is next."""
    zone = ZoneInfo(school.zone)
    names = {"school": school.name}
    duty = duty_of(tx, adults, school)
    for slot, adult in duty.running:
        yield phrase(NOW, **names, who=_name(tx, adult), **_times(slot, zone))
    if not duty.running and duty.there:
        everybody = listed([tx.rows.get_one(Person, number).full_name for number in duty.there])
        yield phrase(EVERYBODY, **names, names=everybody)
    elif not duty.running:
        yield phrase(NOBODY, **names)
    for slot, adult in duty.later[:1]:
        yield phrase(NEXT, who=_name(tx, adult), **_times(slot, zone))


def duty_of(tx: Tx, adults: tuple[Adult, ...], school: School) -> Duty:
    """The slots of a school around now, the earliest first, and who is alerted at this instant."""
    crew = Crew(adults, school.id, tx.now.astimezone(ZoneInfo(school.zone)).date(), tx.now)
    there = crew.having(Role.ON_CALL)
    own = [adult for adult in adults if Role.ON_CALL in adult.post(school.id)]
    members = own or [adult for adult in adults if Role.ON_CALL in adult.post(None)]
    held = sorted(((slot, adult) for adult in members for slot in adult.slots), key=lambda each: each[0].since)
    running = [(slot, adult) for slot, adult in held if slot.covers(tx.now) and adult.person in there]
    return Duty(there, tuple(running), tuple(each for each in held if each[0].since > tx.now))


def cancel(tx: Tx, person: Person, number: str, by: Person) -> bool:
    """This person's slot only: the number is looked for among theirs. Whether there was one."""
    row = next((row for row in person.slots if str(row.id) == number), None)
    if row is None:
        tell(tx, by, GONE)
        return False
    values = _span(row, sight_of(tx, person).zone) | {"by": by.full_name}
    _note(tx, person, "cancel slot", row, by)
    person.slots.remove(row)
    tell(tx, person, CANCELLED if by is person else CANCELLED_BY, values)
    return True


def _button(row: OnCallSlot, zone: ZoneInfo) -> Offer:
    return Offer(CANCEL, {"do": "command", "word": "oncall", "rest": f"cancel {row.id}"}, _span(row, zone))


def _span(row: OnCallSlot, zone: ZoneInfo) -> dict[str, Any]:
    return _times(Slot(row.since, row.until), zone)


def _times(slot: Slot, zone: ZoneInfo) -> dict[str, Any]:
    times = {"since": slot.since, "until": slot.until}
    return {name: {"moment": at.isoformat(), "zone": str(zone)} for name, at in times.items()}


def _name(tx: Tx, adult: Adult) -> str:
    return tx.rows.get_one(Person, adult.person).full_name


def _note(tx: Tx, person: Person, action: str, row: OnCallSlot, by: Person) -> None:
    span = {"since": row.since.isoformat(), "until": row.until.isoformat()}
    audit(tx, f"person {by.id}", action, f"person {person.id}", **span)
