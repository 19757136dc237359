"""Whom a row of a roster is about, and which of their stays: decided here, for the preview and for the import alike.

A reference is the school's word for a person, however it is written. A stay is one mobility of that person: its dates may
move, and another one may follow. Another human under a known reference is refused, and so is an adult of the team.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.roster.difference import Compared, Difference, State, Value, Values, compared
from bot.domain.roster.fields import Field
from bot.domain.roster.reference import reference_key
from bot.domain.roster.row import RosterRow, RowProblem, Status
from bot.domain.spelling import same_name, spelt
from bot.domain.stay import Ended, Kind
from bot.i18n import _, say

DELAY = timedelta(days=3)
"""So long after the departure a stay that the learner has not arrived at may turn out to be put off."""
Dates = tuple[date, date, date, date]
"""Departure, start, end, return."""
ENDS = {Status.WITHDRAWN: Ended.WITHDRAWN, Status.BROKEN_OFF: Ended.BROKEN_OFF, Status.POSTPONED: Ended.TRANSFERRED}
ADULT = _('"{reference}" is the reference of {known}, an adult of the team: give {name} another one')
SORTED = _(
    '"{reference}" is the reference of {known}, but this row is about {name}, who has "{other}": references stay with '
    "their person when a list is sorted anew"
)
OTHER = _(
    '"{reference}" is the reference of {known}, born on {known_birth}, but this row is about {name}, born on {birth}: '
    "give this learner a reference of their own; if it is one person, correct first the name, then the birth date, in "
    "two imports"
)
TWIN = _('{name}, born on {birth}, is known already under the reference "{other}": is "{reference}" the same person?')


class Verdict(StrEnum):
    """What a row is."""

    NEW = "new"
    SAME = "same"
    FURTHER = "further"
    """A stay that we did not know, of a person whom we know."""
    LEFT_OUT = "left out"
    """Called off before we knew of it: nobody is made for it."""
    REFUSED = "refused"


@dataclass(frozen=True)
class KnownStay:
    """A stay as the import has to know it."""

    id: int
    dates: Dates
    ended: Ended | None = None
    arrived: bool = False
    """The learner has said that they are there."""
    begun: bool = False
    """The learner has begun with the companion: their language is their own."""
    superseded: tuple[Dates, ...] = ()
    """Dates that an adult has changed in the chat or on the desk: a file that still says them undoes nothing."""
    values: Values = field(default_factory=dict)
    """As a roster would write it."""

    @property
    def departure(self) -> date:
        return self.dates[0]

    @property
    def back(self) -> date:
        return self.dates[-1]

    @property
    def online(self) -> bool:
        """A virtual exchange: no row about a journey is about it, and the other way round."""
        return self.values.get(Field.KIND) == Kind.VIRTUAL


@dataclass(frozen=True)
class KnownPerson:
    """A person who has a reference, with their stays, the first one first."""

    id: int
    reference: str
    key: str
    first_name: str
    last_name: str
    birth: date | None
    team: bool = False
    stays: tuple[KnownStay, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class Match:
    """A row, whom it is about, and which stay of theirs."""

    row: RosterRow
    verdict: Verdict
    person: KnownPerson | None = None
    stay: KnownStay | None = None
    refusal: str = ""
    warning: str = ""

    @property
    def ends(self) -> Ended | None:
        """How the row says that the stay ended."""
        if self.row.status is Status.POSTPONED and self.stay and self.row.departure > self.stay.departure:
            return None
        return ENDS.get(self.row.status)


@dataclass(frozen=True)
class Matches:
    """Every row, in the order of the file, and what is known that no row is about."""

    rows: tuple[Match, ...]
    missing: tuple[str, ...] = ()
    """References whom the file does not name: they are left as they are."""
    unlisted: tuple[tuple[str, int], ...] = ()
    """Of a class that the file holds, the stays to come or under way that it does not name any more: reference and id."""

    @property
    def difference(self) -> Difference:
        """What the import does, field by field."""
        return Difference(
            rows=tuple(_compared(each) for each in self.rows if not each.refusal),
            missing=self.missing,
            unlisted=tuple(reference for reference, _stay in self.unlisted),
            problems=tuple(RowProblem(each.row.row, "", each.refusal) for each in self.rows if each.refusal),
            warnings=tuple(RowProblem(each.row.row, "", each.warning) for each in self.rows if each.warning),
        )


def _compared(each: Match) -> Compared:
    if each.stay is None:
        states = {Verdict.NEW: State.NEW, Verdict.FURTHER: State.FURTHER}
        return Compared(each.row, states.get(each.verdict, State.UNCHANGED))
    further: dict[Field, Value] = {} if each.ends is None else {Field.STATUS: each.ends.value}
    if not each.stay.begun:
        further[Field.LANGUAGE] = each.row.language
    return replace(compared(each.row, each.stay.values, further=further), stay=each.stay.id)


def match(
    rows: Sequence[RosterRow],
    people: Iterable[KnownPerson],
    today: date,
    *,
    whole: bool = True,
    hidden: Set[str] = frozenset(),
) -> Matches:
    """Find for every row whom it is about. A file that is not `whole` (rows were left out) says nothing of the others;
    people whose keys are `hidden` are named in no warning."""
    known = _People(people, hidden)
    found: dict[int, Match] = {}
    for key, same in _by_key(rows).items():
        person = known.called(key, rows[same[0]].reference)
        taken: set[int] = set()
        for place in sorted(same, key=lambda place: rows[place].departure):
            found[place] = each = _match(rows[place], person, known, taken, today, several=len(same) > 1)
            taken |= {each.stay.id} if each.stay else set()
    matches = tuple(found[place] for place in range(len(rows)))
    named = {reference_key(row.reference) for row in rows}
    missing = sorted(each.reference for each in known.all if each.stays and each.key not in named)
    return Matches(matches, tuple(missing), _unlisted(matches, known.all, today) if whole else ())


class _People:
    """Those who are known, by reference and by who they are."""

    def __init__(self, people: Iterable[KnownPerson], hidden: Set[str]) -> None:
        self.all = tuple(people)
        self._by_key: dict[str, list[KnownPerson]] = defaultdict(list)
        self._by_name: dict[tuple[str, date], list[KnownPerson]] = defaultdict(list)
        for each in self.all:
            self._by_key[each.key].append(each)
            if each.birth and not each.team and each.key not in hidden:
                self._by_name[spelt(each.full_name), each.birth].append(each)

    def called(self, key: str, written: str) -> KnownPerson | None:
        """Whoever has that reference; where two were made by an older release, the one who has it as it is written."""
        known = self._by_key.get(key, [])
        return next((each for each in known if each.reference == written), next(iter(known), None))

    def twin(self, row: RosterRow, person: KnownPerson | None) -> KnownPerson | None:
        """Somebody of that name and birth date under another reference."""
        same = self._by_name.get((spelt(_name(row)), row.birth), []) if row.birth else []
        return next((each for each in same if person is None or each.id != person.id), None)


def _match(
    row: RosterRow, person: KnownPerson | None, known: _People, taken: set[int], today: date, *, several: bool
) -> Match:
    twin = known.twin(row, person)
    if person is None:
        warning = _twin_warning(row, twin) if twin else ""
        return Match(row, Verdict.LEFT_OUT if row.status in ENDS else Verdict.NEW, warning=warning)
    refusal = _refusal(row, person, twin)
    if refusal:
        return Match(row, Verdict.REFUSED, person, refusal=refusal)
    stay = _stay_of(row, person, taken, today, several=several)
    if stay is None:
        return Match(row, Verdict.LEFT_OUT if row.status in ENDS else Verdict.FURTHER, person)
    return Match(_as_changed(row, stay), Verdict.SAME, person, stay)


def _as_changed(row: RosterRow, stay: KnownStay) -> RosterRow:
    """What an adult has changed stays changed while the file says what was true before; other dates count."""
    if row.stay is not None or (row.departure, row.start, row.end, row.back) not in stay.superseded:
        return row
    departure, start, end, back = stay.dates
    return replace(row, departure=departure, start=start, end=end, back=back)


def _refusal(row: RosterRow, person: KnownPerson, twin: KnownPerson | None) -> str:
    """Why a row cannot be about the person who has its reference."""
    named = {"reference": row.reference, "known": person.full_name, "name": _name(row)}
    if person.team and row.kind is not Kind.STAFF:
        return say(ADULT, **named)
    if person.team or same_name(_name(row), person.full_name):
        return ""
    if twin is not None:
        return say(SORTED, **named, other=twin.reference)
    if row.birth != person.birth:
        return say(OTHER, **named, known_birth=_day(person.birth), birth=_day(row.birth))
    return ""


def _twin_warning(row: RosterRow, twin: KnownPerson) -> str:
    return say(TWIN, name=_name(row), birth=_day(row.birth), other=twin.reference, reference=row.reference)


def _stay_of(row: RosterRow, person: KnownPerson, taken: set[int], today: date, *, several: bool) -> KnownStay | None:
    """The stay of a person that a row is about; None where it is a further one."""
    if row.stay is not None:
        return next((stay for stay in person.stays if stay.id == row.stay), None)
    free = [stay for stay in person.stays if stay.id not in taken and stay.online is (row.kind is Kind.VIRTUAL)]
    exact = [stay for stay in free if (stay.departure, stay.back) == (row.departure, row.back)]
    alive = [stay for stay in free if stay.ended is None]
    shared = [
        stay for stay in alive if stay.departure <= row.back and row.departure <= stay.back and not _abuts(row, stay)
    ]
    ahead = [stay for stay in alive if today < stay.departure or (today <= stay.departure + DELAY and not stay.arrived)]
    moved = ahead if not several else []
    return next((stay for group in (exact, shared, moved) for stay in reversed(group)), None)


def _abuts(row: RosterRow, stay: KnownStay) -> bool:
    """Whether one begins on the very day on which the other ends: two stays, for who is back leaves again."""
    return row.departure == stay.back > stay.departure or stay.departure == row.back > row.departure


def _unlisted(matches: Sequence[Match], people: Iterable[KnownPerson], today: date) -> tuple[tuple[str, int], ...]:
    covered = {(each.row.school, each.row.class_name, each.row.kind is Kind.VIRTUAL) for each in matches}
    named = {each.stay.id for each in matches if each.stay}
    refused = {each.person.id for each in matches if each.person and each.verdict is Verdict.REFUSED}
    latest = _latest_departures(matches)
    return tuple(
        (person.reference, stay.id)
        for person in people
        for stay in person.stays
        if person.id not in refused
        and stay.id not in named
        and stay.ended is None
        and today <= stay.back
        and not (stay.departure <= today and latest.get(person.id, date.min) >= stay.back)
        and (stay.values.get(Field.SCHOOL), stay.values.get(Field.CLASS), stay.online) in covered
    )


def _latest_departures(matches: Sequence[Match]) -> dict[int, date]:
    """The last that a file has for each person: whoever is away and goes on has given their line to the next stay."""
    known = ((each.person.id, each.row.departure) for each in matches if each.person and not each.refusal)
    return dict(sorted(known, key=lambda each: each[1]))


def _by_key(rows: Sequence[RosterRow]) -> dict[str, list[int]]:
    """The places of the rows of each reference."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        found[reference_key(row.reference)].append(place)
    return found


def _name(row: RosterRow) -> str:
    return f"{row.first_name} {row.last_name}".strip()


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else "?"
