"""What just happened to a learner, and what will: in words, for somebody who sees Compagnon for the first time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from bot.demo.protagonists import Couple
from bot.domain.occasion import Kind, Occasion
from bot.domain.plan import preview
from bot.domain.programme import Journey
from bot.handlers.conversation.due import done_of
from bot.handlers.say.facts import stay_facts
from bot.i18n import Text, _, to_json
from bot.store.cases import CaseEvent, CaseRow, open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow, open_session
from bot.store.stays import StayRow
from bot.web.desk.cases import reason_of

SHOWN = 4
COMING = 5
ASKED: dict[str, Text] = {
    "enrolment": _("Compagnon introduced itself."),
    "catch_up": _("What is overdue was told in one message."),
    "message": _("A piece of information was sent."),
    "arrival": _("Compagnon asked whether {name} has arrived."),
    "check_in": _("The weekly check-in was asked."),
    "attendance": _("The days at work were asked."),
    "safe_return": _("Compagnon asked whether {name} is back."),
}
ITEM = _("A step was asked: {item}.")
AGAIN = _("No answer yet: asked once more, kindly.")
ANSWERED = _("{name} answered: « {words} »")
ALERTED = _("{symbol} {adult} was alerted.")
CASES: dict[str, Text] = {
    "taken": _("{adult} takes the case."),
    "passed on": _("{adult} passes the case on."),
    "reached": _("{adult} has reached {name}."),
    "lapsed": _("No follow-up: the case goes on to the next adult."),
    "reopened": _("The case is open again."),
    "closed": _("The case is closed: {reason}."),
}
OVERDUE = _("If it is still open, an adult is told: {item}")
SILENCE = _("If {name} has not answered: asked once more, or an adult is told")
CLIMBS = _("If nobody has taken the case: the next adult is alerted")
LAPSES = _("If {adult} has not followed up: the case goes on to the next adult")
ALONE: dict[Kind, Text] = {
    Kind.ARRIVAL: _("Has {name} arrived?"),
    Kind.CHECK_IN: _("Weekly check-in"),
    Kind.ATTENDANCE: _("Days at work"),
    Kind.SAFE_RETURN: _("Is {name} back?"),
    Kind.OUTREACH: _("A word to the family, where there is one to tell"),
    Kind.EXTERNAL: _("A letter to the employer or the partner school, where there is something to do"),
}


@dataclass(frozen=True)
class Line:
    """A sentence with its instant. `tone`: `asked`, `answered`, `alert`, `eased` or `plan`."""

    at: datetime
    order: tuple[int, int]
    tone: str
    text: Text
    values: dict[str, Any] = field(default_factory=dict)


def latest(tx: Tx, couple: Couple) -> list[Line]:
    """The last few things that happened, the newest first."""
    row = tx.rows.get_one(StayRow, couple.stay)
    found = [*_sent(tx, row), *_heard(tx, row), *_cases(tx, row)]
    return sorted(found, key=lambda line: (line.at, line.order), reverse=True)[:SHOWN]


_OF_A_MESSAGE = (
    OutboxRow.id, OutboxRow.sent_at, OutboxRow.lane, OutboxRow.person_id, OutboxRow.session_id, OutboxRow.case_id, OutboxRow.step,
)  # fmt: skip
"""Not its words: nothing is unsealed for a line that does not show them."""


def _sent(tx: Tx, row: StayRow) -> Iterator[Line]:
    """Questions to the learner, and alerts about them."""
    journey = tx.programme.journey(row.kind)
    asked = and_(OutboxRow.person_id == row.person_id, OutboxRow.lane == Lane.PROMPT, OutboxRow.session_id.is_not(None))
    alert = and_(OutboxRow.person_id != row.person_id, OutboxRow.lane == Lane.ALERT, OutboxRow.case_id.is_not(None))
    wanted = select(*_OF_A_MESSAGE).where(
        OutboxRow.stay_id == row.id, OutboxRow.sent_at.is_not(None), or_(asked, alert)
    )
    for message in tx.rows.execute(wanted.order_by(OutboxRow.id.desc()).limit(SHOWN)):
        order = (1, message.id)
        if message.case_id and message.lane == Lane.ALERT:
            case, adult = tx.rows.get_one(CaseRow, message.case_id), tx.rows.get_one(Person, message.person_id)
            values = {"symbol": tx.programme.levels[case.level].symbol, "adult": adult.full_name}
            yield Line(message.sent_at, order, "alert", ALERTED, values)
        else:
            session = tx.rows.get_one(SessionRow, message.session_id)
            yield Line(message.sent_at, order, "asked", *_asked(journey, row, message.step, session))


def _asked(journey: Journey, row: StayRow, step: str | None, session: SessionRow) -> tuple[Text, dict[str, Any]]:
    if step and (step.startswith("nudge") or step.endswith("_again")):
        return AGAIN, {}
    item = journey.item(session.touchpoint.rpartition(".")[2]) if session.touchpoint.startswith("item.") else None
    if item is not None:
        return ITEM, {"item": {"text": to_json(item.title)}}
    return ASKED.get(session.flow, AGAIN), {"name": row.person.first_name}


def _heard(tx: Tx, row: StayRow) -> Iterator[Line]:
    wanted = select(InboxRow).where(InboxRow.person_id == row.person_id, InboxRow.shown.is_not(None))
    for heard in tx.rows.scalars(wanted.order_by(InboxRow.id.desc()).limit(SHOWN)):
        values = {"name": row.person.first_name, "words": heard.shown or ""}
        yield Line(heard.received_at, (0, heard.id), "answered", ANSWERED, values)


def _cases(tx: Tx, row: StayRow) -> Iterator[Line]:
    wanted = select(CaseEvent, CaseRow).join(CaseRow).where(CaseRow.stay_id == row.id, CaseEvent.kind.in_(CASES))
    for event, case in tx.rows.execute(wanted.order_by(CaseEvent.id.desc()).limit(SHOWN)):
        adult = tx.rows.get(Person, event.person_id) if event.person_id else None
        values = {
            "adult": adult.full_name if adult else "",
            "name": row.person.first_name,
            "reason": {"text": to_json(reason_of(case))},
        }
        yield Line(event.at, (2, event.id), "eased", CASES[event.kind], values)


def coming(tx: Tx, couple: Couple) -> list[Line]:
    """The next few things that will happen if nobody does anything: planned contacts, and waits that run out."""
    row = tx.rows.get_one(StayRow, couple.stay)
    planned = preview(tx.programme, row.facts(), done_of(tx, row), tx.now)
    lines = [*_waits(tx, row), *_planned(tx, row, planned)]
    return sorted(lines, key=lambda line: (line.at, line.order))[:COMING]


def _planned(tx: Tx, row: StayRow, planned: Iterable[Occasion]) -> Iterator[Line]:
    journey, facts = tx.programme.journey(row.kind), stay_facts(tx, row)
    told = {f"message.{message.id}": message.text for message in journey.messages}
    first = {each.touchpoint: each for each in reversed(list(planned)) if each.at > tx.now}
    for number, each in enumerate(first.values()):
        item = journey.item(each.name)
        text = ALONE.get(each.kind) or (item.title if item else told.get(each.touchpoint, ""))
        values = dict(facts)
        if each.kind is Kind.OVERDUE and item is not None:
            text, values["item"] = OVERDUE, {"text": to_json(item.title)}
        yield Line(each.at, (1, number), "plan", text, values)


def _waits(tx: Tx, row: StayRow) -> Iterator[Line]:
    name = {"name": row.person.first_name}
    session, case = open_session(tx.rows, row.person_id), open_case(tx.rows, row.id)
    if session is not None and session.wake_at and session.wake_at > tx.now:
        yield Line(session.wake_at, (0, 0), "asked", SILENCE, name)
    if case is not None and case.wake_at and case.wake_at > tx.now:
        owner = tx.rows.get(Person, case.owner_id) if case.owner_id else None
        values = {"adult": owner.full_name if owner else ""}
        yield Line(case.wake_at, (0, 1), "alert", LAPSES if owner else CLIMBS, values)
