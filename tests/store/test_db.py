"""One transaction per decision: all of it or nothing, on the database's own thread."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import bindparam, delete, event, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from bot.clock import SimulatedClock
from bot.domain.programme import Programme
from bot.store.autoflush import ask_once
from bot.store.db import TRIES, Database, Tx
from bot.store.models import ItemState, School, SettingRow, StayRow
from bot.store.records import audit, keep_setting
from tests.conftest import START, Read
from tests.properties import tried


def keep(tx: Tx, name: str) -> str:
    keep_setting(tx.rows, name, {})
    return name


def count_up(tx: Tx, stay_id: int) -> int:
    """Read, decide, write: what loses updates when nobody guards it."""
    stay = tx.rows.get_one(StayRow, stay_id)
    stay.class_name = str(int(stay.class_name or "0") + 1)
    return int(stay.class_name)


def test_a_handler_is_committed_once_and_its_answer_returned(database: Database, read: Read) -> None:
    points: list[str] = []
    database.witness = points.append

    answer = database.run(keep, "a")

    assert answer == "a"
    assert points == ["commit", "committed"]
    assert read(select(SettingRow.name)) == [("a",)]


def test_a_handler_is_told_the_instant_and_the_programme(database: Database, programme: Programme) -> None:
    def told(tx: Tx) -> tuple[datetime, Programme]:
        return tx.now, tx.programme

    assert database.run(told) == (START, programme)


def test_a_handler_that_raises_leaves_nothing(database: Database, read: Read) -> None:
    calls: list[str] = []

    def fail(tx: Tx) -> None:
        calls.append(keep(tx, "a"))
        tx.rows.flush()
        raise LookupError("nobody of that name")

    with pytest.raises(LookupError, match="nobody of that name"):
        database.run(fail)

    assert calls == ["a"]
    assert read(select(SettingRow.name)) == []


def test_a_handler_that_always_comes_too_late_raises_in_the_end(database: Database) -> None:
    tried: list[int] = []

    def too_late(tx: Tx) -> None:
        tried.append(len(tried))
        raise StaleDataError("somebody else was there first")

    with pytest.raises(StaleDataError):
        database.run(too_late)

    assert len(tried) == TRIES


def test_two_threads_counting_the_same_row_lose_nothing(database: Database, stay_id: int, read: Read) -> None:
    each = tried(100, 200)

    def work(_thread: int) -> list[int]:
        return [database.run(count_up, stay_id) for _ in range(each)]

    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(work, range(2))

    assert sorted(one + other) == list(range(1, 2 * each + 1))
    assert read(select(StayRow.class_name, StayRow.version)) == [(str(2 * each), 2 * each + 1)]


async def test_the_caller_and_the_database_thread_lose_nothing_of_each_other(database: Database, stay_id: int) -> None:
    seen: list[int] = []
    for _ in range(50):
        later = asyncio.ensure_future(database.transact(count_up, stay_id))
        await asyncio.sleep(0)
        seen += [database.run(count_up, stay_id), await later]

    assert sorted(seen) == list(range(1, 101))


async def test_decisions_run_on_the_databases_own_thread(database: Database) -> None:
    names = await asyncio.gather(*(database.transact(lambda tx: threading.current_thread().name) for _ in range(20)))

    assert {name.rsplit("_", 1)[0] for name in names} == {"database"}
    assert len(set(names)) <= (1 if database.engine.dialect.name == "sqlite" else 4)


async def test_cancelling_the_caller_does_not_stop_the_commit(database: Database, read: Read) -> None:
    goes_on = threading.Event()

    def slow(tx: Tx) -> None:
        goes_on.wait(10)
        keep(tx, "a")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await database.transact(slow)
    goes_on.set()
    database.close()

    assert read(select(SettingRow.name)) == [("a",)]


async def test_closing_waits_for_what_was_handed_over(database: Database, read: Read) -> None:
    waiting = [asyncio.ensure_future(database.transact(keep, f"{number:02}")) for number in range(20)]
    await asyncio.sleep(0)

    database.close()

    assert await asyncio.gather(*waiting) == [f"{number:02}" for number in range(20)]
    assert read(select(SettingRow.name).order_by(SettingRow.name)) == [(f"{number:02}",) for number in range(20)]
    with pytest.raises(RuntimeError, match="after shutdown"):
        await database.transact(keep, "late")


def test_a_transaction_that_waits_its_turn_reads_the_clock_after_the_wait(
    quick_database: Database, clock: SimulatedClock
) -> None:
    holds, goes_on = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        holds.set()
        goes_on.wait(10)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(quick_database.run, hold)
        holds.wait(10)
        second = threads.submit(quick_database.run, lambda tx: tx.now)
        later = START.replace(hour=12)
        clock.move_to(later)
        goes_on.set()
        first.result(10)

    assert second.result(10) == later


def test_a_row_without_its_parent_is_refused(database: Database) -> None:
    lost = ItemState(stay_id=4711, item="ehic", state="done", at=START)

    with pytest.raises(IntegrityError):
        database.run(lambda tx: tx.rows.add(lost))


def test_deleting_a_school_that_people_belong_to_is_refused(database: Database, stay_id: int) -> None:
    with pytest.raises(IntegrityError):
        database.run(lambda tx: tx.rows.delete(tx.rows.get_one(StayRow, stay_id).school))

    assert database.run(lambda tx: tx.rows.scalars(select(School.ref)).all()) == ["lycee"]


async def test_who_only_looks_waits_for_nobody_who_writes(quick_database: Database) -> None:
    quick_database.run(keep, "a")
    there = select(SettingRow.name).order_by(SettingRow.name)

    with quick_database.engine.connect() as writer, writer.begin():  # the turn is taken, and kept
        writer.execute(insert(SettingRow).values(name="b", value={}))
        before = await quick_database.read(lambda tx: list(tx.rows.scalars(there)))
    after = await quick_database.read(lambda tx: list(tx.rows.scalars(there)))

    assert (before, after) == (["a"], ["a", "b"])


async def test_a_look_that_turns_out_to_write_takes_its_turn(database: Database, read: Read) -> None:
    threads: list[str] = []

    def look(tx: Tx) -> str:
        threads.append(threading.current_thread().name.partition("_")[0])
        return keep(tx, "a")

    answer = await database.read(look)

    assert (answer, read(select(SettingRow.name))) == ("a", [("a",)])
    assert threads[-1] == "database"


def test_what_a_decision_asks_again_is_asked_again_once_it_may_have_changed(quick_database: Database) -> None:
    named = select(SettingRow.name).where(SettingRow.name.like(bindparam("like"))).order_by(SettingRow.name)

    def names(tx: Tx) -> list[str]:
        return [name for (name,) in ask_once(tx.rows, named, {"like": "a%"})]

    def act(tx: Tx) -> tuple[int, list[list[str]]]:
        asked: list[str] = []
        connection = tx.rows.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        found = [names(tx), names(tx)]
        audit(tx, "somebody", "did", "something else")
        found.append(names(tx))
        keep_setting(tx.rows, "a1", {})
        keep_setting(tx.rows, "a2", {})
        found += [names(tx), names(tx)]
        tx.rows.delete(tx.rows.get_one(SettingRow, "a1"))
        found.append(names(tx))
        tx.rows.execute(delete(SettingRow))
        found += [names(tx), names(tx)]
        return sum(statement.startswith("SELECT settings.name \n") for statement in asked), found

    asked, found = quick_database.run(act)

    assert found == [[], [], [], ["a1", "a2"], ["a1", "a2"], ["a2"], [], []]
    assert asked == 4
