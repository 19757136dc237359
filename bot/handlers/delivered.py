"""A message arrived, or certainly never will: the wait for an answer starts now, or an adult must know."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.level import Level
from bot.domain.plan import zone_at
from bot.domain.quiet import open_instant
from bot.engine.step import Question
from bot.handlers.case import Matter, open_matter
from bot.handlers.converse import flow_of
from bot.handlers.silence import speaks
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

AT_LEAST = timedelta(hours=1)
"""However late a question came, it may be answered for so long before silence counts."""


def delivered(tx: Tx, message: OutboxRow) -> None:
    """The question that stands has reached the learner: its wait begins."""
    row = tx.rows.get(SessionRow, message.session_id) if message.session_id else None
    flow = flow_of(tx, row) if row is not None and row.state == "open" else None
    question = flow.question(message.step) if flow else None
    if row is None or flow is None or question is None or row.asked != question.id or question.wait is None:
        return
    wake = wait_over(row, question, tx.now)
    if speaks(flow, question):
        stay = tx.rows.get_one(StayRow, row.stay_id).facts()
        wake = open_instant(tx.programme.hours.learner, zone_at(stay, wake), wake)
    row.wake_at = wake


def wait_over(row: SessionRow, question: Question, now: datetime) -> datetime:
    """When silence counts: so long after delivery, or at the instant that the facts name."""
    if isinstance(question.wait, timedelta):
        return now + question.wait
    named = datetime.fromisoformat(row.facts[str(question.wait)])
    return max(named, now + AT_LEAST)


def undelivered(tx: Tx, message: OutboxRow) -> None:
    """A message to a learner that cannot arrive is a coordinator's task: it is not the learner's silence."""
    stay = tx.rows.get(StayRow, message.stay_id) if message.stay_id else None
    if stay is not None and stay.person_id == message.person_id:
        open_matter(tx, stay, Matter(Level.FOLLOW_UP, "undelivered"))
