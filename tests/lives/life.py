"""A labelled life: what truly happens to one learner, and the truth about it: who must know what, and from when.

Instants are told from the dates of the stay, on the clocks of the place: `J` the departure, `D` and `F` the first and
last day of the activity, `R` the return. "D+3 14:20" is the afternoon of the fourth day there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.messages import Sort
from tests.journeys.people import LEIPZIG, Trip

NEVER = "R+60 00:00"
STAYS = (("a week", 10), ("three weeks", 35), ("three months", 366))
"""Kinds of stay, and their longest in days."""


@dataclass(frozen=True)
class Says:
    """They write these words, with their `{name}` in full; from a phone that is not theirs, where one is named, on a
    channel that it is on.

    Whoever writes may be a `stranger`, to whom that phone belongs by now.
    """

    at: str
    words: str
    phone: str = ""
    stranger: bool = False


@dataclass(frozen=True)
class Opens:
    """They open an invitation on another phone, and write from there from now on. The school makes it for them."""

    at: str
    phone: str


@dataclass(frozen=True)
class Sends:
    """They send something that is no text: a voice message, a sticker; or they block us, or let us in again."""

    at: str
    sort: Sort


@dataclass(frozen=True)
class Sheet:
    """The school imports its sheet again, with other cells in the row of this learner."""

    at: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class OnLeave:
    """An adult is away for some days, both included, and says so before."""

    at: str
    ref: str
    last: str


@dataclass(frozen=True)
class Unwell:
    """An adult is ill, says nothing of it, and looks at no message for so long."""

    at: str
    ref: str
    until: str


@dataclass(frozen=True)
class Torn:
    """The sheet is imported with half of its rows missing, and whole again later."""

    at: str
    mended: str


@dataclass(frozen=True)
class Gone:
    """An adult has left the school: the team that is imported does not name them any more."""

    at: str
    ref: str


@dataclass(frozen=True)
class Family:
    """Their guardian agrees to the few words, or takes that back; of several who live together maybe only for the first."""

    at: str
    agrees: bool
    only_first: bool = False


Act = Says | Sends | Opens | Sheet | OnLeave | Unwell | Torn | Gone | Family


@dataclass(frozen=True)
class Answers:
    """Between two instants they choose these answers, or write them where they are no choice; everything else as somebody
    does who is well."""

    since: str
    until: str
    chosen: Mapping[str, str]


@dataclass(frozen=True)
class Silent:
    """Between two instants they answer nothing, or nothing about some questions: the beginning of what these are about."""

    since: str
    until: str = NEVER
    about: str = ""


@dataclass(frozen=True)
class Need:
    """From an instant on an adult must know, by another; until a third it is no wonder that they are told.

    `aloud` needs an alert; else one line that names the learner, in a digest or a list of tasks, is enough. In `doubt`
    nobody has to be told, and it is no wonder that somebody is.
    """

    since: str
    by: str
    until: str = NEVER
    aloud: bool = True
    doubt: bool = False


@dataclass(frozen=True)
class Weather:
    """What happens to all of one place at once: we are down, or one channel neither takes nor gives."""

    since: str
    until: str
    channel: str = ""


@dataclass(frozen=True)
class Life:
    """One learner's. Who of the adults must not know of their cases stands in `hidden`."""

    kind: str
    acts: tuple[Act, ...] = ()
    needs: tuple[Need, ...] = ()
    answers: tuple[Answers, ...] = ()
    silences: tuple[Silent, ...] = ()
    hidden: tuple[str, ...] = ()
    trip: Trip = LEIPZIG
    birth: date = date(2010, 6, 19)
    language: str = "en"
    imported: str = "J-12 10:00"
    joins: str | None = "J-11 18:00"
    answers_after: tuple[float, float] = (0.1, 3.0)
    """Hours until they answer, in their waking hours."""
    channel: str = ""
    """Where they write; any where none is named."""
    weather: Weather | None = None
    together: int = 1
    """So many learners live it side by side, as one group."""
    guardian: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_the_place(self) -> bool:
        """What happens in it happens to everybody of one place, so it has a class of its own."""
        return self.weather is not None or any(isinstance(act, OnLeave | Unwell | Torn | Gone) for act in self.acts)

    @property
    def stay(self) -> str:
        """What kind of stay it is, by its length."""
        days = (self.trip.back - self.trip.departure).days
        return next(name for name, longest in STAYS if days <= longest)


@dataclass(frozen=True)
class Dates:
    """The days of one stay, and the zone they are told in."""

    departure: date
    start: date
    end: date
    back: date
    zone: str

    @staticmethod
    def of(trip: Trip, weeks: int) -> Dates:
        """The same trip, so many weeks later or earlier."""
        by = timedelta(weeks=weeks)
        return Dates(trip.departure + by, trip.start + by, trip.end + by, trip.back + by, trip.zone)

    def day(self, told: str) -> date:
        """`D+3` as a date."""
        base = {"J": self.departure, "D": self.start, "F": self.end, "R": self.back}[told[0]]
        return base + timedelta(days=int(told[1:] or 0))

    def at(self, told: str) -> datetime:
        """`D+3 14:20` as an instant."""
        day, _space, hour = told.partition(" ")
        return datetime.combine(self.day(day), time.fromisoformat(hour), ZoneInfo(self.zone)).astimezone(UTC)


MISSED_ARRIVAL = Need("J+0 20:00", "J+1 12:00")


def says(kind: str, at: str, words: str, *, within: str, language: str = "en", aloud: bool = True) -> Life:
    """Words after which an adult must know."""
    return Life(kind, (Says(at, words),), (Need(at, within, aloud=aloud),), language=language)


def answers(kind: str, since: str, until: str, chosen: Mapping[str, str], *, needs: tuple[Need, ...] = ()) -> Life:
    """What is the matter is chosen from the answers of a question."""
    return Life(kind, needs=needs, answers=(Answers(since, until, chosen),))


def silent(kind: str, since: str, need: Need, *, acts: tuple[Act, ...] = (), until: str = "R+60 00:00") -> Life:
    """Nothing is heard for longer than the programme allows."""
    return Life(kind, acts, (need,), silences=(Silent(since, until),))
