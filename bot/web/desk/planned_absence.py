"""What is planned for the adults: leave with the chat's warning, slots, and who is on call now and next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.ladder.cover import uncovered
from bot.domain.person import Adult, Leave, Slot
from bot.domain.rights import Act
from bot.handlers.desk.oncall import duty_of
from bot.store.db import Tx
from bot.store.people import Person, School
from bot.store.stays import StayRow
from bot.web.desk.visitor import Visitor

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Span:
    """A leave or a slot: its number, its words, and the learners whom a leave leaves with too few adults."""

    id: int
    words: str
    thin: str = ""


@dataclass(frozen=True)
class OnCall:
    """Who is alerted now, until when where a slot runs, and the slots of the next two weeks."""

    now: str
    until: str
    later: tuple[tuple[str, str, bool], ...]
    """Its hours, whose it is, and whether they are on leave by then: such a slot counts for nothing."""


def read_leaves(who: Visitor, adults: tuple[Adult, ...], row: Person, stays: list[StayRow]) -> tuple[Span, ...]:
    """Leave that is not over, with the warning that the chat gives."""
    names = {stay.id: stay.person.short_name for stay in stays}
    found = []
    for leave in sorted(row.leaves, key=lambda each: each.first):
        if leave.last >= who.clock.today:
            days = Leave(leave.first, leave.last)
            thin = uncovered(adults, days, [(stay.school_id, stay.facts()) for stay in stays])
            found.append(Span(leave.id, _days(who, days), ", ".join(names[number] for number in thin)))
    return tuple(found)


def read_slots(who: Visitor, row: Person) -> tuple[Span, ...]:
    """Slots that are not over, by the clocks of the school."""
    zone = ZoneInfo(row.school.zone) if row.school else who.clock.zone
    coming = sorted((each for each in row.slots if each.until > who.clock.now), key=lambda each: each.since)
    return tuple(Span(each.id, _hours(who, Slot(each.since, each.until), zone)) for each in coming)


def read_on_call(tx: Tx, who: Visitor, adults: tuple[Adult, ...], school: School | None) -> OnCall | None:
    """Who is alerted as the on-call adult of a school; None for whoever may see no cases."""
    if school is None or not who.may(Act.SEE_CASES, school.id):
        return None
    zone, duty = ZoneInfo(school.zone), duty_of(tx, adults, school)
    named = {number: tx.rows.get_one(Person, number).full_name for number in duty.there}
    running = [who.clock.at(slot.until, zone).local for slot, _adult in duty.running[:1]]
    later = tuple(
        (_hours(who, slot, zone), tx.rows.get_one(Person, adult.person).full_name, _away(adult, slot, zone))
        for slot, adult in duty.later
        if slot.since < tx.now + AHEAD
    )
    return OnCall(", ".join(named.values()), "".join(running), later)


def _days(who: Visitor, days: Leave) -> str:
    return who.clock.span(days.first, days.last) if days.first != days.last else who.clock.short_day(days.first)


def _hours(who: Visitor, slot: Slot, zone: ZoneInfo) -> str:
    return f"{_at(who, slot, zone, 0)} – {_at(who, slot, zone, 1)}"


def _away(adult: Adult, slot: Slot, zone: ZoneInfo) -> bool:
    first, last = (at.astimezone(zone).date() for at in (slot.since, slot.until))
    return any(leave.first <= last and first <= leave.last for leave in adult.leaves)


def _at(who: Visitor, slot: Slot, zone: ZoneInfo, end: int) -> str:
    at = (slot.since, slot.until)[end].astimezone(zone)
    return f"{who.clock.short_day(at.date())} {who.clock.hour(at, zone)}"
