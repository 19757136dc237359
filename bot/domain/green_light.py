"""The green light: whether a learner may leave, asked of an adult a few days before where something is missing.

`blocking = "yes"` in the programme means: without it there is no departure. Nobody decides that but an adult; what is
said here is what is missing, when the adult is asked, and what is held back from the learner meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.offset import Offset
from bot.domain.programme import Item, Programme
from bot.domain.programme.item import Proof
from bot.domain.quiet_hours import wall_instant
from bot.domain.stay import Kind, Stay, conditions
from bot.domain.working_time import Calendar

_CLOSED = frozenset({"done", "waived"})
"""What a learner hands over or declares still waits for an adult's look …"""
_SAID = _CLOSED | {"declared"}
"""… unless their word is the proof that the programme asks for."""


class Verdict(StrEnum):
    """What an adult said about a departure."""

    GO = "go"
    """Everything that blocks is there."""
    NOT_YET = "not_yet"
    ALL_THE_SAME = "all_the_same"
    """They leave without it, for a reason in words."""


@dataclass(frozen=True)
class Decision:
    """One verdict, about a departure on one day: a departure that moves wants another."""

    departure: date
    verdict: Verdict


def missing(programme: Programme, stay: Stay, states: Mapping[str, str]) -> tuple[Item, ...]:
    """The blocking items due by the departure that nobody has settled, in the order of the programme."""
    return tuple(
        item
        for item in blocking(programme, stay, conditions(programme, stay))
        if states.get(item.id) not in (_SAID if item.proof is Proof.DECLARED else _CLOSED)
    )


def blocking(programme: Programme, stay: Stay, held: frozenset[str]) -> tuple[Item, ...]:
    """The items without which a stay with these conditions may not leave."""
    return tuple(
        item
        for item in programme.journey(stay.kind).items
        if item.blocking == "yes" and item.applies(held) and _is_due_by_departure(stay, item)
    )


def _is_due_by_departure(stay: Stay, item: Item) -> bool:
    due = item.due_for(stay.school)
    return stay.anchor(due.anchor) + timedelta(days=due.days) <= stay.departure


def is_green(stay: Stay, lacks: tuple[Item, ...], decision: Decision | None) -> bool:
    """Whether the learner may leave: nothing blocks, or an adult lets them go on this very day all the same."""
    if decision is None or decision.departure != stay.departure:
        return not lacks
    if decision.verdict is Verdict.NOT_YET:
        return False
    return decision.verdict is Verdict.ALL_THE_SAME or not lacks


def is_answered(stay: Stay, decision: Decision | None) -> bool:
    """Whether an adult has said something about this departure."""
    return decision is not None and decision.departure == stay.departure


def asked_at(programme: Programme, stay: Stay) -> datetime:
    """When the coordinator is asked (UTC): at the team's opening, and on a working day, so on the last one before."""
    return _instant(programme, stay, programme.green_light.ask, working=True)


def climbs_at(programme: Programme, stay: Stay) -> datetime:
    """From when on an unanswered question is a case (UTC), working day or not: the train does not wait for Monday."""
    return max(_instant(programme, stay, programme.green_light.climb, working=False), asked_at(programme, stay))


def school_zone(stay: Stay) -> ZoneInfo:
    """The zone of the school that answers for a stay: where a guest lives, or where the others come from."""
    return ZoneInfo(stay.zone if stay.kind is Kind.INCOMING else stay.home_zone)


def _instant(programme: Programme, stay: Stay, offset: Offset, *, working: bool) -> datetime:
    zone = school_zone(stay)
    day = stay.anchor(offset.anchor) + timedelta(days=offset.days)
    if working:
        day = _working_day(Calendar(programme.hours, zone, stay.school), day)
    return wall_instant(zone, day, offset.at or _opening(programme))


def _working_day(calendar: Calendar, day: date) -> date:
    """The day itself, or the last working day before it; the day itself where there is none within two weeks."""
    back = (day - timedelta(days=each) for each in range(15))
    return next((each for each in back if calendar.is_working(each)), day)


def _opening(programme: Programme) -> time:
    return programme.hours.team.start
