"""Wiring: the one file that knows everything. It keeps the inbox, the tick and delivery going."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from bot.clock import SimulatedClock
from bot.delivery import Delivery
from bot.domain.channel import Channel, Unreadable
from bot.handlers.dispatch import dispatch
from bot.handlers.outcome import recover
from bot.handlers.receive import quarantine, receive
from bot.handlers.wake import due_rows, look, next_wake, push_back, wake, wake_row
from bot.rehearsal import walk
from bot.scheduler import ticking
from bot.store.db import Database

log = structlog.get_logger()


class Ended(Exception):
    """A task that should go on for ever has ended; the others end with it."""


async def _ending(task: Coroutine[Any, Any, None]) -> None:
    await task
    raise Ended


class App:
    """Compagnon at work on one database. `nudge` wakes it; `settle` does all there is to do now."""

    def __init__(self, db: Database, channels: Mapping[str, Channel], *, rehearsal: bool = False) -> None:
        self.db = db
        self.channels = channels
        self.delivery = Delivery(db, channels, rehearsal=rehearsal)
        self._readers = {name: channel.read for name, channel in channels.items()}
        self._work = asyncio.Event()
        self._settling = asyncio.Lock()

    async def start(self) -> None:
        """Take up what an earlier process left. SQLite has one process, so nothing can still be on its way."""
        if self.db.engine.dialect.name == "sqlite":
            repeatable = frozenset(name for name, channel in self.channels.items() if channel.repeatable)
            await self.db.transact(recover, repeatable, everything=True)

    async def receive(self, channel: str, native: str, raw: dict[str, Any]) -> bool:
        """Keep an update; when this returns it is on disk and may be acknowledged. False when it was known."""
        fresh = await self.db.transact(receive, channel, native, raw)
        self.nudge()
        return fresh

    def nudge(self) -> None:
        """There may be something to do."""
        self._work.set()

    async def work(self) -> None:
        """Do what there is to do whenever nudged, for ever. In a rehearsal, go where the clock was told to go."""
        while True:
            await self._work.wait()
            self._work.clear()
            await self.settle()
            while isinstance(self.db.clock, SimulatedClock) and await walk(self.db, self.db.clock):
                await self.settle()

    async def run(self, *tasks: Coroutine[Any, Any, None]) -> None:
        """Work until something ends; any core task that ends, ends the process: whoever started it starts it again."""
        await self.start()
        scheduler = ticking(self)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                for task in (self.work(), *tasks):
                    group.create_task(_ending(task))
        except* Ended:
            pass
        finally:
            scheduler.shutdown(wait=False)

    async def settle(self) -> None:
        """Handle, wake and deliver until there is nothing left to do at this instant."""
        async with self._settling:
            while await self._round():
                pass

    async def _round(self) -> int:
        """Look once, and do only what there is; how much was done."""
        there = await self.db.transact(look)
        done = await self.handle_inbox(there.inbox)
        done += await self.tick() if there.wake else 0
        return done + (await self.delivery.deliver() if there.send or done else 0)

    async def handle_inbox(self, numbers: tuple[int, ...]) -> int:
        """Handle what came in, in order. What cannot be handled is set aside and blocks nobody."""
        for number in numbers:
            try:
                await self.db.transact(dispatch, number, self._readers)
            except OperationalError:
                raise  # the database is gone or full: that is not this update's fault, and it stays to be handled
            except Unreadable as problem:
                await self.db.transact(quarantine, number, str(problem))
                log.warning("update quarantined", inbox=number)
            except Exception:
                await self.db.transact(quarantine, number, "handler failed")
                log.exception("handler failed", inbox=number)
        return len(numbers)

    async def tick(self) -> int:
        """Wake what is due, in one batch; if one row fails, each alone, so that it hinders no other."""
        try:
            return await self.db.transact(wake)
        except Exception:
            log.exception("batch failed, going on row by row")
        rows = await self.db.transact(due_rows)
        for table, number in rows:
            try:
                await self.db.transact(wake_row, table, number)
            except Exception:
                await self.db.transact(push_back, table, number, timedelta(hours=1))
                log.exception("row failed, pushed back an hour", table=table, row=number)
        return len(rows)

    async def next_wake(self) -> datetime | None:
        """The next instant at which anything may have to happen."""
        return await self.db.transact(next_wake)
