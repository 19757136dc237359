"""Who could help whom: returnees who said that they would like to, beside learners who are about to leave, and guests.

Nothing here decides: an adult asks both, each says yes or no, and only then does either hear the other's name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phonenumbers import Leniency, PhoneNumberMatcher

from bot.domain.spelling import folded

MOST = 2
"""So many newcomers one helper is asked about: help is a favour, no office."""


class Pairing(StrEnum):
    """What two learners are to each other."""

    TUTORING = "tutoring"
    """Somebody who was there, and somebody who is about to go."""
    BUDDY = "buddy"
    """A learner of the school, and its guest."""


class Link(StrEnum):
    """What two stays have in common."""

    CITY = "city"
    COUNTRY = "country"
    TRADE = "trade"
    SCHOOL = "school"
    """What a guest has in common with everybody there."""


_WEIGHT = {Link.CITY: 4, Link.COUNTRY: 2, Link.TRADE: 1, Link.SCHOOL: 1}


class State(StrEnum):
    """Where a pair stands."""

    ASKED = "asked"
    AGREED = "agreed"
    """Both said yes, and an adult looks once more."""
    TOGETHER = "together"
    OVER = "over"


class End(StrEnum):
    """Why a pair is none any more."""

    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    """An adult took the question back before they were together."""
    STOPPED = "stopped"
    """One of the two did not want it any longer."""
    ENDED = "ended"
    """An adult ended it."""
    SET_ASIDE = "set_aside"
    """An adult does not want the two to be asked."""


NOT_AGAIN = frozenset({End.REFUSED, End.STOPPED, End.SET_ASIDE})
"""After these the same two are not proposed again."""


@dataclass(frozen=True)
class Side:
    """One of the two, and the stay that speaks for them."""

    person: int
    stay: int
    school: int | None
    country: str
    city: str
    group: str
    day: date
    """The return of a helper, the departure of a newcomer."""
    minor: bool
    guest: bool = False
    """Comes to the school: country and city are then those of their home."""

    @property
    def trades(self) -> frozenset[str]:
        """The words of the class that name a trade: MELEC of `T MELEC 2`."""
        return frozenset(re.findall(r"[^\W\d_]{3,}", folded(self.group)))


@dataclass(frozen=True)
class Proposal:
    """Two who fit, and why."""

    helper: Side
    newcomer: Side
    links: tuple[Link, ...]

    @property
    def mixed(self) -> bool:
        """An adult with a minor: somebody of the school looks before they are brought together."""
        return self.helper.minor != self.newcomer.minor


def links(helper: Side, newcomer: Side) -> tuple[Link, ...]:
    """What two have in common; the town goes without its country."""
    same = helper.country == newcomer.country
    city = same and bool(newcomer.city) and folded(helper.city) == folded(newcomer.city)
    held = {Link.CITY: city, Link.COUNTRY: same and not city, Link.TRADE: bool(helper.trades & newcomer.trades)}
    held[Link.SCHOOL] = newcomer.guest and helper.school == newcomer.school
    return tuple(link for link, holds in held.items() if holds)


def proposals(
    helpers: Collection[Side],
    newcomers: Iterable[Side],
    known: Collection[tuple[int, int]] = (),
    load: Mapping[int, int] | None = None,
    *,
    across: bool = False,
) -> list[Proposal]:
    """For each newcomer the helper who fits best, who leaves first served first.

    `known` are pairs (helper, newcomer) that are not proposed again, `load` says for how many newcomers a helper is there
    already. Other schools only where they are to be looked at (`across`).
    """
    carried = Counter(load or {})
    found = []
    for newcomer in sorted(newcomers, key=lambda each: (each.day, each.person)):
        fitting = [
            Proposal(helper, newcomer, shared)
            for helper in helpers
            if helper.person != newcomer.person
            and (helper.person, newcomer.person) not in known
            and carried[helper.person] < MOST
            and (helper.school == newcomer.school or (across and not newcomer.guest))
            and (shared := links(helper, newcomer))
        ]
        best = min(fitting, key=lambda each: _rank(each, carried), default=None)
        if best is not None:
            carried[best.helper.person] += 1
            found.append(best)
    return found


def _rank(each: Proposal, carried: Mapping[int, int]) -> tuple[int, bool, bool, int, int, int]:
    """What fits more first; then those of an age and of a school, whoever helps fewer, and who came back last."""
    weight = -sum(_WEIGHT[link] for link in each.links)
    foreign = each.helper.school != each.newcomer.school
    helper = each.helper
    return weight, each.mixed, foreign, carried.get(helper.person, 0), -helper.day.toordinal(), helper.person


def names_a_phone(words: str, region: str = "FR") -> bool:
    """Whether words hold what looks like a telephone number."""
    return PhoneNumberMatcher(words, region, leniency=Leniency.POSSIBLE).has_next()
