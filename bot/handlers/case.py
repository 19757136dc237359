"""Cases: a matter opens one or joins it, adults act on it, its waits run out. The ladder decides, this saves and tells."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.calendar import Calendar
from bot.domain.ladder import Case, Event, Move, Opened, Raised, WaitOver, climb
from bot.domain.level import Level
from bot.handlers.alert import tell
from bot.store.cases import CaseEvent, CaseRow, open_case
from bot.store.db import Tx
from bot.store.people import team
from bot.store.stays import StayRow


@dataclass(frozen=True)
class Matter:
    """Why an adult must look: how grave, about what, which answer, in which conversation."""

    level: Level
    topic: str
    answer: str = ""
    session: int | None = None


def open_matter(tx: Tx, stay: StayRow, matter: Matter) -> CaseRow:
    """Open a case, or let the matter join the one that is open: one case per learner, never two ladders at once."""
    row = open_case(tx.rows, stay.id)
    if row is not None:
        graver = matter.level.rank > row.level.rank or row.topic == "missed"
        if graver:
            row.topic, row.session_id = matter.topic, matter.session
        _log(tx, row, "matter", None, matter)
        move_case(tx, row, Raised(matter.level))
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
    )
    row.stay = stay
    tx.rows.add(row)
    tx.rows.flush()
    _log(tx, row, "matter", None, matter)
    move_case(tx, row, Opened())
    return row


def move_case(tx: Tx, row: CaseRow, event: Event) -> Move:
    """Let an event happen to a case: save where it stands, log it, and tell whom the ladder names."""
    school = row.stay.school
    move = climb(
        _case(row),
        event,
        tx.now,
        team=team(tx.rows),
        school=school.id,
        rules=tx.programme.levels,
        calendar=Calendar(tx.programme.hours, ZoneInfo(school.zone)),
    )
    _keep(row, move.case)
    by: int | None = getattr(event, "by", None)
    for line in move.log:
        _log(tx, row, line, by)
    if move.nobody:
        _log(tx, row, "nobody can be alerted", None)
    for notice in move.notices:
        tell(tx, row, notice, move.case)
    return move


def wake_case(tx: Tx, row: CaseRow) -> None:
    """The wait of a case is over."""
    move_case(tx, row, WaitOver())


def _case(row: CaseRow) -> Case:
    return Case(
        level=row.level,
        opened_at=row.opened_at,
        rung=row.rung,
        round=row.round,
        alerted=frozenset(row.alerted),
        owner=row.owner_id,
        touched_at=row.touched_at,
        closed_at=row.closed_at,
        reason=row.reason or "",
        wake_at=row.wake_at,
    )


def _keep(row: CaseRow, case: Case) -> None:
    row.level, row.rung, row.round = case.level, case.rung, case.round
    row.alerted, row.owner_id, row.touched_at = sorted(case.alerted), case.owner, case.touched_at
    row.closed_at, row.reason, row.wake_at = case.closed_at, case.reason or None, case.wake_at


def _log(tx: Tx, row: CaseRow, kind: str, by: int | None, matter: Matter | None = None) -> None:
    detail = {"level": matter.level.value, "topic": matter.topic, "answer": matter.answer} if matter else {}
    if matter and matter.session:
        detail["session"] = str(matter.session)
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind=kind, person_id=by, detail=detail))
