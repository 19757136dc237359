"""Cases: a matter opens one or joins it, adults act on it, its waits run out. The ladder decides, this saves and tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from bot.domain.ladder import (
    Answered,
    Case,
    Closed,
    Event,
    Move,
    Notice,
    NoticeKind,
    Opened,
    OwnerGone,
    Raised,
    WaitOver,
    climb,
)
from bot.domain.level import Level
from bot.domain.need_to_know import GRAVE
from bot.domain.progress import SETTLED
from bot.domain.waiting import late
from bot.domain.watched import TOPICS as WATCHED
from bot.handlers.case.alert_edits import must_ring, show_standing
from bot.handlers.case.crew import calendar_of, crew_of
from bot.handlers.case.matters import gravest, matters_of
from bot.handlers.case.notices import tell, tell_who_took
from bot.handlers.say.marks import set_item
from bot.handlers.say.post import settle_case
from bot.store.batch_loader import keep
from bot.store.cases import LOG, CaseEvent, CaseRow, left_out, open_case
from bot.store.db import Tx
from bot.store.messages import PENDING_OF
from bot.store.people import Person
from bot.store.stays import StayRow
from bot.store.team import team

log = structlog.get_logger()
UNREAD = frozenset({"words", "unseen"})
"""Words passed on that nobody has read yet, or of which nobody knows that they were: one adult has them, with a clock."""
OPENED_BY_WORDS = frozenset({"distress", "question"})


@dataclass(frozen=True)
class Matter:
    """Why an adult must look: how grave, about what, which answer, in which conversation."""

    level: Level
    topic: str
    answer: str = ""
    session: int | None = None
    inbox: int | None = None
    """The message that says so: its words are shown to who follows the case and asks for them, never in an alert."""


def open_matter(tx: Tx, stay: StayRow, matter: Matter, to: int | None = None) -> CaseRow:
    """Open a case, or let the matter join the one that is open: one case per learner, never two ladders at once. `to` is
    the adult for whom it waits, before anybody else is told.
    """
    row = open_case(tx.rows, stay.id)
    if row is not None:
        quiet = row.topic in WATCHED | UNREAD and matter.topic not in WATCHED | UNREAD
        cry = quiet and matter.level.rank >= row.level.rank
        graver = cry or matter.level.rank > row.level.rank or row.topic in {"missed", *UNREAD}
        graver |= row.topic == "undelivered" and matter.topic != "missed"  # their coming back settles nothing else
        if graver:
            row.topic, row.session_id = matter.topic, matter.session
        row.grave |= matter.topic in GRAVE
        _log(tx, row, "matter", None, matter)
        move_case(tx, row, Raised(matter.level, cry))
        return row
    row = CaseRow(
        stay_id=stay.id,
        session_id=matter.session,
        topic=matter.topic,
        level=matter.level,
        opened_at=tx.now,
        rung=-1,
        round=0,
        alerted=[],
        grave=matter.topic in GRAVE,
    )
    row.stay = stay
    move = _climb(tx, row, Opened(to))
    _keep(row, move.case)  # it is written once, as it stands after its first move
    tx.rows.add(row)
    tx.rows.flush()
    for nothing in (LOG, PENDING_OF):  # as yet: that needs no look
        keep(tx.rows, nothing, {row.id: ()})
    _log(tx, row, "matter", None, matter)
    _tell(tx, row, move, None, None)
    return row


def note(tx: Tx, row: CaseRow, matter: Matter) -> None:
    """A matter that the adults of a case have just heard of: it is kept, nobody is told again."""
    row.grave |= matter.topic in GRAVE
    _log(tx, row, "matter", None, matter)


def sign_of_life(tx: Tx, stay: StayRow) -> None:
    """Words that answer nothing say that somebody is there: nothing is undelivered, who follows hears it, once an hour."""
    case = open_case(tx.rows, stay.id)
    if case is None or (case.opened_at == tx.now and case.topic in OPENED_BY_WORDS):  # by these very words
        return
    if settle_matters(tx, stay, lambda detail: detail["topic"] == "undelivered", "answered") and case.closed_at:
        return
    lately = select(CaseEvent.id).where(CaseEvent.case_id == case.id, CaseEvent.kind == "answered")
    if tx.rows.scalars(lately.where(CaseEvent.at > tx.now - timedelta(hours=1))).first() is None:
        move_case(tx, case, Answered(closes=False))


def settle_matters(
    tx: Tx, stay: StayRow, settled: Callable[[Mapping[str, Any]], bool], reason: str, by: int | None = None
) -> bool:
    """Matters that are none any more go from the open case of a stay, and are told of no more; a case without matters
    closes with an all-clear, `by` an adult who need not hear it. `settled` is asked of each matter's detail. Whether any
    went.
    """
    case = open_case(tx.rows, stay.id)
    if case is None:
        return False
    matters = matters_of(tx, case)
    gone = [each for each in matters if settled(each.detail)]
    left = [each for each in matters if each not in gone]
    for each in gone:
        each.kind = "matter settled"
    if gone and not left:
        move_case(tx, case, Answered(closes=True) if reason == "answered" else Closed(by, reason))
    elif gone and case.topic in {each.detail["topic"] for each in gone}:
        tx.rows.flush()
        grave = gravest(tx, case) or left[-1].detail
        case.topic, case.session_id = grave["topic"], _session_of(grave)
    return bool(gone)


def settle_answered(tx: Tx, stay: StayRow, session: int) -> bool:
    """A question has its answer: its silence is no matter any more, nor that nothing arrives. Whether one was."""

    def settled(detail: Mapping[str, Any]) -> bool:
        waited_for = detail["topic"] == "missed" and detail.get("session") == str(session)
        return waited_for or detail["topic"] == "undelivered"

    return settle_matters(tx, stay, settled, "answered")


def move_item(tx: Tx, stay: StayRow, item: str, state: str, value: str | None, by: int | None) -> None:
    """Move an item of the checklist: what was a matter only because it stood open goes from the case."""
    set_item(tx, stay, item, state, value, by)
    if state not in SETTLED:
        return
    seen = state in {"done", "waived"}
    settle_matters(
        tx,
        stay,
        lambda detail: (
            (detail["topic"] in {"overdue", "postponed"} and detail["answer"] == item)
            or (seen and detail["topic"] == item)
        ),
        "settled",
    )


def _session_of(detail: Mapping[str, Any]) -> int | None:
    return int(detail["session"]) if detail.get("session") else None


def move_case(tx: Tx, row: CaseRow, event: Event) -> Move:
    """Let an event happen to a case: save where it stands, log it, and tell whom the ladder names."""
    owner, move = row.owner_id, _climb(tx, row, event)
    if move.case.closed_at and not row.closed_at:
        settle_case(tx, row.id)
    _keep(row, move.case)
    _tell(tx, row, move, owner, owner if isinstance(event, OwnerGone) else getattr(event, "by", None))
    return move


def _climb(tx: Tx, row: CaseRow, event: Event) -> Move:
    return climb(
        case_of(row),
        event,
        tx.now,
        team=team(tx.rows),
        school=row.stay.school_id,
        rules=tx.programme.levels,
        calendar=calendar_of(tx, row.stay),
        left_out=frozenset(each.adult_id for each in left_out(tx.rows, row.stay.person_id)),
    )


def _tell(tx: Tx, row: CaseRow, move: Move, owner: int | None, by: int | None) -> None:
    """What a case's move says to its log, and to people; `owner` is whose it was before, `by` who moved it."""
    for place, line in enumerate(move.log, 1):
        _log(tx, row, line, by, told=move.notices if place == len(move.log) else ())
    if move.nobody:
        _log(tx, row, "nobody can be alerted", None)
        log.error("nobody can be alerted", case=row.id, level=row.level.value, school=row.stay.school_id)
    seen = show_standing(tx, row, move.log)
    for notice in move.notices:
        if notice.person not in seen or must_ring(row, notice, owner):
            tell(tx, row, notice, move.case)
    if "taken" in move.log and "reached" not in move.log:  # who was reached has heard from them already
        tell_who_took(tx, row)


def release_cases(tx: Tx) -> list[CaseRow]:
    """Cases whose owner may not know of them any more go back to the first rung. Returns them."""
    owned = select(CaseRow).where(CaseRow.closed_at.is_(None), CaseRow.owner_id.is_not(None)).order_by(CaseRow.id)
    gone = [row for row in tx.rows.scalars(owned) if row.owner_id not in crew_of(tx, row).everyone]
    for row in gone:
        move_case(tx, row, OwnerGone())
    return gone


def tell_newcomer(tx: Tx, person: Person) -> None:
    """Whoever can be written to from now on hears of the cases that wait on their rung, or on one below it."""
    untaken = select(CaseRow).where(CaseRow.closed_at.is_(None), CaseRow.owner_id.is_(None), CaseRow.rung >= 0)
    for row in tx.rows.scalars(untaken.order_by(CaseRow.id)):
        crew, rungs = crew_of(tx, row), tx.programme.levels[row.level].rungs
        due = {each for rung in rungs[: row.rung + 1] for each in crew.standing(rung.roles)}
        if person.id in due and person.id not in row.alerted:
            row.alerted = sorted({*row.alerted, person.id})
            _log(tx, row, "newcomer alerted", None, told=(Notice(person.id, NoticeKind.ALERT),))
            tell(tx, row, Notice(person.id, NoticeKind.ALERT), case_of(row))


def wake_case(tx: Tx, row: CaseRow) -> None:
    """The wait of a case is over; that of a closed one is over for good."""
    if row.closed_at is None:
        move_case(tx, row, WaitOver())
    else:
        row.wake_at = None


def case_of(row: CaseRow) -> Case:
    """The case as the ladder sees it."""
    return Case(
        level=row.level,
        opened_at=row.opened_at,
        rung=row.rung,
        round=row.round,
        alerted=frozenset(row.alerted),
        owner=row.owner_id,
        touched_at=row.touched_at,
        asked_at=row.asked_at,
        closed_at=row.closed_at,
        reason=row.reason or "",
        wake_at=row.wake_at,
        by_day=row.topic in WATCHED,
    )


def _keep(row: CaseRow, case: Case) -> None:
    """Only what has become another is changed: of the rest nothing need be written before the next question."""
    same = ("level", "rung", "round", "touched_at", "asked_at", "wake_at", "closed_at")
    now = {name: getattr(case, name) for name in same}
    now |= {"alerted": sorted(case.alerted), "owner_id": case.owner, "reason": case.reason or None}
    for name, value in now.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _log(
    tx: Tx, row: CaseRow, kind: str, by: int | None, matter: Matter | None = None, told: tuple[Notice, ...] = ()
) -> None:
    """One line: when, what, who; and who was told what of it."""
    detail: dict[str, Any] = (
        {"level": matter.level.value, "topic": matter.topic, "answer": matter.answer} if matter else {}
    )
    if matter:
        detail |= _written(tx)
    if matter and matter.session:
        detail["session"] = str(matter.session)
    if matter and matter.inbox:
        detail["inbox"] = str(matter.inbox)
    if told:
        detail["told"] = [[notice.person, notice.kind.value] for notice in told]
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind=kind, person_id=by, detail=detail))


def hear(tx: Tx, row: CaseRow, kind: str, **detail: str) -> None:
    """One line about what the learner of a case said or sent; also when they did, where we read it long after."""
    by = row.stay.person_id
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind=kind, person_id=by, detail=detail | _written(tx)))


def _written(tx: Tx) -> dict[str, str]:
    return {"written": tx.written.isoformat()} if tx.written and late(tx.written, tx.now) else {}
