"""A wait has run out: an answer did not come, or a conversation that waited may begin."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.quiet_hours import open_instant
from bot.engine.advance import Silence
from bot.engine.flow import Flow
from bot.engine.step import END, Question, Say
from bot.handlers.conversation.sessions import flow_of, happen, open_next
from bot.handlers.conversation.waiting_time import silence_at
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow

SOON = timedelta(minutes=5)
"""So often a wait is looked at that goes on because we cannot hear."""


def wake_session(tx: Tx, row: SessionRow) -> None:
    """Let silence happen to the question that stands; nothing is said in the learner's quiet hours."""
    row.wake_at = None
    if row.state == "queued":
        return open_next(tx, row.person_id)
    flow = flow_of(tx, row)
    question = flow.question(row.asked) if flow else None
    if row.state != "open" or flow is None or question is None:
        return None
    stay = tx.rows.get_one(StayRow, row.stay_id).facts()
    if stay.cancelled:
        row.state = "expired"
        return None
    if stay.doubtful:
        row.wake_at = tx.now + timedelta(days=1)
        return None
    over = silence_at(tx, row, flow)
    if over is not None and over > tx.now:  # meanwhile we could not hear
        row.wake_at = max(over, tx.now + SOON)
        return None
    if speaks(flow, question):
        opening = open_instant(tx.programme.hours.learner, stay.zone_at(tx.now), tx.now)
        if opening > tx.now:
            row.wake_at = opening
            return None
    happen(tx, row, Silence(question.id), Lane.PROMPT)
    return None


def speaks(flow: Flow, question: Question) -> bool:
    """Whether silence at this question says something to the learner: an adult's alert waits for no one's sleep."""
    step = flow.find(question.silence) if question.silence != END else None
    return not (step is None or (isinstance(step, Say) and step.text is None))
