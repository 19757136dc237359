"""The board: who needs me now, then who leaves or comes back soon, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.progress import Progress, progress
from bot.domain.rights import Act
from bot.domain.watched import Known, State
from bot.handlers.conversation.watching import states_now
from bot.handlers.desk.unheard_of import out_of_touch, standing_in, without_sign
from bot.i18n import _
from bot.store.db import Tx
from bot.store.stays import StayRow, states_of
from bot.web.desk.cases import CaseShown, open_cases
from bot.web.desk.labels import INVITED, STATES
from bot.web.desk.timeline import phase
from bot.web.desk.visitor import Visitor, stays_within
from bot.web.desk.waiting import Claim, ToTick, claims, to_tick
from bot.web.desk.when import When

SOON = timedelta(days=14)
PHASES = ("abroad", "before", "back")
BESIDE = frozenset({State.NEVER_STARTED, State.READY, State.BACK, State.ENDED})
"""States that say nothing of how somebody is."""
UNTIL = _("until {day}")
SEE_CASE = _("see the case")
TASKS_SHOWN = 10
"""Items to tick that are listed, each with so many of its learners; the rest come as these are ticked."""


@dataclass(frozen=True)
class StandingShown:
    """Where a stay stands: a shape, a colour, a word, and what explains it."""

    sign: str
    tone: str
    word: str
    note: str = ""


@dataclass(frozen=True)
class OutOfTouch:
    """Somebody nobody hears of: what explains it, when they leave, and whether a new link would help."""

    stay: int
    name: str
    standing: StandingShown
    leaves: str
    uninvited: bool


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
    standing: StandingShown


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
class Unlisted:
    """A learner whose row is gone from the list of their class: an adult says what that means."""

    stay: int
    name: str
    group: str
    place: str
    dates: str


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
    unheard_of: list[OutOfTouch]
    more: int
    """Things to tick that are not listed."""
    unlisted: list[Unlisted]
    journeys: list[Journey]
    phases: dict[str, list[Learner]]
    schools: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    @property
    def calm(self) -> bool:
        """Nobody waits for anything from the visitor."""
        return not (self.cases or self.claims or self.tasks or self.unlisted or self.unheard_of)


def read_board(tx: Tx, who: Visitor, choice: Choice) -> Board:
    """The board as it is now. How many readings it takes does not depend on how many learners there are."""
    every = stays_within(tx, who)
    stays = [row for row in every if _chosen(row, choice)]
    numbers, people = {row.id for row in stays}, {row.person_id for row in stays}
    narrowed = bool(choice.school or choice.group)
    cases = [each for each in open_cases(tx, who) if not narrowed or each.stay in numbers]
    by_stay = {each.stay: each for each in cases}
    states = states_of(tx.rows, sorted(numbers))
    standing = states_now(tx, stays)
    learners = {
        row.id: _learner(
            tx,
            who,
            row,
            states.get(row.id, {}),
            by_stay.get(row.id),
            shown_standing(who, row, standing[row.id], [by_stay[row.id]] if row.id in by_stay else []),
        )
        for row in stays
    }
    waiting = to_tick(tx, who, stays)
    today = {row.id: _today(tx, row) for row in stays}
    return Board(
        cases=cases,
        claims=[each for each in claims(tx, who) if not narrowed or each.person in people],
        tasks=waiting[:TASKS_SHOWN],
        things=sum(each.count for each in waiting),
        unheard_of=_unheard_of(tx, who, stays, standing),
        more=sum(each.count for each in waiting) - sum(len(each.learners) for each in waiting[:TASKS_SHOWN]),
        unlisted=[_unlisted(who, row) for row in stays if _asked_about(who, row)],
        journeys=_journeys(who, stays, learners, today),
        phases={
            name: [learners[row.id] for row in stays if phase(row.facts(), today[row.id]) == name] for name in PHASES
        },
        schools=sorted({row.school.name for row in every}),
        groups=sorted({row.class_name for row in every if row.class_name}),
    )


def _asked_about(who: Visitor, row: StayRow) -> bool:
    return row.unlisted_at is not None and row.kept_at is None and who.may_with(Act.CHANGE, row)


def _unlisted(who: Visitor, row: StayRow) -> Unlisted:
    dates = who.clock.span(row.departure, row.back)
    return Unlisted(row.id, row.person.full_name, row.class_name, row.city, dates)


def _chosen(row: StayRow, choice: Choice) -> bool:
    return choice.school in {"", row.school.name} and choice.group in {"", row.class_name}


def _today(tx: Tx, row: StayRow) -> date:
    return tx.now.astimezone(row.facts().zone_at(tx.now)).date()


def shown_standing(
    who: Visitor, row: StayRow, found: tuple[State, Known], cases: Iterable[CaseShown] = ()
) -> StandingShown:
    """The state of a stay as the desk shows it; how somebody is that is abroad, only to whom it concerns. Nobody is well
    of whom a case is open.
    """
    if not who.may_with(Act.SEE_CASES, row) and found[0] not in BESIDE:
        return StandingShown("", "", "")
    state, known = found
    sign, tone, word = STATES[state]
    if state is State.WELL and any(case.closed is None for case in cases):
        return StandingShown("▲", "now", who.says(SEE_CASE))
    note = who.says(INVITED[known.invited]) if state is State.NEVER_STARTED else ""
    if state is State.ELSEWHERE and known.elsewhere_until is not None:
        note = who.says(UNTIL, day=who.clock.short_day(known.elsewhere_until))
    return StandingShown(sign, tone, who.says(word), note)


def _unheard_of(
    tx: Tx, who: Visitor, stays: list[StayRow], standing: Mapping[int, tuple[State, Known]]
) -> list[OutOfTouch]:
    """Who has not begun or has stopped and leaves soon, and who gave no sign: of those whose cases the visitor may see."""
    seen = [row for row in stays if who.may_with(Act.SEE_CASES, row) and standing[row.id][0] is not State.BACK]
    found = standing_in(seen, standing)
    near = out_of_touch(tx, found, tx.programme.watch.digest_days, who.clock.today)
    return [
        OutOfTouch(
            each.stay.id,
            each.stay.person.full_name,
            shown_standing(who, each.stay, (each.state, each.known)),
            who.clock.short_day(each.stay.departure),
            each.uninvited and who.may_with(Act.CONFIRM, each.stay),
        )
        for each in [*without_sign(tx, found), *near]
    ]


def _learner(
    tx: Tx, who: Visitor, row: StayRow, states: Mapping[str, str], case: CaseShown | None, standing: StandingShown
) -> Learner:
    sign = row.person.last_sign_at if who.may_with(Act.SEE_CASES, row) else None
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
        standing=standing,
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
                left = one.progress.left
                named = who.clock.short_day(day)
                found.append(Journey(day.isoformat(), named, leaves, row.id, one.name, row.city, one.case, left))
    return sorted(found, key=lambda each: (each.iso, each.leaves, each.name))
