"""A channel in trouble: people are told once it has lasted, once, and that it is over; also after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from bot.handlers.watch.channel_outage import note_outage
from bot.runtime.alarms import Alarms
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow
from tests.journeys.people import settle_in


class Nudges(asyncio.Event):
    """Rung whenever somebody was told."""


@asynccontextmanager
async def watching(db: Database, lasting: float) -> AsyncIterator[tuple[Alarms, Nudges]]:
    nudges = Nudges()
    alarms = Alarms(db, nudges.set, lasting=lasting)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(alarms.run())
        try:
            yield alarms, nudges
        finally:
            task.cancel()


def told(tx: Tx) -> list[tuple[int, str]]:
    rows = tx.rows.scalars(select(OutboxRow).order_by(OutboxRow.id))
    return [(row.person_id, str(row.message["text"])[:30]) for row in rows]


async def test_a_trouble_that_lasts_is_told_to_the_consortium_and_its_end_too(quick_database: Database) -> None:
    quick_database.run(settle_in, ())
    async with watching(quick_database, 0.0) as (alarms, nudges):
        await alarms.of("telegram")("token")
        await asyncio.wait_for(nudges.wait(), 5)
        nudges.clear()
        await alarms.of("telegram")(None)
        await asyncio.wait_for(nudges.wait(), 5)

    assert quick_database.run(told) == [
        (1, "{channel} does not accept our "),
        (1, "{channel} works again. What wa"),
    ]


async def test_a_trouble_that_passes_is_told_to_nobody(quick_database: Database) -> None:
    quick_database.run(settle_in, ())
    async with watching(quick_database, 3600) as (alarms, _nudges):
        await alarms.of("telegram")("conflict")
        await asyncio.sleep(0.05)
        troubles = dict(alarms.troubles)
        await alarms.of("telegram")(None)
        await asyncio.sleep(0.05)

    assert (troubles["telegram"][0], alarms.troubles) == ("conflict", {})
    assert quick_database.run(told) == []


async def test_a_trouble_from_before_a_restart_is_over_when_nothing_is_wrong_any_more(quick_database: Database) -> None:
    quick_database.run(settle_in, ())
    quick_database.run(note_outage, "telegram", "conflict")
    async with watching(quick_database, 0.05) as (_alarms, nudges):
        await asyncio.wait_for(nudges.wait(), 5)

    assert [text for _person, text in quick_database.run(told)][1] == "{channel} works again. What wa"


def test_the_same_outage_twice_is_told_once(quick_database: Database) -> None:
    quick_database.run(settle_in, ())

    assert [quick_database.run(note_outage, "telegram", "token") for _ in range(2)] == [True, False]
