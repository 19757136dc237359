"""What watching costs as stays grow: `python -m tests.benchmarks.scale [--stays 1000 10000 50000]`.

For each number of stays, on a durable SQLite database with the example programme: an audit of them all, and two hundred
of them that are due at one instant; meanwhile, again and again, a learner cries for help. Told are the time per stay,
the longest time one transaction held the only writer, and how long the cry took until its alert was with the channel.
The baselines are the same on the smallest number, and the same cry while nothing else happens.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, event, func, insert, select, update

from bot.clock import SystemClock
from bot.demo.world import QuietChannel
from bot.domain.channel import Outcome
from bot.domain.messages import Outgoing
from bot.domain.person import Role
from bot.domain.plan import Done, due, next_wake
from bot.domain.programme.load import load
from bot.domain.stay import Kind, Track
from bot.domain.touchpoints import occasions
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.migrate import upgrade
from bot.store.people import Address, Person, RoleHeld, School
from bot.store.stays import Mark, StayRow
from tests.conftest import ROOT
from tests.journeys.people import ADULTS, join, settle_in

DUE, CLASS, QUIET = 200, 24, 7
ZONES = ("Europe/Madrid", "Europe/Rome", "Europe/Helsinki", "Europe/Lisbon", "Europe/Athens", "Atlantic/Canary")


class ShiftedClock:
    """The machine's time, as if it were a Wednesday noon in April."""

    def __init__(self) -> None:
        self._ahead = datetime(2027, 4, 14, 12, tzinfo=UTC) - SystemClock().now()

    def now(self) -> datetime:
        return SystemClock().now() + self._ahead


class Noting(QuietChannel):
    """Notes who was sent an alert, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: list[float] = []

    async def send(self, message: Outgoing) -> Outcome:
        if message.urgent and "SOS" in message.text:
            self.alerts.append(time.perf_counter())
        return await super().send(message)


@dataclass
class Holds:
    """How long transactions held the writer, in seconds."""

    longest: float = 0.0
    began: float = 0.0

    def listen(self, db: Database) -> None:
        event.listen(db.engine, "begin", lambda _connection: setattr(self, "began", time.perf_counter()))
        for end in ("commit", "rollback"):
            event.listen(db.engine, end, lambda _connection: self._ended())

    def _ended(self) -> None:
        self.longest = max(self.longest, time.perf_counter() - self.began)


def people(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    for number in range(count):
        born = date(2008, 9, 1) + timedelta(days=chance.randrange(800))
        yield {
            "id": 1000 + number, "ref": f"l{number}", "ref_key": f"l{number}", "first_name": f"L{number}",
            "last_name": "Learner", "birth": born, "language": "en", "school_id": 2,
        }  # fmt: skip


def trips(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    chance = random.Random(2)
    for number in range(count):
        if number % CLASS == 0:
            leaves = now.date() + timedelta(days=number // CLASS * 37 % 110 - 60)
            back, zone = leaves + timedelta(days=chance.choice((28, 60, 90))), chance.choice(ZONES)
        yield {
            "id": 1000 + number, "person_id": 1000 + number, "school_id": 2, "kind": Kind.OUTGOING, "track": Track.VET,
            "country": "ES", "city": "Elsewhere", "zone": zone, "home_zone": "Europe/Paris", "departure": leaves,
            "start": leaves + timedelta(days=1), "end": back - timedelta(days=1), "back": back, "version": 1,
            "enrolled_at": now - timedelta(days=60 + number % 9), "wake_at": now + timedelta(days=400),
        }  # fmt: skip


def fill(tx: Tx, count: int) -> None:
    """So many learners who have answered everything until now."""
    settle_in(tx, ())
    join(tx, *ADULTS)
    school = tx.rows.get_one(School, 2)
    assert school.ref
    tx.rows.execute(insert(Person), [each | {"last_sign_at": tx.now} for each in people(count)])
    numbers = range(1000, 1000 + count)
    tx.rows.execute(insert(RoleHeld), [{"person_id": each, "role": Role.LEARNER} for each in numbers])
    where = {"channel": "web", "state": "confirmed", "created_at": tx.now, "used_at": tx.now}
    tx.rows.execute(insert(Address), [where | {"person_id": each, "native": f"l{each - 1000}"} for each in numbers])
    tx.rows.execute(insert(StayRow), list(trips(count, tx.now)))


def settle(tx: Tx, first: int, most: int) -> None:
    """What a stay was asked until now, and when it is next looked at."""
    rows = tx.rows.scalars(select(StayRow).where(StayRow.id >= first, StayRow.id < first + most)).all()
    for row in rows:
        facts = row.facts()
        past = [each.key for each in occasions(tx.programme, facts) if each.at <= tx.now]
        made = {"stay_id": row.id, "outcome": "asked", "at": tx.now}
        if past:
            tx.rows.execute(insert(Mark), [made | {"touchpoint": name, "occurrence": day} for name, day in past])
        row.wake_at = next_wake(tx.programme, facts, Done(dict.fromkeys(past, "asked")), tx.now)
        assert not due(tx.programme, facts, Done(dict.fromkeys(past, "asked")), tx.now).contacts


def fall_due(tx: Tx) -> None:
    """Two hundred of those abroad have to be asked how they are, at this instant."""
    abroad = select(StayRow.id).where(
        StayRow.departure < tx.now.date() - timedelta(days=8), StayRow.back > tx.now.date()
    )
    numbers = list(tx.rows.scalars(abroad.order_by(StayRow.id).limit(DUE)))
    tx.rows.execute(delete(Mark).where(Mark.stay_id.in_(numbers), Mark.touchpoint == "check_in"))
    tx.rows.execute(update(StayRow).where(StayRow.id.in_(numbers)).values(wake_at=tx.now))
    assert len(numbers) == DUE


def awaited(tx: Tx) -> int:
    return tx.rows.scalar(select(func.count()).where(StayRow.wake_at <= tx.now)) or 0


class Crying:
    """Learners who cry for help one after another, each once; how long it took until an adult was sent the alert."""

    def __init__(self, app: App, channel: Noting, last: int) -> None:
        self.app, self.channel, self.who = app, channel, iter(range(last, 0, -1))

    async def once(self) -> float:
        number, known = next(self.who), len(self.channel.alerts)
        began = time.perf_counter()
        await self.app.receive("web", f"cry-{number}", {"address": f"l{number}", "text": "SOS"})
        async with asyncio.timeout(120):
            while len(self.channel.alerts) == known:  # noqa: ASYNC110 - the channel's list is looked at
                await asyncio.sleep(0.001)
        spent = self.channel.alerts[known] - began
        await asyncio.sleep(0.3)
        return spent

    async def beside(self, work: Awaitable[object]) -> tuple[float, list[float]]:
        """How long something took, and every cry took in the meantime."""
        began, waits = time.perf_counter(), []
        task = asyncio.ensure_future(work)
        while not task.done():
            waits.append(await self.once())
        await task
        return time.perf_counter() - began, waits


@contextmanager
def place(folder: Path, count: int) -> Iterator[tuple[App, Noting]]:
    programme = load((ROOT / "programme.example.toml").read_text("utf-8"), "programme.example.toml")
    db = Database(f"sqlite:///{folder / 'scale.db'}", ShiftedClock(), programme)
    upgrade(db.engine)
    db.run(fill, count)
    for first in range(1000, 1000 + count, 1000):
        db.run(settle, first, 1000)
    with closing(sqlite3.connect(folder / "scale.db")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what filling left behind is not what is measured
    channel = Noting()
    app = App(db, {"web": channel})
    app.chores.put_away()
    yield app, channel
    db.close()


async def told(
    app: App,
    name: str,
    count: int,
    prepare: Callable[[Tx], object],
    work: Callable[[], Awaitable[object]],
    cries: Crying,
) -> list[str]:
    """One line: alone for the cost and the hold, then once more with cries beside it."""
    await app.db.transact(prepare)
    holds = Holds()
    holds.listen(app.db)
    began = time.perf_counter()
    await work()
    alone, longest = time.perf_counter() - began, holds.longest
    await app.db.transact(prepare)
    _spent, waits = await cries.beside(work())
    middle, worst = statistics.median(waits) * 1000, max(waits) * 1000
    return [
        name,
        f"{alone / count * 1000:.2f}",
        f"{longest * 1000:.0f}",
        f"{middle:.0f}",
        f"{worst:.0f}",
        str(len(waits)),
    ]


async def measure(folder: Path, count: int) -> list[list[str]]:
    with place(folder, count) as (app, channel):
        cries = Crying(app, channel, count - 1)
        going = [asyncio.ensure_future(each) for each in (app.work(), app.delivery.run())]
        quiet = [await cries.once() for _ in range(QUIET)]
        middle = statistics.median(quiet) * 1000
        lines = [["nothing", "", "", f"{middle:.0f}", f"{max(quiet) * 1000:.0f}", str(QUIET)]]
        lines.append(await told(app, "audit", count, lambda _tx: None, app.audit, cries))

        async def wake() -> None:
            app.nudge()
            while await app.db.transact(awaited):  # noqa: ASYNC110 - the rows are looked at
                await asyncio.sleep(0.02)

        lines.append(await told(app, f"{DUE} due", DUE, fall_due, wake, cries))
        for each in going:
            each.cancel()
        await asyncio.gather(*going, return_exceptions=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=int, nargs="+", default=[1000, 10_000, 50_000])
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, SQLite FULL")
    names = ("stays", "meanwhile", "ms per stay", "longest hold, ms", "SOS median, ms", "worst, ms", "cries")
    print("".join(f"{each:>18}" for each in names))
    for count in args.stays:
        with tempfile.TemporaryDirectory(prefix="compagnon-scale-") as folder:
            for line in asyncio.run(measure(Path(folder), count)):
                print("".join(f"{each:>18}" for each in (str(count), *line)), flush=True)


if __name__ == "__main__":
    main()
