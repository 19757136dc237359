"""Who has something to do for a stay and is no member of the team: the employer of an apprentice, the teacher at the partner
school. They are written to by e-mail, with a link to a page that lists what is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.occasion import Kind, Occasion
from bot.domain.person import Role
from bot.domain.programme import Item, Programme
from bot.domain.programme.item import EXTERNALS
from bot.domain.quiet_hours import wall_instant
from bot.domain.stay import Stay


def items_of(programme: Programme, stay: Stay, role: Role, held: frozenset[str]) -> list[Item]:
    """What a stay wants of the employer or of the partner's teacher; `held` are its conditions."""
    return [item for item in programme.journey(stay.kind).items if item.external is role and item.applies(held)]


def zone_of(stay: Stay, role: Role) -> ZoneInfo:
    """On whose clocks they are written to: an employer works where the learner lives, the partner where the stay is."""
    return ZoneInfo(stay.home_zone if role is Role.EMPLOYER else stay.zone)


def external_contacts(programme: Programme, stay: Stay, held: frozenset[str]) -> Iterator[Occasion]:
    """When they are written to: on each day on which one of their items is asked or asked again, once for all of them. A letter
    that could not be written on its day is written until the next is due; the last, until the end of the stay.
    """
    for role in EXTERNALS:
        days = {
            stay.anchor(item.due.anchor) + timedelta(days=item.due.days - before)
            for item in items_of(programme, stay, role, held)
            for before in item.remind
        }
        zone = zone_of(stay, role)
        letters = [(wall_instant(zone, day, programme.hours.team.start), day) for day in sorted(days)]
        ends = wall_instant(zone, stay.back + timedelta(days=1), time(0))
        for place, (at, day) in enumerate(letters):
            until = letters[place + 1][0] if place + 1 < len(letters) else max(ends, at + timedelta(days=7))
            yield Occasion(Kind.EXTERNAL, f"external.{role}", day.isoformat(), at, until)
