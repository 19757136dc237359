"""What a learner has said they learned during a stay, out of the answers that say it."""

from __future__ import annotations

from typing import Any

from bot.domain.programme import Message
from bot.domain.skills import LEARNED, Learned, on_offer, read_learned
from bot.domain.stay import conditions
from bot.i18n import phrase
from bot.store.db import Tx
from bot.store.sessions import held_sessions
from bot.store.stays import StayRow

KEPT = "told"
"""The step of a message of the programme that asks for words to keep."""


def learned_on(tx: Tx, stay: StayRow) -> list[Learned]:
    """Everything they named, in the order they named it."""
    journey = tx.programme.journey(stay.kind)
    kept = [_touchpoint(each) for each in journey.messages if each.keep]
    asked = {"check_in", "skills", *kept}
    answers = [
        (row.id, step, answer)
        for row in held_sessions(tx.rows, stay.id)
        if row.touchpoint in asked
        for step, answer in row.answers
        if answer and (step == LEARNED or (step == KEPT and row.touchpoint in kept and answer != "later"))
    ]
    return read_learned(journey, answers)


def _touchpoint(message: Message) -> str:
    return f"message.{message.id}"


def skills_facts(tx: Tx, stay: StayRow) -> dict[str, Any]:
    """What the question offers; nothing where the programme lists no skills."""
    journey = tx.programme.journey(stay.kind)
    if not journey.skills:
        return {}
    return {"skills": on_offer(journey, conditions(tx.programme, stay.facts()), learned_on(tx, stay))}


def good_week_facts(tx: Tx, stay: StayRow, values: dict[str, Any]) -> dict[str, Any]:
    """The same, and this week's question for the diary, where the programme has them."""
    questions = tx.programme.journey(stay.kind).diary
    week = max((stay.facts().day_at(tx.now) - stay.start).days, 0) // 7
    asked = {"diary_question": phrase(questions[week % len(questions)].text, **values)} if questions else {}
    return skills_facts(tx, stay) | asked
