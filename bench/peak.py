"""Sunday, 18:00: everybody abroad is due at one instant. How fast they are told, and what else has to wait meanwhile."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from sqlalchemy import func, select
from telegram.ext import Application, ContextTypes

from bench.figures import Goal, Line, Series
from bench.school import fall_due, school_of
from bench.sizes import Size
from bench.watching import Holds, awaited
from bot.clock import SystemClock
from bot.demo.world import QuietChannel
from bot.runtime.app import App
from bot.store.db import Tx
from bot.store.messages import OutboxRow

PLATFORM = 30.0
"""Messages a second that Telegram lets one bot send (core.telegram.org/bots/faq)."""
LOOK = 0.005
"""Seconds between two looks at the event loop."""


class Stall:
    """How long, at the longest, nothing else could be done in the event loop."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(LOOK)
            self.longest = max(self.longest, time.perf_counter() - began - LOOK)


def told(tx: Tx) -> int:
    """Prompts in the outbox."""
    return tx.rows.scalar(select(func.count()).select_from(OutboxRow)) or 0


async def peak(size: Size) -> list[Line]:
    """Until all of them are told, or for so many seconds."""
    due, most = size.of((1000, 12.0), (10_000, 20.0), (50_000, 120.0))
    with school_of(due, all_abroad=True) as db:
        app, holds, stall = App(db, {"web": QuietChannel()}), Holds(), Stall()
        await app.start()
        assert db.run(fall_due, 50) == 50
        while (await app.tick())[0]:
            pass  # the first time everything is compiled
        assert db.run(fall_due, due) == due
        app.chores.put_away()
        before = await db.read(told)
        holds.listen(db)
        began, worked = time.perf_counter(), time.process_time()
        going = [asyncio.ensure_future(each) for each in (app.work(), stall.watch())]
        app.nudge()
        while await db.read(awaited) and time.perf_counter() - began < most:  # noqa: ASYNC110 - the rows are looked at
            await asyncio.sleep(0.2)
        spent, worked = time.perf_counter() - began, time.process_time() - worked
        done = await db.read(told) - before
        for each in going:
            each.cancel()
        await asyncio.gather(*going, return_exceptions=True)
    name = f"put into the outbox a second, {due:,} due at one instant" + (
        f" ({done:,} of them in {spent:.0f} s)" if done < due else ""
    )
    return [
        Line(name, Series("Compagnon", "/s", (done / spent,)), Series("Telegram's limit", "/s", (PLATFORM,)), Goal(least=60.0)),
        Line("CPU of one of them, all in all", Series("Compagnon", "ms", (1000 * worked / max(1, done),))),
        Line("longest hold of the writer meanwhile", Series("Compagnon", "ms", (1000 * holds.longest,)), goal=Goal(most=20.0)),
        Line("longest stall of the event loop meanwhile", Series("Compagnon", "ms", (1000 * stall.longest,)), goal=Goal(most=50.0)),
        Line("the same, jobs of a JobQueue in memory", Series(f"{due:,} jobs", "ms", (1000 * await _jobs(due, most),))),
    ]  # fmt: skip


async def _jobs(count: int, most: float) -> float:
    """The longest stall while as many jobs of python-telegram-bot's JobQueue are due at one instant, and do nothing."""
    app, done, stall = Application.builder().token("1:not-used").build(), list[None](), Stall()
    queue = app.job_queue
    assert queue is not None

    async def remind(_context: ContextTypes.DEFAULT_TYPE) -> None:
        done.append(None)

    due = SystemClock().now() + timedelta(seconds=1 + count / 2000)
    for _ in range(count):
        queue.run_once(remind, due, job_kwargs={"misfire_grace_time": None})
    await queue.start()
    watching = asyncio.ensure_future(stall.watch())
    began = time.perf_counter()
    while len(done) < count and time.perf_counter() - began < most:  # noqa: ASYNC110 - the jobs' list is looked at
        await asyncio.sleep(0.1)
    await queue.stop(wait=False)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return stall.longest
