"""Those around a learner: who agreed to what, and when the family and the host's tutor are written to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.person import age_on, comes_of_age
from bot.domain.programme import Programme
from bot.domain.quiet_hours import wall_instant
from bot.domain.stay import Kind, Stay

TEXT_VERSION = "2026-11"
"""Which wording was agreed to. A new meaning takes a new version; a better word does not."""


class Purpose(StrEnum):
    """What was agreed to."""

    FAMILY_PINGS = "family_pings"
    TESTIMONY = "testimony"
    """Their own words, to be shown to others."""


class Giver(StrEnum):
    """In which quality somebody agreed."""

    LEARNER = "learner"
    GUARDIAN = "guardian"


@dataclass(frozen=True)
class Consent:
    """One record: `person` gave a consent, or took it back (`given` is False), at an instant (aware).

    Records are only ever added; taking a consent back is one more.
    """

    purpose: Purpose
    giver: Giver
    person: int
    given: bool
    at: datetime


def is_minor(birth: date | None, zone: ZoneInfo, now: datetime) -> bool:
    """Under 18 on the day it is there. A birth date we do not know makes nobody an adult."""
    return birth is None or age_on(birth, now.astimezone(zone).date()) < 18


def holds(records: Sequence[Consent], parent: int, birth: date | None, zone: ZoneInfo, now: datetime) -> bool:
    """Whether this parent may be told the status words about a learner born on `birth`, now. Records in their order.

    The parent must have agreed and not taken it back. For a minor that is enough; from 18 on it takes the learner's
    own yes as well, said as an adult: neither a guardian nor a minor can say it for the adult they become.
    """
    if not agrees(records, Giver.GUARDIAN, now, parent):
        return False
    if is_minor(birth, zone, now):
        return True
    said = [each for each in records if not is_minor(birth, zone, each.at)]
    return agrees(said, Giver.LEARNER, now)


def agrees(records: Sequence[Consent], giver: Giver, now: datetime, person: int | None = None) -> bool:
    """Whether the last word of somebody (or of anybody in that quality) was a yes."""
    given = [
        each.given
        for each in records
        if each.purpose is Purpose.FAMILY_PINGS
        and each.giver is giver
        and each.at <= now
        and person in {None, each.person}
    ]
    return given[-1:] == [True]


Planned = tuple[str, str, datetime, datetime]
"""Touchpoint, occurrence, when, and from when on it is pointless."""
ASKED_FOR = timedelta(days=21)
"""How long after the 18th birthday the learner may still be asked."""


def family_and_tutor_contacts(programme: Programme, stay: Stay, weeks: Iterable[date]) -> Iterator[Planned]:
    """Every planned contact with the family, on the clocks of home, and with the tutor, on the host's.

    `weeks` are the days of the weekly check-ins.
    """
    if stay.kind is Kind.STAFF or not stay.travels:
        return
    if programme.family.pings:
        yield from _family(programme, stay, weeks)
    if programme.tutor.write:
        yield from _tutor(programme, stay)


def _family(programme: Programme, stay: Stay, weeks: Iterable[date]) -> Iterator[Planned]:
    rules, home = programme.family, ZoneInfo(stay.home_zone)
    if "left" in rules.pings:
        at = wall_instant(home, stay.departure, rules.morning)
        yield "family.left", f"once@{stay.departure.isoformat()}", at, at + timedelta(hours=12)
    if "checked_in" in rules.pings:
        for day in weeks:
            at = wall_instant(home, day + timedelta(days=1), rules.evening)
            yield "family.week", day.isoformat(), at, at + timedelta(days=2)
    birthday = comes_of_age(stay.birth) if stay.birth else None
    if birthday and stay.departure - timedelta(days=300) <= birthday <= stay.back + timedelta(days=7):
        at = wall_instant(home, birthday, programme.hours.contact)
        yield "family.eighteen", f"once@{birthday.isoformat()}", at, at + ASKED_FOR


def _tutor(programme: Programme, stay: Stay) -> Iterator[Planned]:
    rules = programme.tutor
    for offset in rules.ask:
        day = stay.anchor(offset.anchor) + timedelta(days=offset.days)
        at = wall_instant(ZoneInfo(stay.zone), day, offset.at or rules.at)
        yield "tutor.write", f"{offset}@{stay.anchor(offset.anchor).isoformat()}", at, at + timedelta(days=3)
