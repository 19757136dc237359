"""Which words a question has this time: one that comes again is never word for word the same."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.engine.step import Choose, Question, Say, Step
from bot.handlers.say.facts import place_in_checklist
from bot.i18n import Text, _, phrase
from bot.store.autoflush import ask
from bot.store.base import among
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.sessions import SessionRow, held_sessions
from bot.store.stays import StayRow

REMINDERS: tuple[Text, ...] = (_("{item}, due {due}. {question}"), _("Still open: {item}, due {due}. {question}"))
"""How an item is asked again where the school has no other words for it left."""
ASKED = ("state", "level")
_ASKED_BEFORE = (
    select(func.count(OutboxRow.id))
    .join(SessionRow, SessionRow.id == OutboxRow.session_id)
    .where(SessionRow.stay_id == bindparam("stay"), SessionRow.touchpoint == bindparam("touchpoint"))
    .where(among(OutboxRow.step, ASKED), OutboxRow.edit_of.is_(None), OutboxRow.state != "expired")
)


def worded(tx: Tx, row: SessionRow, step: Say | Question) -> tuple[Text, dict[str, Any]]:
    """The words, and what is to be filled in beside the facts of the conversation."""
    texts = (step.text or "", *(step.variants if isinstance(step, Choose) else ()))
    if _asks_item(row, step):
        return _reminder(tx, row, texts)
    if len(texts) == 1:
        return texts[0], {}
    held = held_sessions(tx.rows, row.stay_id)
    turns = sum(each.touchpoint == row.touchpoint and each.id < row.id for each in held)
    return texts[turns % len(texts)], {}


def _reminder(tx: Tx, row: SessionRow, texts: tuple[Text, ...]) -> tuple[Text, dict[str, Any]]:
    """The question; the school's other words for it; then what it is about, by when, and how it ends."""
    turns = ask(tx.rows, _ASKED_BEFORE, {"stay": row.stay_id, "touchpoint": row.touchpoint}).scalar_one()
    stay = tx.rows.get_one(StayRow, row.stay_id)
    item = tx.programme.journey(stay.kind).item(row.touchpoint.rpartition(".")[2])
    if turns < len(texts) or item is None or "due" not in row.facts:
        return texts[turns % len(texts)], {}
    text = REMINDERS[(turns - len(texts)) % len(REMINDERS)]
    question = phrase(last_question(texts[0]), **row.facts)
    return text, {"item": phrase(item.words), "question": question}


def last_question(text: Text) -> Text:
    """What a text asks in the end. A text of ours, which is one question, is asked as it is."""
    return {language: _last(words) for language, words in text.items()} if isinstance(text, dict) else text


def _last(words: str) -> str:
    sentences = re.split(r"(?<=[.!?؟:])\s+(?=[^a-zà-ÿа-яіїєґ])", words.strip())
    asked = [each for each in sentences if each.rstrip().endswith(("?", "؟"))]
    return (asked or sentences)[-1]


def _asks_item(row: SessionRow, step: Step) -> bool:
    return isinstance(step, Choose) and step.id in ASKED and row.touchpoint.startswith("item.")


def place_of(tx: Tx, row: SessionRow, step: Step) -> tuple[int, int] | None:
    if isinstance(step, Choose) and step.progress and step.progress[1] > 1:
        return step.progress
    return place_in_checklist(tx, tx.rows.get_one(StayRow, row.stay_id)) if _asks_item(row, step) else None
