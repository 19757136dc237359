"""The turn is one process's at a time, and the next one's when that process is gone."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store.db import Database
from bot.turn import Turn


@pytest.fixture
def turns(database: Database) -> tuple[Turn, Turn]:
    return Turn(database.engine, 1, pause=0.01), Turn(database.engine, 1, pause=0.01)


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


async def test_who_loses_the_connection_is_told(database: Database, turns: tuple[Turn, Turn]) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("one process, one turn")
    turn = turns[0]
    await turn.wait()
    with database.engine.connect() as other:
        other.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 20262")
        )
    with pytest.raises(DBAPIError):
        await asyncio.wait_for(turn.keep(), 5)
    turn.release()
