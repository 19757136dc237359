"""Plans: many learners brought in, the look ahead of the morning, and how late what was planned is."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import select, update

from bench.figures import Goal, Line, Series, milliseconds
from bench.opened import opened
from bench.outbox import FIRST
from bench.school import fall_due, school_of
from bench.sizes import Size
from bench.watching import Holds
from bot.demo.world import QuietChannel
from bot.domain.channel import Outcome
from bot.domain.messages import Outgoing
from bot.domain.roster import load_team, read_roster
from bot.domain.roster.table import table_from
from bot.domain.touchpoints import occasions
from bot.handlers.people.roster import bring_in, known_schools
from bot.handlers.people.team import bring_in_team
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.keys import key_ring
from bot.store.migrate import upgrade
from bot.store.stays import StayRow
from tests.benchmarks.imports import roster_of
from tests.conftest import ROOT


async def look_ahead(size: Size) -> list[Line]:
    """Every morning's look at whether the stays that are near have the adults they need: CPU by stay, at several sizes."""
    sizes = size.of((500, 2000), (1000, 10_000), (1000, 10_000, 100_000))
    spent, holds = dict[int, float](), Holds()
    for stays in sizes:
        with school_of(stays) as db:
            app = App(db, {"web": QuietChannel()})
            holds.listen(db)
            began = time.process_time()
            await app.chores.look_ahead()
            spent[stays] = 1000 * (time.process_time() - began) / stays
    first = Series(f"the same at {sizes[0]:,}", "ms", (spent.pop(sizes[0]),))
    return [
        *(
            Line(f"look ahead, by stay, at {stays:,}", Series("Compagnon", "ms", (each,)), first, Goal(most=1.5))
            for stays, each in spent.items()
        ),
        Line("longest hold of the writer by it", Series("Compagnon", "ms", (1000 * holds.longest,)), goal=Goal(most=20.0)),
    ]  # fmt: skip


async def import_(size: Size) -> list[Line]:
    """A roster becomes stays with all their contacts to come; beside it one stored job for each contact."""
    learners, jobs = size.of((200, 100), (2000, 1000), (10_000, 1000))
    with TemporaryDirectory(prefix="compagnon-bench-") as name:
        place = Path(name)
        db = opened(f"sqlite:///{place / 'bench.db'}")
        db.keys = key_ring(place / "keys", None)
        upgrade(db.engine)
        db.run(bring_in_team, load_team((ROOT / "consortium.example.toml").read_text("utf-8")))
        content = roster_of(learners, db.clock.now().date() + timedelta(days=90))
        brought = milliseconds(partial(_bring_in, db, content)) / 1000
        contacts = db.run(_contacts)
        db.close()
        stored = _stored(jobs, f"sqlite:///{place / 'jobs.db'}")
    return [
        Line(
            f"contacts planned by an import of {learners:,}",
            Series("Compagnon", "/s", (contacts / brought,)),
            Series("stored APScheduler jobs", "/s", (jobs / stored,)),
            Goal(least=100.0),
        )
    ]


def _bring_in(db: Database, content: bytes) -> None:
    roster = read_roster(table_from("bench.csv", content), db.programme, db.run(known_schools), db.clock.now().date())
    db.run(bring_in, roster.rows)


def _contacts(tx: Tx) -> int:
    """So many are to come, for all stays; those of learners alone, without what adults are told."""
    return sum(len(occasions(tx.programme, row.facts())) for row in tx.rows.scalars(select(StayRow)))


def _stored(jobs: int, url: str) -> float:
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": SQLAlchemyJobStore(url=url)})
    scheduler.start(paused=True)
    began = time.perf_counter()
    for number in range(jobs):
        scheduler.add_job(_remind, "date", run_date=datetime(2100, 1, 1, tzinfo=UTC), args=[number])
    spent = time.perf_counter() - began
    scheduler.shutdown(wait=False)
    return spent


def _remind(number: int) -> None:
    """A stored job is a name and its arguments."""


class Stamped(QuietChannel):
    """Notes when each was reached."""

    def __init__(self) -> None:
        super().__init__()
        self.reached: dict[str, float] = {}

    async def send(self, message: Outgoing) -> Outcome:
        self.reached.setdefault(message.native, time.perf_counter())
        return await super().send(message)


async def lateness(size: Size) -> list[Line]:
    """From the instant at which a stay is due until its learner is sent the question; beside a timer of the event loop."""
    stays, due = size.of((1000, 60), (20_000, 200), (100_000, 200))
    with school_of(stays, all_abroad=True) as db:
        channel, timers = Stamped(), list[float]()
        app = App(db, {"web": channel})
        running = asyncio.ensure_future(app.run())
        assert await db.transact(fall_due, 20, FIRST + due) == 20
        app.nudge()
        async with asyncio.timeout(60):
            while len(channel.reached) < 20:  # noqa: ASYNC110 - the first time everything is compiled
                await asyncio.sleep(0.1)
        begins = time.perf_counter() + 1
        db.run(_spread, due, begins - time.perf_counter())
        app.nudge()
        loop, ahead = asyncio.get_running_loop(), begins - time.perf_counter()
        ring: Callable[[float], None] = lambda wanted: timers.append(time.perf_counter() - wanted)  # noqa: E731 - one line
        for at in range(due):
            loop.call_later(ahead + at / 20, ring, begins + at / 20)
        async with asyncio.timeout(60 + due / 20):
            while len(channel.reached) < due + 20:  # noqa: ASYNC110 - the channel's notes are looked at
                await asyncio.sleep(0.1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    late = [1000 * (channel.reached[f"l{at}"] - begins - at / 20) for at in range(due)]
    return [
        Line(f"lateness at {stays:,} stays, p50", Series("Compagnon", "ms", (statistics.median(late),))),
        Line(f"lateness at {stays:,} stays, p99", Series("Compagnon", "ms", (_p99(late),)), goal=Goal(most=50.0)),
        Line("the same of a timer, p99", Series("asyncio", "ms", (1000 * _p99(timers),))),
    ]


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _spread(tx: Tx, due: int, ahead: float) -> None:
    """They fall due one after the other, twenty a second."""
    assert fall_due(tx, due) == due
    for at in range(due):
        then = tx.now + timedelta(seconds=ahead + at / 20)
        tx.rows.execute(update(StayRow).where(StayRow.id == FIRST + at).values(wake_at=then))
