"""Several processes on one PostgreSQL: what one stores the others do at once, whatever becomes of the line between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select, text

from bot.channels.web import WebChannel, page_name
from bot.clock import SystemClock
from bot.domain.programme import Programme
from bot.runtime.app import App
from bot.runtime.listen_notify import OtherProcesses
from bot.store.db import Database
from bot.store.messages import InboxRow
from tests.waiting import wait_for

pytestmark = pytest.mark.parametrize("dialect", ["postgresql"])


@asynccontextmanager
async def listening(*several: OtherProcesses) -> AsyncIterator[None]:
    """Each of them listens, as long as this lasts."""
    going = [asyncio.ensure_future(each.run()) for each in several]
    try:
        yield
    finally:
        for each in going:
            each.cancel()
        await asyncio.wait(going)


def ears(database: Database) -> int:
    """How many listen in this database."""
    wanted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' OR query LIKE 'SELECT count(pg_notify%'"  # fmt: skip
    with database.engine.connect() as other:
        return other.scalar(text(wanted)) or 0


def cut_off(database: Database) -> None:
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with database.engine.connect() as other:
        other.execute(text(ends))


async def test_what_one_says_the_others_hear_and_itself_does_not(database: Database) -> None:
    heard: list[str] = []
    ours, theirs = (OtherProcesses(database.engine, lambda name=name: heard.append(name)) for name in ("us", "them"))  # type: ignore[misc]
    theirs.rung = heard.append
    async with listening(ours, theirs):
        await wait_for(lambda: sorted(heard) == ["them", "us"])  # each looks once as soon as it can hear
        for _ in range(1000):
            ours.tell()
        ours.ring("a page")
        await wait_for(lambda: heard[2:] == ["them", "a page"])
        theirs.tell()
        await wait_for(lambda: heard[4:] == ["us"])


async def test_who_was_cut_off_looks_once_and_hears_again(database: Database) -> None:
    heard: list[str] = []
    ours, theirs = (
        OtherProcesses(database.engine, lambda: None),
        OtherProcesses(database.engine, lambda: heard.append("them")),
    )
    async with listening(ours, theirs):
        await wait_for(lambda: heard == ["them"])
        await asyncio.to_thread(cut_off, database)
        await wait_for(lambda: heard == ["them", "them"])
        await wait_for(lambda: ears(database) == 2)
        ours.tell()
        await wait_for(lambda: heard == ["them"] * 3)


async def test_what_one_process_stores_another_handles_without_its_tick(
    database: Database, programme: Programme
) -> None:
    """One that only receives, and one that is told and has no clock of its own."""
    url = database.engine.url.render_as_string(hide_password=False)
    other = Database(url, SystemClock(), programme, durable=False)
    receiving, working = App(database, {"web": WebChannel()}), App(other, {"web": WebChannel()})
    going = [asyncio.ensure_future(each) for each in (receiving.other_processes.run(), working.other_processes.run(), working.work())]  # fmt: skip
    await wait_for(lambda: ears(database) == 2)
    await receiving.receive("web", "1", {"address": "somebody", "text": "hello"})
    handled = select(func.count()).where(InboxRow.state == "handled")
    await wait_for(lambda: database.run(lambda tx: tx.rows.scalar(handled)) == 1)
    for each in going:
        each.cancel()
    await asyncio.wait(going)
    other.close()


async def test_a_page_is_rung_where_it_is_open(database: Database) -> None:
    sending, showing = WebChannel(), WebChannel()
    ours, theirs = OtherProcesses(database.engine, lambda: None), OtherProcesses(database.engine, lambda: None)
    sending.beyond, theirs.rung = ours.ring, showing.ring_named
    async with listening(ours, theirs):
        await wait_for(lambda: ears(database) == 2)
        with showing.open_page("lina") as hers, showing.open_page("tom") as his:
            sending.ring("lina")
            rung = await hers.wait(60)
            assert (rung, await his.wait(0)) == (True, False)
    assert "lina" not in page_name("lina")
