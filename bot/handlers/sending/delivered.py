"""A message arrived, or certainly never will: the wait for an answer starts now, or an adult must know."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select

from bot.domain.level import Level
from bot.domain.quiet_hours import open_instant
from bot.domain.whereabouts import Whereabouts
from bot.engine.flow import Flow
from bot.handlers.case.crew import crew_of
from bot.handlers.case.matters import NOT_TOLD
from bot.handlers.case.undelivered import out_of_reach
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.conversation.silence import speaks
from bot.handlers.conversation.waiting_time import AT_LEAST, silence_at
from bot.handlers.say.post import show_choice
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

LATE = "late"
"""What is noted of an alert that has not left for so long that somebody else was told."""
LONG = timedelta(minutes=10)


def of_case(number: Any) -> ColumnElement[bool]:
    """What its log says of alerts that had not arrived."""
    return and_(CaseEvent.case_id == number, CaseEvent.kind == NOT_TOLD)


_NOT_TOLD = select(CaseEvent).where(of_case(bindparam("case")))


def came_late(tx: Tx, alert: OutboxRow, *, missed: bool) -> None:
    """An alert has arrived: whoever was told that it had not, or that another had not (`missed`), is told otherwise; its case
    may have moved meanwhile.
    """
    for event in _not_told(tx, alert) if missed else ():
        event.kind = "told late"
    if alert.message.get("stands") != (alert.rendered or {}).get("stands"):
        show_choice(tx, alert)


def wait_for_answer(tx: Tx, row: SessionRow) -> None:
    """From now on silence counts for the question that stands, if it is one that has a wait, as if it had just come."""
    flow = flow_of(tx, row)
    question = flow.question(row.asked) if flow else None
    over = silence_at(tx, row, flow) if flow else None
    if flow is None or question is None or over is None:
        return
    if isinstance(question.wait, timedelta):
        over = tx.now + question.wait
    row.wake_at = wakes_at(tx, flow, row.asked, over, tx.rows.get_one(StayRow, row.stay_id).where)


def wakes_at(tx: Tx, flow: Flow, asked: str | None, over: datetime, where: Whereabouts) -> datetime | None:
    """When to look at a question whose wait is `over` then: it may be answered for a while in any case, and silence that
    says something to the learner says it while they are awake.
    """
    question = flow.question(asked)
    if question is None:
        return None
    least = min(question.wait, AT_LEAST) if isinstance(question.wait, timedelta) else AT_LEAST
    wake = max(over, tx.now + least)
    return open_instant(tx.programme.hours.learner, where.at(wake), wake) if speaks(flow, question) else wake


def on_its_way(tx: Tx, message: OutboxRow) -> None:
    """An alert that has not left for so long has told nobody: the case says so, and goes on to the next adult at once."""
    case = tx.rows.get(CaseRow, message.case_id) if message.case_id else None
    if case is None or message.lane != Lane.ALERT or message.problem == LATE or tx.now - message.created_at < LONG:
        return
    heard = set(
        tx.rows.scalars(
            select(OutboxRow.person_id).where(
                OutboxRow.case_id == case.id,
                OutboxRow.lane == Lane.ALERT,
                OutboxRow.state == "sent",
                OutboxRow.created_at >= message.created_at,
            )
        )
    )
    if case.closed_at is not None or case.owner_id is not None or message.person_id in heard:
        return
    message.problem = LATE
    detail = {"adult": tx.rows.get_one(Person, message.person_id).full_name, "person": str(message.person_id)}
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind=NOT_TOLD, person_id=None, detail=detail))
    if not heard and case.round == 0:
        case.wake_at = tx.now


def _not_told(tx: Tx, message: OutboxRow) -> list[CaseEvent]:
    found = tx.rows.scalars(_NOT_TOLD, {"case": message.case_id})
    return [event for event in found if event.detail["person"] == str(message.person_id)]


def undelivered(tx: Tx, message: OutboxRow) -> None:
    """A message to a learner that cannot arrive is a coordinator's task: it is not the learner's silence.

    An alert that reaches none of those it was for climbs at once.
    """
    stay = tx.rows.get(StayRow, message.stay_id) if message.stay_id else None
    case = tx.rows.get(CaseRow, message.case_id) if message.case_id else None
    if case is not None and case.closed_at is None and case.owner_id is None:
        crew = crew_of(tx, case)
        if not any(crew.on_duty(person) for person in case.alerted):
            case.wake_at = tx.now
    if stay is None or stay.person_id != message.person_id:
        return
    row = tx.rows.get(SessionRow, message.session_id) if message.session_id else None
    stands = row is not None and row.state == "open" and row.asked == message.step
    out_of_reach(tx, stay, _how_grave(tx, stay, row if stands else None))
    if row is not None and stands:
        _let_go(tx, row)


def _how_grave(tx: Tx, stay: StayRow, row: SessionRow | None) -> Level:
    """As grave as the silence it may hide: an arrival or a return that nobody can ask about is for today."""
    journey = tx.programme.journey(stay.kind)
    landmark = {"arrival": journey.arrival, "safe_return": journey.safe_return}.get(row.flow if row else "")
    return landmark.missing.level if landmark else Level.FOLLOW_UP


def _let_go(tx: Tx, row: SessionRow) -> None:
    """A question that never arrived must not hold up the next ones; what was said before it is weighed all the same."""
    flow = flow_of(tx, row)
    question = flow.question(row.asked) if flow else None
    if question is not None and any(answer is not None for _step, answer in row.answers):
        row.wake_at = tx.now + (question.wait if isinstance(question.wait, timedelta) else AT_LEAST)
    else:
        row.state, row.wake_at = "done", None
