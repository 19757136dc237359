"""What watching over stays costs as they grow, and how long a cry for help waits meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import event, func, select

from bench.figures import Goal, Line, Series, milliseconds, seconds
from bench.outbox import FIRST
from bench.school import ahead, fall_due, school_of
from bench.sizes import Size
from bot.demo.world import QuietChannel
from bot.domain.channel import Outcome
from bot.domain.messages import Outgoing
from bot.handlers.watch.audit import differences
from bot.handlers.watch.wake import look
from bot.runtime.app import App
from bot.runtime.tick import AUDIT_MINUTES
from bot.store.db import Database, Tx
from bot.store.stays import StayRow

MOST = 25
"""So many cries during a peak."""


class Noting(QuietChannel):
    """Notes when an alert was handed over."""

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
        await asyncio.sleep(0.2)
        return spent

    async def beside(self, work: Awaitable[object]) -> list[float]:
        """How long each cry took while something went on: `MOST` of them, or until that is over."""
        waits, task = list[float](), asyncio.ensure_future(work)
        while not task.done() and len(waits) < MOST:
            waits.append(await self.once())
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return waits


def awaited(tx: Tx) -> int:
    return tx.rows.scalar(select(func.count()).where(StayRow.wake_at <= tx.now)) or 0


async def cry(size: Size) -> list[Line]:
    """An SOS while nothing happens, and while everybody abroad is due at one instant."""
    stays, due = size.of((800, 150), (5000, 2000), (50_000, 50_000))
    with school_of(stays, all_abroad=True) as db:
        channel = Noting()
        app = App(db, {"web": channel})
        holds, cries = Holds(), Crying(app, channel, 500)
        going = [asyncio.ensure_future(each) for each in (app.work(), app.delivery.run())]
        quiet = [await cries.once() for _ in range(7)]
        due = await db.transact(fall_due, due, FIRST + 500)
        holds.listen(db)

        async def wake() -> None:
            app.nudge()
            while await db.transact(awaited):  # noqa: ASYNC110 - the rows are looked at
                await asyncio.sleep(0.02)

        busy = await cries.beside(wake())
        for each in going:
            each.cancel()
        await asyncio.gather(*going, return_exceptions=True)
    alone = Series("the same, quiet", "ms", tuple(1000 * each for each in quiet))
    return [
        Line(f"SOS told, {due:,} stays due", Series("Compagnon", "ms", tuple(1000 * each for each in busy)), alone, Goal(most=2.0)),
        Line("longest hold of the writer", Series("Compagnon", "ms", (1000 * holds.longest,)), goal=Goal(most=20.0)),
    ]  # fmt: skip


async def audit(size: Size) -> list[Line]:
    """The first audit after a start, the next ones, and one of everything at once; CPU by stay, at two sizes. How long it
    holds the writer: it looks beside it.
    """
    sizes = size.of((300, 1200), (1000, 10_000), (1000, 100_000))
    found, holds = [], Holds()
    for stays in sizes:
        with school_of(stays) as db:
            app = App(db, {"web": QuietChannel()})
            app.chores.put_all_away()  # as the tick does, every five minutes
            holds.listen(db)
            found.append([each / stays for each in await _audits(app, db)])
    names = ("the first after a start", "each five minutes", "of everything at once")
    return [
        *(
            Line(
                f"audit, {name}, by stay, at {sizes[1]:,}",
                Series("Compagnon", "ms", (found[1][at],)),
                Series(f"the same at {sizes[0]:,}", "ms", (found[0][at],)),
                None if at == 2 else Goal(most=1.2),
            )
            for at, name in enumerate(names)
        ),
        Line(f"audit, each five minutes, by stay, at {sizes[1]:,}", Series("Compagnon", "ms", (found[1][1],)), goal=Goal(most=0.1)),
        Line("longest hold of the writer by an audit", Series("Compagnon", "ms", (1000 * holds.longest,)), goal=Goal(most=20.0)),
    ]  # fmt: skip


async def _audits(app: App, db: Database) -> tuple[float, float, float]:
    """The first; the mean of a few more, five minutes apart; and all that a round of three hours spreads."""
    first, several = await _cpu(app.audit), list[float]()
    for _ in range(6):
        ahead(db, timedelta(minutes=AUDIT_MINUTES))
        several.append(await _cpu(app.audit))
    return first, sum(several) / len(several), await _cpu(partial(db.read, differences))


async def _cpu(work: Callable[[], Awaitable[object]]) -> float:
    began = time.process_time()
    await work()
    return 1000 * (time.process_time() - began)


async def idle(size: Size) -> list[Line]:
    """A look that finds nothing, and what starting takes, at two sizes."""
    sizes = size.of((1000, 50_000), (1000, 1_000_000))
    looks, starts = list[Series](), list[Series]()
    for stays in sizes:
        with school_of(stays, marked=False) as db:
            db.run(look)
            name = f"the same at {stays:,}"
            looks.append(Series(name, "ms", tuple(milliseconds(partial(db.run, look)) for _ in range(15))))
            app = App(db, {"web": QuietChannel()})
            await app.start()  # the first one of a process reads the lists of words, whatever the size
            starts.append(Series(name, "ms", tuple([1000 * await seconds(app.start) for _ in range(15)])))
    return [
        Line(f"an idle look at {sizes[1]:,} stays", looks[1], looks[0], Goal(most=1.5)),
        Line(f"a start at {sizes[1]:,} stays", starts[1], starts[0], Goal(most=1.2)),
    ]
