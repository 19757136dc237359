"""One mobility of one learner, and what is true of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from bot.domain.offset import Anchor
from bot.domain.person import age_on
from bot.domain.programme import Programme
from bot.domain.programme.help import HOME
from bot.domain.programme.part import at_school
from bot.domain.whereabouts import Whereabouts, first_open, moves
from bot.domain.working_language import is_spoken, working_language


class Kind(StrEnum):
    OUTGOING = "outgoing"
    INCOMING = "incoming"
    STAFF = "staff"
    VIRTUAL = "virtual"
    """Taken part in from home: nobody leaves, arrives or comes back."""


class Track(StrEnum):
    VET = "vet"
    HED = "hed"
    STAFF = "staff"


class Ended(StrEnum):
    """How a stay ended before its time."""

    WITHDRAWN = "withdrawn"
    """It does not begin."""
    BROKEN_OFF = "broken_off"
    """It was given up on the way."""
    TRANSFERRED = "transferred"
    """It takes place at another time or elsewhere: a further stay follows, or is awaited."""


BUILT_IN = frozenset(
    [
        "minor",
        "adult",
        "under_16",
        "turns_18",
        "ehic",
        "no_ehic",
        "identity_card",
        "passport",
        "short_stay",
        "long_stay",
        "own_language",
        "foreign_language",
        "vet",
        "hed",
        "staff",
        "outgoing",
        "incoming",
        "virtual",
    ]
)
"""Conditions that follow from the roster's columns; every other one is a tag of the programme."""
_DERIVED = re.compile(r"^(in_[a-z]{2}|weeks_([1-9]|[1-4][0-9]|5[0-2])|at_[a-z0-9_]+)$")
NON_EU = "non_eu_national"
"""The one tag that a rule of ours looks at: the card does not serve everybody everywhere."""


@dataclass(frozen=True)
class Stay:
    """One mobility. Dates are local calendar days, zones are IANA names, `enrolled_at` is an aware UTC instant."""

    id: int
    ref: str
    kind: Kind
    track: Track
    country: str
    city: str
    zone: str
    """Where the learner lives from departure to return."""
    home_zone: str
    """Where the learner lives before and after: the school's zone, or the home of an incoming learner."""
    departure: date
    start: date
    end: date
    back: date
    """The day on which the journey home begins, R."""
    nights_out: int = 0
    """Nights on the way there: a coach that leaves on Saturday and arrives on Sunday has one …"""
    nights_back: int = 0
    """… and those on the way home."""
    birth: date | None = None
    tags: frozenset[str] = frozenset()
    home_country: str = ""
    """ISO code; empty where no roster has said it."""
    working_language: str = ""
    """As the roster says; empty: that of the place."""
    school: str = ""
    """The reference of the school that answers for it."""
    enrolled_at: datetime | None = None
    ended: Ended | None = None
    doubtful: bool = False
    """Its row was gone from the sheet before the departure, and no adult has said yet what that means."""
    paused_from: datetime | None = None
    """Nothing is asked from this instant on, but whether they have arrived and are back …"""
    paused_until: date | None = None
    """… to the end of this day."""

    def anchor(self, anchor: Anchor) -> date:
        """The day an anchor falls on. The middle is half of the activity, but D+7 at the latest under four weeks."""
        match anchor:
            case Anchor.DEPARTURE:
                return self.departure
            case Anchor.START:
                return self.start
            case Anchor.END:
                return self.end
            case Anchor.RETURN:
                return self.back
            case Anchor.MIDDLE:
                half = self.start + (self.end - self.start) // 2
                return half if self.activity_days >= 28 else min(half, self.start + timedelta(days=7))

    @property
    def arrives(self) -> date:
        """The day of the arrival there."""
        return self.departure + timedelta(days=self.nights_out)

    @property
    def home_on(self) -> date:
        """The day of the arrival at home."""
        return self.back + timedelta(days=self.nights_back)

    @property
    def home(self) -> str:
        """The country the learner is in before and after; empty where nobody knows that of a guest."""
        if self.home_country or self.kind is not Kind.INCOMING:
            return self.home_country or HOME
        return str(get_global("zone_territories").get(self.home_zone, "")).replace("ZZ", "")

    @cached_property
    def where(self) -> Whereabouts:
        """Where the learner lives when."""
        return Whereabouts(self.zone, self.home_zone, self.departure, self.back)

    def zone_on(self, day: date) -> ZoneInfo:
        """The zone a learner lives in on a day."""
        return self.where.on(day)

    def moves(self) -> tuple[datetime, datetime]:
        """From when until when (aware, UTC) the learner lives abroad."""
        return moves(self.where)

    @property
    def travels(self) -> bool:
        """Whether there is a journey at all; else only its days are counted like those of one."""
        return self.kind is not Kind.VIRTUAL

    def is_abroad(self, instant: datetime) -> bool:
        """Whether the learner lives there at an instant."""
        first, last = self.moves()
        return self.travels and first <= instant < last

    def is_home(self, instant: datetime, *, returned: bool) -> bool:
        """Whether somebody is to be looked for at home: before the departure; and a day after the return, unless it was
        asked after and nobody has heard of it.
        """
        leaves, returns = self.moves()
        return not self.travels or instant < leaves or (returned and instant >= returns + timedelta(days=1))

    def zone_at(self, instant: datetime) -> ZoneInfo:
        """The zone the learner lives in at an instant."""
        return self.where.at(instant)

    def day_at(self, instant: datetime) -> date:
        """The day it is where the learner lives at an instant."""
        return instant.astimezone(self.zone_at(instant)).date()

    def minor_on(self, day: date) -> bool:
        """Under 18. A birth date we do not know makes nobody an adult."""
        if self.kind is Kind.STAFF:
            return False
        return self.birth is None or age_on(self.birth, day) < 18

    @property
    def cancelled(self) -> bool:
        """Ended before its time, in whatever way: nothing more is asked, and nobody waits for an answer."""
        return self.ended is not None

    @property
    def activity_days(self) -> int:
        """Calendar days of the activity, both ends counted, without the journeys (programme guide: funded duration)."""
        return (self.end - self.start).days + 1


def current(stays: Sequence[Stay], today: date) -> Stay | None:
    """Of the stays of one person the one under way, else the next, else the last; those that ended early do not count. Who is
    away is there, whatever they take part in from there.
    """
    known = sorted((stay for stay in stays if not stay.cancelled), key=lambda stay: (stay.departure, stay.id))
    begun = [stay for stay in known if stay.departure <= today]
    under_way = sorted((stay for stay in begun if today <= stay.back), key=lambda stay: stay.travels)
    coming = [stay for stay in known if stay.departure > today]
    return next(iter((*reversed(under_way), *coming, *reversed(begun))), None)


@lru_cache(maxsize=4096)
def conditions(programme: Programme, stay: Stay) -> frozenset[str]:
    """The names that hold for a stay, for `when`, `any_of` and `unless` in the programme."""
    rules, own = programme.rules, programme.programme.language
    minor = stay.minor_on(stay.departure)
    ehic = _has_card(programme, stay)
    crossed = stay.home if stay.kind is Kind.INCOMING else stay.country
    card = crossed in rules.identity_card_countries
    spoken = stay.working_language or working_language(stay.country, stay.city, own)
    guest = stay.kind is Kind.INCOMING
    at_home = is_spoken(stay.home, spoken) if guest else spoken == own
    short = (stay.back - stay.departure).days < rules.short_stay_days
    held = {
        "minor": minor,
        "adult": not minor,
        "under_16": stay.birth is not None and age_on(stay.birth, stay.departure) < 16,
        "turns_18": minor and not stay.minor_on(stay.back),
        "ehic": ehic,
        "no_ehic": not ehic,
        "identity_card": card,
        "passport": not card,
        "short_stay": short,
        "long_stay": not short,
        "own_language": at_home,
        "foreign_language": not at_home,
    }
    own_words = {f"in_{stay.country.lower()}", *(f"weeks_{each}" for each in range(1, stay.activity_days // 7 + 1))}
    own_words |= {at_school(stay.school)} if stay.school else set()
    return frozenset({name for name, holds in held.items() if holds} | {stay.kind, stay.track} | own_words | stay.tags)


def is_derived(name: str) -> bool:
    """Conditions that follow from the country (`in_de`), from the weeks of activity there are at least (`weeks_4`), or from the
    school (`at_valmer`).
    """
    return _DERIVED.match(name) is not None


def _has_card(programme: Programme, stay: Stay) -> bool:
    """Whether a European health card serves there: that of a guest is from their home."""
    rules = programme.rules
    if stay.kind is Kind.INCOMING:
        return stay.home in rules.ehic_countries
    stranger = NON_EU in stay.tags and stay.country in rules.ehic_europeans_only
    return stay.country in rules.ehic_countries and not stranger


def open_for(programme: Programme, stay: Stay, instant: datetime) -> datetime:
    """The first instant from `instant` on (UTC) at which the learner may be written to, wherever they live then."""
    return first_open(programme.hours.learner, stay.where, instant)
