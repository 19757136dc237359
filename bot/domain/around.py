"""When those around a learner are written to: the family, on the family's own clocks, and the tutor on the host's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.person import comes_of_age
from bot.domain.programme import Programme
from bot.domain.quiet import wall_instant
from bot.domain.stay import Kind, Stay

Planned = tuple[str, str, datetime, datetime]
"""Touchpoint, occurrence, when, and from when on it is pointless."""
ASKED_FOR = timedelta(days=21)
"""How long after the 18th birthday the learner may still be asked."""


def around(programme: Programme, stay: Stay, weeks: Iterable[date]) -> Iterator[Planned]:
    """Every planned contact with those around a learner. `weeks` are the days of the weekly check-ins."""
    if stay.kind is Kind.STAFF:
        return
    if programme.family.pings:
        yield from _family(programme, stay, weeks)
    if programme.tutor.write:
        yield from _tutor(programme, stay)


def _family(programme: Programme, stay: Stay, weeks: Iterable[date]) -> Iterator[Planned]:
    rules, home = programme.family, ZoneInfo(stay.home_zone)
    if "left" in rules.pings:
        at = wall_instant(home, stay.departure, rules.morning)
        yield "family.left", "once", at, at + timedelta(hours=12)
    if "checked_in" in rules.pings:
        for day in weeks:
            at = wall_instant(home, day + timedelta(days=1), rules.evening)
            yield "family.week", day.isoformat(), at, at + timedelta(days=2)
    birthday = comes_of_age(stay.birth) if stay.birth else None
    if birthday and stay.departure - timedelta(days=300) <= birthday <= stay.back + timedelta(days=7):
        at = wall_instant(home, birthday, programme.hours.contact)
        yield "family.eighteen", "once", at, at + ASKED_FOR


def _tutor(programme: Programme, stay: Stay) -> Iterator[Planned]:
    rules = programme.tutor
    for offset in rules.ask:
        day = stay.anchor(offset.anchor) + timedelta(days=offset.days)
        at = wall_instant(ZoneInfo(stay.zone), day, offset.at or rules.at)
        yield "tutor.write", str(offset), at, at + timedelta(days=3)
