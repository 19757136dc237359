"""Words that may be a cry, and were asked about: who leaves the question unanswered is not left with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.case.exclusion import leave_out
from bot.handlers.say.marks import mark, wait_for, waiting
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow, Outcome
from bot.store.stays import StayRow

DOUBTED = "doubted"
"""The mark of a question that waits for its answer; its occurrence is the number of the message that asks."""
ANSWER_WITHIN = timedelta(hours=2)
"""From the arrival of the question. Words that worry and silence when asked about them are two signs."""


def await_answer(tx: Tx, stay: StayRow, question: OutboxRow) -> None:
    """Look again whether a question about somebody's words was answered."""
    if stay.ended is None:
        tx.rows.flush()
        wait_for(tx, stay, (DOUBTED, str(question.id)), tx.now + ANSWER_WITHIN)


def look_for_answers(tx: Tx, stay: StayRow, marks: Mapping[tuple[str, str], str]) -> datetime | None:
    """Whether such questions were answered; else an adult hears of the words. When to look again."""
    looks = []
    for number in waiting(marks, DOUBTED):
        question = tx.rows.get(OutboxRow, number)
        open_still = question is not None and question.chosen is None and open_case(tx.rows, stay.id) is None
        over = (question.sent_at or tx.now) + ANSWER_WITHIN if question is not None else tx.now
        if open_still and over > tx.now:
            looks.append(over)
            continue
        mark(tx, stay.id, (DOUBTED, str(number)), "told" if open_still else "settled")
        if question is not None and open_still:
            _tell(tx, stay, question)
    return min(looks, default=None)


def _tell(tx: Tx, stay: StayRow, question: OutboxRow) -> None:
    """Today; as a task where the learner has since been there, and had nothing to say to it. Whom the words may be about
    does not hear of them.
    """
    asked = question.message["offers"][0]["action"]
    words = tx.rows.get_one(InboxRow, asked["inbox"])
    private = asked.get("private", False)
    words.outcome = words.outcome if private else Outcome.HANDED
    been_there = (stay.person.last_sign_at or question.created_at) > (question.sent_at or question.created_at)
    level = Level.FOLLOW_UP if been_there else Level.TODAY
    for adult in asked["meant"]:
        leave_out(tx, stay, adult, by_learner=False)
    open_matter(tx, stay, Matter(level, "distress", inbox=None if private else words.id))
