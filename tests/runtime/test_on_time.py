"""On the second: what falls due is done at its instant. No tick comes in any of these tests, unless the test itself brings one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bot.clock import SimulatedClock
from bot.demo.world import QuietChannel
from bot.domain.messages import Letter
from bot.handlers.say.post import post
from bot.handlers.watch.wake import PATIENCE, There, look
from bot.runtime.app import App
from bot.runtime.wake_timer import AHEAD, WakeTimer
from bot.store.db import Database, Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Person, by_ref
from bot.store.stays import StayRow
from tests.conftest import START, Read
from tests.journeys.people import join, settle_in
from tests.waiting import wait_for

SOON = timedelta(seconds=0.2)
HOUR = timedelta(hours=1)


@dataclass
class Wound:
    """A clock that goes on as the machine's does, and that somebody may set."""

    began: float = field(default_factory=time.monotonic)
    set_by: timedelta = timedelta()

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.began) + self.set_by


@pytest.fixture
def clock() -> Wound:
    return Wound()


@pytest.fixture
async def app(database: Database) -> App:
    """Lina is there; nothing is due for her."""
    app = App(database, {"web": QuietChannel()})
    await database.transact(settle_in, ("lina",))
    await database.transact(join, "lina", "luc")
    await app.settle()
    await database.transact(lambda tx: tx.rows.execute(update(StayRow).values(wake_at=tx.now + 30 * HOUR)))
    await database.transact(lambda tx: tx.rows.execute(update(Person).values(wake_at=None)))
    await database.transact(lambda tx: tx.rows.execute(delete(OutboxRow)))
    return app


@asynccontextmanager
async def at_work(app: App) -> AsyncIterator[None]:
    """As long as this lasts, it handles, wakes and sends."""
    going = [asyncio.ensure_future(each) for each in (app.work(), app.delivery.run(), app.other_processes.run())]
    try:
        yield
    finally:
        for each in going:
            each.cancel()
        await asyncio.wait(going)


def say_in(tx: Tx, time: timedelta) -> None:
    """A message to Lina that leaves then."""
    person = by_ref(tx.rows, "lina")
    assert person is not None
    post(tx, person.id, Letter("Good morning"), Lane.ANSWER, due_at=tx.now + time)


def sent_on_time(read: Read) -> bool:
    """Whether it has left, and not before its instant."""
    return [late >= due for late, due in read(select(OutboxRow.sent_at, OutboxRow.due_at)) if late is not None] == [
        True
    ]


async def test_a_message_leaves_at_its_instant(app: App, read: Read) -> None:
    async with at_work(app):
        await app.db.transact(say_in, SOON)
        app.nudge()
        await wait_for(lambda: sent_on_time(read))


async def test_a_stay_is_woken_at_its_instant(app: App, read: Read) -> None:
    async with at_work(app):
        await app.db.transact(lambda tx: tx.rows.execute(update(StayRow).values(wake_at=tx.now + SOON)))
        app.nudge()
        await wait_for(lambda: read(select(StayRow.wake_at))[0][0] > app.db.clock.now() + HOUR)


async def test_what_comes_in_brings_the_next_instant_with_it(app: App, read: Read) -> None:
    """What is decided as it is stored is not looked through again: the instant comes with it."""
    app.inbox.at_once = True
    async with at_work(app):
        await app.db.transact(say_in, SOON)
        await app.receive("web", "1", {"address": "nobody", "text": "hello"})
        await wait_for(lambda: sent_on_time(read))


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_what_another_process_plans_is_done_at_its_instant(app: App, read: Read) -> None:
    other = App(app.db, {})
    telling = asyncio.ensure_future(other.other_processes.run())
    async with at_work(app):
        await app.db.transact(say_in, SOON)
        other.nudge()
        await wait_for(lambda: sent_on_time(read))
    telling.cancel()


async def test_a_clock_that_is_set_ahead_is_seen_by_the_tick(app: App, clock: Wound, read: Read) -> None:
    async with at_work(app):
        await app.db.transact(say_in, HOUR)
        clock.set_by = HOUR
        app.look_now()
        await wait_for(lambda: sent_on_time(read))


async def test_a_clock_that_is_set_back_makes_nobody_early(app: App, clock: Wound, read: Read) -> None:
    async with at_work(app):
        await app.db.transact(say_in, SOON)
        app.nudge()
        clock.set_by = -2 * SOON
        await wait_for(lambda: sent_on_time(read))


async def is_silent(bell: WakeTimer) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2 * SOON.total_seconds()):
            await bell.wait()


async def test_the_bell_rings_once_at_the_instant_that_was_said_last() -> None:
    clock = Wound()
    bell, now = WakeTimer(lambda: clock), clock.now()
    bell.ring_at(now + HOUR)
    bell.ring_at(now + SOON)
    await bell.wait()
    assert clock.now() >= now + SOON
    await is_silent(bell)


async def test_the_bell_does_not_ring_for_what_was_taken_back_or_is_far() -> None:
    clock = Wound()
    bell = WakeTimer(lambda: clock)
    bell.ring_at(clock.now() + SOON)
    bell.ring_at(None)
    await is_silent(bell)
    bell.ring_at(clock.now() + SOON)
    bell.ring_at(clock.now() + timedelta(seconds=2 * AHEAD))
    await is_silent(bell)


async def test_on_a_clock_that_people_move_they_ring_themselves() -> None:
    clock = SimulatedClock(START)
    bell = WakeTimer(lambda: clock)
    bell.ring_at(clock.now())
    await is_silent(bell)
    bell.ring()
    await bell.wait()


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return START


def test_a_look_knows_what_is_there_and_what_comes_next(quick_database: Database) -> None:
    """Against a plain account of the rules, for whatever may stand in the tables."""
    quick_database.clock = Still()
    for seed in range(60):
        expected, found = quick_database.run(_anything, random.Random(seed))
        assert found == expected, f"seed {seed}"


def _anything(tx: Tx, chance: random.Random) -> tuple[There, There]:
    """A few instants, around now or far from it; what is there by them, and what a look says."""
    instants = [tx.now + each for each in (-2 * PATIENCE, -SOON, timedelta(), SOON, HOUR)]
    for table in (Person, OutboxRow, InboxRow):
        tx.rows.execute(delete(table))
    wakes, due = ([chance.choice(instants) for _ in range(chance.randint(0, 2))] for _ in range(2))
    for number, wake_at in enumerate(wakes, 1):
        tx.rows.execute(
            insert(Person).values(id=number, ref=f"p{number}", first_name="P", last_name="", wake_at=wake_at)
        )
    tx.rows.execute(insert(Person).values(id=9, ref="p9", first_name="P", last_name=""))
    row = {"person_id": 9, "lane": Lane.ANSWER, "message": {}, "created_at": tx.now, "waits_for": "", "fence": 0}
    for due_at in due:
        tx.rows.execute(insert(OutboxRow).values(**row, state="pending", due_at=due_at, attempts=0))
    new = chance.choice((0, 1))
    for _ in range(new):
        made = {"channel": "web", "native": "1", "raw": {}, "received_at": tx.now, "urgent": False, "said": 0}
        tx.rows.execute(insert(InboxRow).values(**made, state="new"))
    numbers = tuple(tx.rows.scalars(select(InboxRow.id)))
    patient = tx.now - PATIENCE if new else tx.now
    expected = There(
        inbox=numbers,
        wake=any(each <= patient for each in wakes),
        send=any(each <= tx.now for each in due),
        next=min((each for each in _first(wakes) + due if each > tx.now), default=None),
    )
    return expected, look(tx)


def _first(wakes: list[datetime]) -> list[datetime]:
    """Only once what is due of a kind has been woken, the next one of that kind is looked for."""
    return [min(wakes)] if wakes else []
