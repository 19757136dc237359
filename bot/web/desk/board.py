"""The board: who needs me now, then who leaves or comes back soon, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.domain.rights import Act
from bot.domain.watched import Known, State
from bot.handlers.conversation.watching import states_now
from bot.handlers.desk.out_of_touch import out_of_touch, standing_in, without_sign
from bot.i18n import _
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.stays import ItemState, StayRow, states_of
from bot.web.common.class_picture import Line, Window, lines_of
from bot.web.desk.cases import Badge, CaseShown, badge, cases_within, open_rows, shown
from bot.web.desk.class_list import Choice, Found, Listed, find
from bot.web.desk.labels import INVITED, STATES
from bot.web.desk.pending import Claim, ToTick, claims, to_tick
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Visitor

BESIDE = frozenset({State.NEVER_STARTED, State.READY, State.BACK, State.ENDED})
"""States that say nothing of how somebody is."""
UNTIL = _("until {day}")
SEE_CASE = _("see the case")
CASES_SHOWN, UNHEARD_SHOWN, UNHEARD_READ, READ_WHOLE = 4, 10, 100, 150
"""What a board holds at most, and so many learners whose rows are read whole to find what waits for the visitor."""
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
    case: Badge | None
    standing: StandingShown
    line: Line


@dataclass(frozen=True)
class Unlisted:
    """A learner whose row is gone from the list of their class: an adult says what that means."""

    stay: int
    name: str
    group: str
    place: str
    dates: str


@dataclass(frozen=True)
class Board:
    """All that the board shows."""

    cases: list[CaseShown]
    more_cases: int
    claims: list[Claim]
    tasks: list[ToTick]
    things: int
    unheard_of: list[OutOfTouch]
    more_unheard: bool
    more: int
    """Things to tick that are not listed."""
    large: bool
    """Of so many learners, only what was handed in is listed to tick."""
    unlisted: list[Unlisted]
    found: Found
    learners: list[Learner]
    window: Window

    @property
    def calm(self) -> bool:
        """Nobody waits for anything from the visitor."""
        return not (self.cases or self.claims or self.tasks or self.unlisted or self.unheard_of)


def read_board(tx: Tx, who: Visitor, choice: Choice) -> Board:
    """The board as it is now. What it takes does not grow with the learners, but for one reading of their bare columns."""
    rows = open_rows(tx, who)
    found = find(tx, who, choice, {row.stay_id for row in rows})
    numbers, people = {each.stay for each in found.chosen}, {each.person for each in found.chosen}
    if choice.narrowed:
        rows = [row for row in rows if row.stay_id in numbers]
    near = _perhaps_unheard_of(tx, found.chosen)
    page = found.page(choice.page)
    looked_at = _to_look_at(tx, found.chosen)
    stays = _stays(tx, [*page, *near[:UNHEARD_READ], *looked_at])
    standing = states_now(tx, [stays[each.stay] for each in {*page, *near[:UNHEARD_READ]}])
    states = states_of(tx.rows, sorted(stays))
    waiting = to_tick(tx, who, [stays[each.stay] for each in looked_at], states)
    unheard = _unheard_of(tx, who, [stays[each.stay] for each in near[:UNHEARD_READ]], standing)
    window = Window.around([stays[each.stay] for each in page], who.clock.today)
    return Board(
        cases=shown(tx, who, rows[:CASES_SHOWN]),
        more_cases=max(0, len(rows) - CASES_SHOWN),
        claims=[each for each in claims(tx, who) if not choice.narrowed or each.person in people],
        tasks=waiting[:TASKS_SHOWN],
        things=sum(each.count for each in waiting),
        unheard_of=unheard[:UNHEARD_SHOWN],
        more_unheard=len(unheard) > UNHEARD_SHOWN or len(near) > UNHEARD_READ,
        more=sum(each.count for each in waiting) - sum(len(each.learners) for each in waiting[:TASKS_SHOWN]),
        large=len(found.chosen) > READ_WHOLE,
        unlisted=_unlisted(who, stays, found),
        found=found,
        learners=_learners(
            tx, who, [stays[each.stay] for each in page], window, standing, states, {row.stay_id: row for row in rows}
        ),
        window=window,
    )


def _stays(tx: Tx, wanted: Iterable[Listed]) -> dict[int, StayRow]:
    """Whole rows of some learners, with their people, in one reading."""
    numbers = sorted({each.stay for each in wanted})
    rows = select(StayRow).where(StayRow.id.in_(numbers))
    found = tx.rows.scalars(rows.options(joinedload(StayRow.person), joinedload(StayRow.school)))
    return {row.id: row for row in found}


def _to_look_at(tx: Tx, chosen: list[Listed]) -> list[Listed]:
    """Who may have something to tick: all of a few hundred, of more those who have handed something in."""
    if len(chosen) <= READ_WHOLE:
        return chosen
    handed = select(ItemState.stay_id).where(ItemState.state.in_(("handed", "declared"))).order_by(ItemState.at)
    waiting = set(tx.rows.scalars(handed.limit(10 * READ_WHOLE)))
    return [each for each in chosen if each.stay in waiting or each.unlisted][:READ_WHOLE]


def _unlisted(who: Visitor, stays: Mapping[int, StayRow], found: Found) -> list[Unlisted]:
    rows = [stays[each.stay] for each in found.chosen if each.unlisted and each.stay in stays]
    return [
        Unlisted(row.id, row.person.full_name, row.class_name, row.city, who.clock.span(row.departure, row.back))
        for row in rows
        if who.may_with(Act.CHANGE, row)
    ]


def _perhaps_unheard_of(tx: Tx, chosen: list[Listed]) -> list[Listed]:
    """Whom the rules of `out_of_touch` have to be asked about, the first to leave first: nobody else can be meant."""
    watch = tx.programme.watch
    ahead, silent = timedelta(days=watch.digest_days + 1), tx.now - timedelta(days=watch.silence_days)
    return sorted(
        (
            each
            for each in chosen
            if each.back >= each.today
            and (
                (each.unbegun and each.departure <= each.today + ahead)
                or (each.phase == "abroad" and (each.sign is None or each.sign < silent))
            )
        ),
        key=lambda each: (each.departure, each.stay),
    )


def shown_standing(who: Visitor, row: StayRow, found: tuple[State, Known], *, open_case: bool = False) -> StandingShown:
    """The state of a stay as the desk shows it; how somebody is that is abroad, only to whom it concerns. Nobody is well
    of whom a case is open.
    """
    if not who.may_with(Act.SEE_CASES, row) and found[0] not in BESIDE:
        return StandingShown("", "", "")
    state, known = found
    sign, tone, word = STATES[state]
    if state is State.WELL and open_case:
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


def _learners(
    tx: Tx,
    who: Visitor,
    rows: list[StayRow],
    window: Window,
    standing: Mapping[int, tuple[State, Known]],
    states: Mapping[int, Mapping[str, str]],
    cases: Mapping[int, CaseRow],
) -> list[Learner]:
    """The lines of a page. What somebody answered is drawn for those who may see it."""
    told = [row.id for row in rows if who.may_with(Act.SEE_CASES, row)]
    lines = lines_of(tx, window, rows, states, told, cases_within(tx, who, told))
    return [
        Learner(
            stay=row.id,
            name=row.person.full_name,
            group=row.class_name,
            school=row.school.name,
            place=row.city,
            host=row.host,
            dates=who.clock.stretch(row.departure, row.back),
            sign=who.clock.of(row, row.person.last_sign_at) if row.person.last_sign_at and row.id in told else None,
            case=badge(tx, who, cases[row.id]) if row.id in cases else None,
            standing=shown_standing(who, row, standing[row.id], open_case=row.id in cases),
            line=line,
        )
        for row, line in zip(rows, lines, strict=True)
    ]
