"""The board: who needs me now, then who leaves or comes back soon, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.desk.cases import CaseShown, open_cases
from bot.desk.progress import Progress, phase, progress
from bot.desk.visitor import Visitor, stays_within
from bot.desk.waiting import TASKS_SHOWN, Claim, ToTick, claims, to_tick
from bot.desk.when import When
from bot.domain.rights import Act
from bot.store.db import Tx
from bot.store.stays import StayRow, states_of

SOON = timedelta(days=14)
PHASES = ("abroad", "before", "back")


@dataclass(frozen=True)
class Learner:
    """A line of the class."""

    stay: int
    name: str
    group: str
    school: str
    place: str
    host: str
    dates: str
    sign: When | None
    progress: Progress
    case: CaseShown | None
    enrolled: bool


@dataclass(frozen=True)
class Journey:
    """A departure or a return of the coming days."""

    iso: str
    day: str
    leaves: bool
    stay: int
    name: str
    place: str
    case: CaseShown | None
    left: int
    """So many things are still to be done."""


@dataclass(frozen=True)
class Choice:
    """What the board is narrowed to."""

    school: str = ""
    group: str = ""


@dataclass(frozen=True)
class Board:
    """All that the board shows."""

    cases: list[CaseShown]
    claims: list[Claim]
    tasks: list[ToTick]
    things: int
    more: int
    """Learners with things to tick who are not listed."""
    journeys: list[Journey]
    phases: dict[str, list[Learner]]
    schools: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    @property
    def calm(self) -> bool:
        """Nobody waits for anything from the visitor."""
        return not (self.cases or self.claims or self.tasks)


def read_board(tx: Tx, who: Visitor, choice: Choice) -> Board:
    """The board as it is now. How many readings it takes does not depend on how many learners there are."""
    every = stays_within(tx, who)
    stays = [row for row in every if _chosen(row, choice)]
    numbers, people = {row.id for row in stays}, {row.person_id for row in stays}
    narrowed = bool(choice.school or choice.group)
    cases = [each for each in open_cases(tx, who) if not narrowed or each.stay in numbers]
    by_stay = {each.stay: each for each in cases}
    states = states_of(tx.rows, sorted(numbers))
    learners = {row.id: _learner(tx, who, row, states.get(row.id, {}), by_stay.get(row.id)) for row in stays}
    waiting = to_tick(tx, who, stays)
    today = {row.id: _today(tx, row) for row in stays}
    return Board(
        cases=cases,
        claims=[each for each in claims(tx, who) if not narrowed or each.person in people],
        tasks=waiting[:TASKS_SHOWN],
        things=sum(each.count for each in waiting),
        more=len(waiting[TASKS_SHOWN:]),
        journeys=_journeys(who, stays, learners, today),
        phases={
            name: [learners[row.id] for row in stays if phase(row.facts(), today[row.id]) == name] for name in PHASES
        },
        schools=sorted({row.school.name for row in every}),
        groups=sorted({row.class_name for row in every if row.class_name}),
    )


def _chosen(row: StayRow, choice: Choice) -> bool:
    return choice.school in {"", row.school.name} and choice.group in {"", row.class_name}


def _today(tx: Tx, row: StayRow) -> date:
    return tx.now.astimezone(row.facts().zone_at(tx.now)).date()


def _learner(tx: Tx, who: Visitor, row: StayRow, states: Mapping[str, str], case: CaseShown | None) -> Learner:
    sign = row.person.last_sign_at if who.may(Act.SEE_CASES, row.school_id) else None
    clock = who.clock
    return Learner(
        stay=row.id,
        name=row.person.full_name,
        group=row.class_name,
        school=row.school.name,
        place=row.city,
        host=row.host,
        dates=clock.span(row.departure, row.back),
        sign=clock.of(row, sign) if sign else None,
        progress=progress(tx.programme, row.facts(), states, _today(tx, row)),
        case=case,
        enrolled=row.enrolled_at is not None,
    )


def _journeys(
    who: Visitor, stays: list[StayRow], learners: Mapping[int, Learner], today: Mapping[int, date]
) -> list[Journey]:
    """Departures and returns from today until in two weeks, in order of their days."""
    found: list[Journey] = []
    for row in stays:
        for day, leaves in ((row.departure, True), (row.back, False)):
            if today[row.id] <= day <= today[row.id] + SOON:
                one = learners[row.id]
                left = one.progress.total - one.progress.done
                named = who.clock.short_day(day)
                found.append(Journey(day.isoformat(), named, leaves, row.id, one.name, row.city, one.case, left))
    return sorted(found, key=lambda each: (each.iso, each.leaves, each.name))
