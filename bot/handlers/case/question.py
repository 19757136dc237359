"""`/question`: an ordinary need with an ordinary door. The words wait for an adult, with a clock and a deputy; nothing is an alarm."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import About, post
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

STEP = "question awaited"
"""The step of the message that asks a learner for their question."""
ASK = _("Write it here in one message. {coordinator} reads it.")
NOTED = _("Thank you. {coordinator} will answer you.")


def question(tx: Tx, person: Person, stay: StayRow, words: str) -> None:
    """Hand a learner's question to whoever follows them up; without words, ask for it."""
    if not words:
        post(tx, person.id, Letter(ASK, stay_facts(tx, stay)), Lane.ANSWER, About(stay=stay.id, step=STEP))
        return
    written = tx.rows.scalars(
        select(InboxRow).where(InboxRow.person_id == person.id).order_by(InboxRow.id.desc())
    ).first()
    if written is not None:
        written.shown = words
    open_matter(tx, stay, Matter(Level.FOLLOW_UP, "question", inbox=written.id if written else None))
    post(tx, person.id, Letter(NOTED, stay_facts(tx, stay)), Lane.ANSWER, About(stay=stay.id))


def take_words(tx: Tx, person: Person, message: OutboxRow, words: str) -> None:
    """The question that was asked for."""
    question(tx, person, tx.rows.get_one(StayRow, message.stay_id), words)
