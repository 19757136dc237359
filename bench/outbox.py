"""Messages that wait: how many, all of them once more, and the same words to everybody."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update

from bot.domain.messages import Letter
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.sealed import of_person

FIRST = 1000
"""The number of the first learner, and of their stay."""
WORDS = "How was your week?"


def unsent(tx: Tx) -> int:
    return tx.rows.scalar(select(func.count()).where(OutboxRow.state != "sent")) or 0


def once_more(tx: Tx) -> None:
    """As if none of it had left yet."""
    tx.rows.execute(update(OutboxRow).values(state="pending", sent_at=None, native=None))


def say_to_all(tx: Tx, people: int, lane: Lane) -> None:
    """Plain words to so many learners."""
    letter, learners = Letter(WORDS).to_json(), range(FIRST, FIRST + people)
    row = {"lane": lane, "state": "pending", "created_at": tx.now, "due_at": tx.now}
    tx.rows.execute(
        insert(OutboxRow), [row | {"person_id": each, "message": of_person(each, letter)} for each in learners]
    )
