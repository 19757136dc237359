"""Which learners a visitor asks for, in which order, on which page: read as bare columns, however many there are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.channel import OPEN
from bot.domain.rights import Act
from bot.domain.spelling import folded
from bot.domain.stay import Kind
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Address, Person, School
from bot.store.records import AuditRow
from bot.store.stays import Mark, StayRow
from bot.web.desk.visitor import Visitor, within

PAGE = 50
SOON = timedelta(days=14)
SHOWS = ("abroad", "online", "before", "back", "soon", "unbegun", "case")
"""What the list may be narrowed to, beside a school, a class and words."""
PHASES = {"abroad": 0, "online": 1, "before": 2, "back": 3}
LONGEST = 80
DECIDED = (InboxRow, OutboxRow, CaseEvent, Mark, AuditRow)


@dataclass(frozen=True)
class Choice:
    """What the list is narrowed to, how it is sorted, and which page of it is shown."""

    school: str = ""
    group: str = ""
    words: str = ""
    show: str = ""
    sort: str = ""
    page: int = 1

    @staticmethod
    def asked(given: Mapping[str, str]) -> Choice:
        """What an address asks for; what it cannot mean is left out."""
        show, sort, page = given.get("show", ""), given.get("sort", ""), given.get("page", "")
        return Choice(
            given.get("school", ""),
            given.get("class", ""),
            given.get("q", "")[:LONGEST].strip(),
            show if show in SHOWS else "",
            sort if sort in SORTS else "",
            int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1,
        )

    @property
    def narrowed(self) -> bool:
        """To some schools, classes or words: the whole board is about these then."""
        return bool(self.school or self.group or self.words)

    def query(self, **other: Any) -> str:
        """The address of the same list, but for what is named."""
        wanted = replace(self, **{"page": 1, **other})
        named = {
            "school": wanted.school,
            "class": wanted.group,
            "q": wanted.words,
            "show": wanted.show,
            "sort": wanted.sort,
            "page": str(wanted.page) if wanted.page > 1 else "",
        }
        return urlencode({name: value for name, value in named.items() if value})


@dataclass(frozen=True, slots=True)
class Listed:
    """A stay, as far as a list needs it."""

    today: date
    """Where they are."""
    phase: str
    stay: int
    person: int
    first_name: str
    last_name: str
    ref: str
    group: str
    school: str
    place: str
    host: str
    departure: date
    back: date
    begun: bool
    reached: bool
    """They can be written to, or could be once."""
    sign: datetime | None
    unlisted: bool

    @property
    def soon(self) -> bool:
        """They leave or come back within two weeks."""
        return self.phase != "online" and any(
            self.today <= day <= self.today + SOON for day in (self.departure, self.back)
        )

    @property
    def unbegun(self) -> bool:
        return not (self.begun and self.reached) and self.today <= self.back


SORTS: dict[str, Callable[[Listed], Any]] = {
    "name": lambda each: (folded(each.last_name), folded(each.first_name)),
    "class": lambda each: (folded(each.school), folded(each.group), folded(each.last_name)),
    "place": lambda each: (folded(each.place), each.departure),
    "leaves": lambda each: each.departure,
    "back": lambda each: each.back,
}


@dataclass(frozen=True)
class Found:
    """Every learner the visitor may know of that the choice does not leave out, before it is cut to a page."""

    schools: list[str]
    groups: list[str]
    chosen: list[Listed]
    """Of the schools, classes and words that were asked for."""
    shown: list[Listed]
    """The same, narrowed to what is shown, in order."""
    counts: dict[str, int]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.shown) // PAGE))

    def page(self, number: int) -> list[Listed]:
        first = (min(number, self.pages) - 1) * PAGE
        return self.shown[first : first + PAGE]


def find(tx: Tx, who: Visitor, choice: Choice, cases: Collection[int]) -> Found:
    """The list as it is now. `cases` are the stays of which the visitor sees an open case."""
    every = list(_read(tx, who))
    wanted = folded(choice.words).split()
    chosen = [
        each
        for each in every
        if choice.school in {"", each.school} and choice.group in {"", each.group} and _says(each, wanted)
    ]
    tests: dict[str, Callable[[Listed], bool]] = {
        **{name: partial(_in_phase, name) for name in PHASES},
        "soon": lambda each: each.soon,
        "unbegun": lambda each: each.unbegun,
        "case": lambda each: each.stay in cases,
    }
    shown = [each for each in chosen if tests[choice.show](each)] if choice.show else chosen
    order = SORTS.get(choice.sort, _by_phase)
    return Found(
        schools=sorted({each.school for each in every}),
        groups=sorted({each.group for each in every if each.group and choice.school in {"", each.school}}),
        chosen=chosen,
        shown=sorted(shown, key=lambda each: (order(each), each.stay)),
        counts={name: sum(map(test, chosen)) for name, test in tests.items()},
    )


def _by_phase(each: Listed) -> tuple[int, date]:
    return PHASES[each.phase], each.departure


def _in_phase(name: str, each: Listed) -> bool:
    return each.phase == name


def _says(each: Listed, wanted: Iterable[str]) -> bool:
    """Whether every word that was typed begins or lies in what is known of somebody."""
    if not wanted:
        return True
    said = folded(f"{each.first_name} {each.last_name} {each.ref} {each.group} {each.place} {each.host} {each.school}")
    return all(word in said for word in wanted)


def _read(tx: Tx, who: Visitor) -> Iterable[Listed]:
    reached = select(Address.person_id).where(Address.channel.not_in(sorted(OPEN)), Address.state == "confirmed")
    wanted = (
        select(
            StayRow.id, StayRow.person_id, Person.first_name, Person.last_name, Person.ref, StayRow.class_name,
            School.name, StayRow.city, StayRow.host, StayRow.departure, StayRow.back, StayRow.enrolled_at.is_not(None),
            StayRow.person_id.in_(reached), Person.last_sign_at,
            StayRow.unlisted_at.is_not(None) & StayRow.kept_at.is_(None), StayRow.home_zone, StayRow.zone, StayRow.kind,
        )
        .join(Person, Person.id == StayRow.person_id)
        .join(School, School.id == StayRow.school_id)
        .where(StayRow.cancelled.is_(False), within(who, Act.SEE_LEARNERS))
    )  # fmt: skip
    days: dict[str, date] = {}

    def today(zone: str) -> date:
        if zone not in days:
            days[zone] = tx.now.astimezone(ZoneInfo(zone)).date()
        return days[zone]

    row: Any
    for row in tx.rows.execute(wanted):
        *columns, home, there, kind = row
        here = today(home)
        here = here if here < row.departure else today(there)
        yield Listed(here, _phase(row.departure, row.back, here, kind), *columns)


def _phase(leaves: date, back: date, here: date, kind: Kind) -> str:
    if here > back:
        return "back"
    return "online" if kind is Kind.VIRTUAL else "before" if here < leaves else "abroad"


def state_of(tx: Tx, asked: str) -> str:
    """A word that is another one as soon as anything may have changed of what is shown for an address.

    Whatever is decided leaves a row in one of these tables or another version of one; what only time changes
    ("5 minutes ago") changes by the minute.
    """
    latest = select(
        *(select(func.max(each.id)).scalar_subquery() for each in DECIDED),
        *(select(func.sum(each.version)).scalar_subquery() for each in (StayRow, CaseRow)),
    )
    told = (asked, *tx.rows.execute(latest).one(), tx.now.replace(second=0, microsecond=0))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
