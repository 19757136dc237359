"""The turn is one process's at a time, and the next one's when that process is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.runtime.turn import Turn, hold
from bot.store.db import Database

several_processes = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
Held = Callable[[], asyncio.Future[None]]


@pytest.fixture
def turns(database: Database) -> tuple[Turn, Turn]:
    return Turn(database.engine, 1, pause=0.01), Turn(database.engine, 1, pause=0.01)


@pytest.fixture
def begun() -> list[asyncio.Event]:
    """One for each time that the work began; it goes on until its event is set."""
    return []


@pytest.fixture
def held(database: Database, begun: list[asyncio.Event]) -> Held:
    async def work() -> None:
        begun.append(asyncio.Event())
        await begun[-1].wait()

    return lambda: asyncio.ensure_future(hold(database.engine, 1, work, pause=0.01))


def cut_off(database: Database) -> None:
    """Whoever has a turn in this database loses the connection."""
    here = "SELECT oid FROM pg_database WHERE datname = current_database()"
    turns = f"locktype = 'advisory' AND classid = 20262 AND database = ({here})"
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {turns}"
    with database.engine.connect() as other:
        other.execute(text(ends))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - another connection does it
            await asyncio.sleep(0.01)


async def test_on_postgresql_the_second_waits_until_the_first_is_gone(
    database: Database, turns: tuple[Turn, Turn]
) -> None:
    first, second = turns
    await first.wait()
    waiting = asyncio.ensure_future(second.wait())
    await asyncio.sleep(0.1)
    waited = not waiting.done()
    first.release()
    await asyncio.wait_for(waiting, 5)
    second.release()

    assert waited == (database.engine.dialect.name == "postgresql")


@several_processes
async def test_who_loses_the_connection_is_told(database: Database, turns: tuple[Turn, Turn]) -> None:
    turn = turns[0]
    await turn.wait()
    cut_off(database)
    with pytest.raises(DBAPIError):
        await asyncio.wait_for(turn.keep(), 5)
    turn.release()


@pytest.mark.parametrize("ends", ["done", "cancelled"])
async def test_work_is_held_until_it_ends_and_then_it_is_the_next_ones_turn(
    database: Database, held: Held, begun: list[asyncio.Event], ends: str
) -> None:
    first = held()
    await until(lambda: len(begun) == 1)
    second = held()
    await asyncio.sleep(0.1)
    alone = len(begun) == 1
    if ends == "done":
        begun[0].set()
    else:
        first.cancel()
    await asyncio.wait([first], timeout=5)
    await until(lambda: len(begun) == 2)
    begun[1].set()
    await asyncio.wait_for(second, 5)

    assert alone == (database.engine.dialect.name == "postgresql")
    assert first.cancelled() == (ends == "cancelled")


@several_processes
async def test_work_stops_when_the_connection_is_lost(
    database: Database, held: Held, begun: list[asyncio.Event]
) -> None:
    working = held()
    await until(lambda: len(begun) == 1)
    cut_off(database)

    with pytest.raises(ExceptionGroup) as lost:
        await asyncio.wait_for(working, 5)
    assert lost.value.subgroup(DBAPIError) is not None
