"""The turn is one process's at a time, and the next one's when that process is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text

from bot.runtime.dedicated_connection import Lost
from bot.runtime.leader import Leadership
from bot.store.db import Database
from tests.waiting import wait_for

several_processes = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
Held = Callable[[], asyncio.Future[None]]


@pytest.fixture
def begun() -> list[asyncio.Event]:
    """One for each time that the work began; it goes on until its event is set."""
    return []


@pytest.fixture
def held(database: Database, begun: list[asyncio.Event]) -> Held:
    async def work() -> None:
        begun.append(asyncio.Event())
        await begun[-1].wait()

    return lambda: asyncio.ensure_future(Leadership(database.engine, 1, pause=0.01, grace=0).hold(work))


def cut_off(database: Database) -> int:
    """Whoever has a turn in this database loses the connection; how many that were."""
    here = "SELECT oid FROM pg_database WHERE datname = current_database()"
    turns = f"locktype = 'advisory' AND classid = 20262 AND database = ({here})"
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {turns}"
    with database.engine.connect() as other:
        return len(other.execute(text(ends)).all())


@pytest.mark.parametrize("ends", ["done", "cancelled"])
async def test_work_is_held_until_it_ends_and_then_it_is_the_next_ones_turn(
    database: Database, held: Held, begun: list[asyncio.Event], ends: str
) -> None:
    first = held()
    await wait_for(lambda: len(begun) == 1)
    second = held()
    await asyncio.sleep(0.1)
    alone = len(begun) == 1
    if ends == "done":
        begun[0].set()
    else:
        first.cancel()
    await asyncio.wait([first], timeout=5)
    await wait_for(lambda: len(begun) == 2)
    begun[1].set()
    await asyncio.wait_for(second, 5)

    assert alone == (database.engine.dialect.name == "postgresql")
    assert first.cancelled() == (ends == "cancelled")


@several_processes
async def test_whoever_waits_knows_that_it_is_elsewhere_and_has_it_when_the_other_is_cut_off(
    database: Database,
) -> None:
    here, there, ours, theirs = Leadership(database.engine, 1, pause=0.01, grace=0), Leadership(database.engine, 1, pause=0.01, grace=0), asyncio.Event(), asyncio.Event()  # fmt: skip

    async def never(begun: asyncio.Event) -> None:
        begun.set()
        await asyncio.Event().wait()

    first = asyncio.ensure_future(there.hold(lambda: never(theirs)))
    await asyncio.wait_for(theirs.wait(), 30)
    second = asyncio.ensure_future(here.hold(lambda: never(ours)))
    await wait_for(lambda: here.elsewhere)
    assert (there.elsewhere, ours.is_set(), cut_off(database)) == (False, False, 1)
    with pytest.raises(Lost):
        await asyncio.wait_for(first, 30)
    await asyncio.wait_for(ours.wait(), 30)
    assert here.elsewhere is False
    second.cancel()
    await asyncio.wait([second])


@several_processes
async def test_however_often_connections_break_it_is_never_two_at_once_and_always_one_again(database: Database) -> None:
    at_it: list[int] = []
    most = times = 0

    def work_of(number: int) -> Callable[[], asyncio.Future[None]]:
        async def work() -> None:
            nonlocal most, times
            at_it.append(number)
            most, times = max(most, len(at_it)), times + 1
            try:
                await asyncio.Event().wait()
            finally:
                at_it.remove(number)

        return lambda: asyncio.ensure_future(work())

    turns = [Leadership(database.engine, 1, pause=0.02, grace=0.5) for _ in range(3)]
    running = [asyncio.ensure_future(turn.hold_again(work_of(number))) for number, turn in enumerate(turns)]
    for time in range(1, 5):
        await wait_for(lambda time=time: times == time)  # type: ignore[misc]
        await asyncio.to_thread(cut_off, database)
    await wait_for(lambda: times == 5)
    for each in running:
        each.cancel()
    await asyncio.wait(running)

    assert (most, at_it) == (1, [])


@several_processes
async def test_work_that_fails_lets_go_of_the_turn(database: Database, held: Held, begun: list[asyncio.Event]) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as failed:
        await Leadership(database.engine, 1, pause=0.01, grace=0).hold(fails)
    assert failed.value.subgroup(ZeroDivisionError) is not None
    second = held()
    await wait_for(lambda: len(begun) == 1)
    second.cancel()
    with suppress(asyncio.CancelledError):
        await second
