"""Who has something to do for a stay and is no member of the team: the employer of an apprentice, the teacher at the partner
school, the host family. They are written to by e-mail, with a link to a page that lists what is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.occasion import Kind, Occasion, for_day
from bot.domain.person import Role
from bot.domain.programme import Item, Programme
from bot.domain.programme.item import EXTERNALS
from bot.domain.quiet_hours import wall_instant
from bot.domain.stay import Kind as StayKind
from bot.domain.stay import Stay, open_for


def items_of(programme: Programme, stay: Stay, role: Role, held: frozenset[str]) -> list[Item]:
    """What a stay wants of the employer or of the partner's teacher; `held` are its conditions."""
    return [item for item in programme.journey(stay.kind).items if item.external is role and item.applies(held)]


def zone_of(stay: Stay, role: Role) -> ZoneInfo:
    """On whose clocks they are written to: an employer works where the learner lives, the others are where the stay is; the
    partner who sends a guest is at the guest's home.
    """
    guests = stay.kind is StayKind.INCOMING and role is Role.PARTNER
    return ZoneInfo(stay.home_zone if role is Role.EMPLOYER or guests else stay.zone)


def external_contacts(programme: Programme, stay: Stay, held: frozenset[str]) -> Iterator[Occasion]:
    """When they are written to: on each day on which one of their items is asked or asked again, once for all of them. A letter
    that could not be written on its day is written until the next is due; the last, until the end of the stay.
    """
    for role in EXTERNALS:
        zone, letters = zone_of(stay, role), _letters(programme, stay, role, held)
        times = [
            open_for(programme, stay, wall_instant(zone, day, programme.hours.team.start)) for day, _slot in letters
        ]
        ends = wall_instant(zone, stay.back + timedelta(days=1), time(0))
        for place, (at, (_day, occurrence)) in enumerate(zip(times, letters, strict=True)):
            until = times[place + 1] if place + 1 < len(times) else max(ends, at + timedelta(days=7))
            yield Occasion(Kind.EXTERNAL, f"external.{role}", occurrence, at, max(until, at + timedelta(hours=1)))


def _letters(programme: Programme, stay: Stay, role: Role, held: frozenset[str]) -> list[tuple[date, str]]:
    """The day of each letter, and which it is: one a day, whatever it asks for."""
    found: dict[date, str] = {}
    for item in items_of(programme, stay, role, held):
        anchor = stay.anchor(item.due_for(stay.school).anchor)
        for before in item.remind:
            day = anchor + timedelta(days=item.due_for(stay.school).days - before)
            found.setdefault(day, for_day(f"{item.id}.{before}", anchor))
    return sorted(found.items())


class News(StrEnum):
    """What an employer may hear of: the bare fact, which the contract owes them. Never an answer, a reason, a mood."""

    ABSENCE = "absence"
    UNREACHABLE = "unreachable"


NEWS_OF: Mapping[str, News] = {
    "attendance": News.ABSENCE,
    "tutor_absent": News.ABSENCE,
    "silent": News.UNREACHABLE,
    "silent_unreachable": News.UNREACHABLE,
}
"""Which matters of a case are such a fact. A pause, or /stop, is a learner's own choice, and none."""


def news_for_employer(programme: Programme, stay: Stay, held: frozenset[str], topic: str, today: date) -> News | None:
    """What a matter is to the employer of a stay; None where it is not theirs to hear. That a minor cannot be reached the
    guardians hear first, from an adult.
    """
    rules, news = programme.employer, NEWS_OF.get(topic)
    if news is None or news not in rules.hears or stay.kind is not StayKind.OUTGOING or not rules.applies(held):
        return None
    return None if news is News.UNREACHABLE and stay.minor_on(today) else news
