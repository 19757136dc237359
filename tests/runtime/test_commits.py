"""How often a round begins a transaction: each is a commit on a disk, and a hand-over to the database's thread."""

from __future__ import annotations

from sqlalchemy import update

from bot.store.db import Tx
from bot.store.people import Person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey


def commits(journey: Journey) -> list[str]:
    """What is committed from now on, one after another."""
    seen: list[str] = []
    journey.db.witness = seen.append
    return seen


async def test_what_is_written_is_stored_decided_answered_and_the_answer_written_down(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    seen = commits(journey)

    await journey.app.receive("web", "one more", {"address": "lina", "text": "/help"})
    await journey.app.settle()

    one = ["commit", "committed"]
    assert seen == [*one, *one, *one, "send", "sent", *one]


async def test_where_there_is_nothing_to_do_a_look_is_all(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    seen = commits(journey)

    await journey.app.settle()

    assert seen == ["commit", "committed"]


async def test_what_is_woken_and_says_nothing_takes_a_look_and_a_slice(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    await journey.db.transact(due, "lina")
    seen = commits(journey)

    await journey.app.settle()

    assert seen == ["commit", "committed"] * 2


def due(tx: Tx, ref: str) -> None:
    tx.rows.execute(update(Person).where(Person.ref == ref).values(wake_at=tx.now))
