"""Wiring: the one file that knows everything. It keeps the inbox, the tick and delivery going."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot.clock import SimulatedClock
from bot.domain.channel import Channel
from bot.domain.cries.detector import kinds_in
from bot.handlers.inbox.receive import Update
from bot.handlers.sending.outcome import recover
from bot.handlers.watch.wake import ACTS, ROUND, URGENT, There, look, next_wake
from bot.runtime.alarms import Alarms
from bot.runtime.best_effort import BestEffortReplies, Cards
from bot.runtime.catching_up import CatchingUp
from bot.runtime.chores import Chores
from bot.runtime.collection import Collection as Files
from bot.runtime.delivery import Delivery
from bot.runtime.inbox import Inbox
from bot.runtime.listen_notify import OtherProcesses
from bot.runtime.programme import ProgrammeFile
from bot.runtime.rehearsal import walk
from bot.runtime.tasks import beside, steadily, until_one_ends
from bot.runtime.tick import Clockwork, ticking
from bot.runtime.wake_timer import WakeTimer
from bot.runtime.waking import Waking
from bot.runtime.watch import Watch
from bot.store.db import Database
from bot.store.send_queue import look_again

log = structlog.get_logger()
BREATH = 0.001
"""Seconds between two slices of what is due: whoever wrote or is to be told meanwhile asks for the database first."""


class App:
    """Compagnon at work on one database. `nudge` wakes it; `settle` does all there is to do now."""

    def __init__(self, db: Database, channels: Mapping[str, Channel], *, rehearsal: bool = False) -> None:
        self.db = db
        self.channels = channels
        self.delivery = Delivery(db, channels, rehearsal=rehearsal)
        self.courtesies, self.cards = BestEffortReplies(channels), Cards(db, channels)
        self.inbox = Inbox(db, channels, self.courtesies, self.delivery.nudge)
        self.alarms = Alarms(db, self.nudge)
        self.watch = Watch(db, self.alarms, channels.keys() - {"web"}, self.nudge)
        self.chores = Chores(db, self.nudge, channels)
        self.files = Files(db, channels)
        self.catching_up = CatchingUp()
        self.waking = Waking(db)
        self.other_processes = OtherProcesses(db.engine, self.look_now)
        self.programme: ProgrammeFile | None = None
        """The files to follow; nothing where the programme comes from elsewhere."""
        self._behind = False
        self._wake_timer = WakeTimer(lambda: db.clock)
        self._files_wanted = asyncio.Event()
        self._settling = asyncio.Lock()

    async def start(self) -> None:
        """Take up what an earlier process left. SQLite has one process, so nothing can still be on its way."""
        kinds_in("SОS")  # reads the lists of words: the first cry must not wait for them
        if self.db.engine.dialect.name == "sqlite":
            repeatable = frozenset(name for name, channel in self.channels.items() if channel.repeatable)
            await self.db.transact(recover, repeatable, everything=True)
        await self.db.transact(lambda tx: look_again(tx.rows))

    async def receive(self, channel: str, native: str, raw: dict[str, Any]) -> bool:
        """Keep an update; when this returns it is on disk and may be acknowledged. False when it was known."""
        return await self.receive_all(channel, [(native, raw)]) == 1

    async def receive_all(self, channel: str, updates: Collection[Update]) -> int:
        """Keep a batch of updates in one commit; returns how many were new."""
        done = await self.inbox.receive(channel, updates)
        if isinstance(done, int):
            self.nudge()
            return done
        if done.there.inbox or done.there.wake or self.db.readdressed:
            self._wake_timer.ring()
        else:
            self._wake_timer.ring_at(done.there.next)
        if done.there.fetch:
            self._files_wanted.set()
        if done.there.send:
            self.delivery.nudge()
        self.other_processes.tell()
        return done.fresh

    def heard_out(self, channel: str) -> None:
        """All that waited on a platform has been stored."""
        self.catching_up.heard(channel)
        self.nudge()

    def nudge(self) -> None:
        """There may be something to do, for us or for another process."""
        self.look_now()
        self.other_processes.tell()

    def look_now(self) -> None:
        """There may be something to do for us."""
        self._wake_timer.ring()
        self.delivery.nudge()

    async def work(self) -> None:
        """Handle what comes in and wake what is due, whenever nudged and at the instant itself, for ever. Sending goes on
        beside it.
        """
        while True:
            await self._wake_timer.wait()
            while await self._think():
                pass

    async def collect(self) -> None:
        """Fetch the files that people sent, whenever a look finds some, for ever: a slow one hinders nobody."""
        while True:
            await self._files_wanted.wait()
            self._files_wanted.clear()
            while await self.files.collect():
                self.nudge()

    async def rehearse(self) -> None:
        """Work on a clock that stands still: everything is sent before it moves to where it was told to go."""
        while True:
            await self._wake_timer.wait()
            await self.settle()
            while isinstance(self.db.clock, SimulatedClock) and await walk(self.db, self.db.clock):
                await self.settle()
                await asyncio.sleep(self.delivery.held())  # on a clock that stands still a platform's pace goes on

    async def run(self, *tasks: Coroutine[Any, Any, None]) -> None:
        """Work until something ends; any core task that ends, ends the process: whoever started it starts it again.

        Platforms are listened to from the first instant on: the database may be locked, and just then somebody cries.
        """
        self.catching_up.begin()
        self._behind = self.delivery.patient = not self.catching_up.over(())
        scheduler = ticking(self, self.chores)
        try:
            if isinstance(self.db.clock, SimulatedClock):
                await until_one_ends(self._open(self.rehearse, scheduler), steadily(self.cards.run), *tasks)
            else:
                kept = (
                    steadily(each) for each in (self.alarms.run, self.collect, self.cards.run, self.other_processes.run)
                )
                own = (self._open(partial(steadily, self.work), scheduler), self.courtesies.run(), *kept)
                self.delivery.wait()
                await beside(self.delivery, *own, *tasks)
        finally:
            if scheduler.running:
                scheduler.shutdown(wait=False)

    async def _open(self, work: Callable[[], Coroutine[Any, Any, None]], scheduler: Clockwork) -> None:
        """Take up what was left; only then may anything be sent, handled or judged."""
        await steadily(self.start)
        await self.chores.beat(reading=self._behind)
        await self.chores.tidy()
        self.delivery.begin()
        self._decide_at_once()
        scheduler.start()
        await work()

    def _decide_at_once(self) -> None:
        """What comes in is decided as it is stored, once what an earlier process left and what waited is looked through."""
        self.inbox.at_once = not self._behind and not isinstance(self.db.clock, SimulatedClock)

    async def settle(self) -> datetime | None:
        """Handle, wake and deliver until there is nothing left to do at this instant. The next at which anything may have to
        happen, which is this one where something could not be done.
        """
        async with self._settling:
            going, there = await self._round(None)
            while going:
                going, there = await self._round(there)
            await self.courtesies.say()
        return self.db.clock.now() if there.wake or there.send or there.fetch else there.next

    async def _round(self, there: There | None) -> tuple[bool, There]:
        """Do only what there is, as the round before has seen it. Whether there may be more to do, and what there is then."""
        done, there = await self._look(there)
        moved = 0
        if there.send:
            moved, there = await self.delivery.deliver()
        if there.fetch:
            moved += await self.files.collect()
            there = await self.db.transact(look)
        return moved > 0 or (done > 0 and (bool(there.inbox) or there.wake)), there

    async def _think(self) -> int:
        done, there = await self._look()
        if there.send or done:
            self.delivery.nudge()
        if done:
            self.other_processes.tell()
        return done

    async def _look(self, there: There | None = None) -> tuple[int, There]:
        """Handle and wake what there is, if it was looked at `there` already: how much was done, and what there is to do then."""
        done = 0
        if there is None or there.inbox:
            done, there = await self.inbox.decide()
        await self.cards.follow()
        if self._behind and not there.inbox and self.catching_up.over(self.alarms.troubles.keys()):
            await self._come_back()
            there = await self.db.transact(look)
        if there.wake:
            woken, there = await self._wake(there)
            done += woken
        self._wake_timer.ring_at(there.next)
        if there.fetch:
            self._files_wanted.set()
        return done, there

    async def _wake(self, there: There) -> tuple[int, There]:
        """One slice after another, until nothing is due or somebody writes; only then is it sent, so that what befalls a
        whole class at once is told in one message. How many were woken, and what there is to do then.
        """
        done = 0
        with self.delivery.held_back():
            while done < ROUND and there.wake and not (done and there.inbox):
                if done:
                    await asyncio.sleep(BREATH)
                woken, there = await self.tick()
                if not woken:
                    break
                done += woken
        return done, there

    async def _come_back(self) -> None:
        """All that waited has been read: now silence may be judged, and people told of our absence."""
        await self.chores.come_back()
        self._behind = self.delivery.patient = False
        self._decide_at_once()
        self.nudge()

    async def tick(self) -> tuple[int, There]:
        """Wake a slice of what is due: how many it was, and what there is to do then."""
        return await self.waking.slice(URGENT if self._behind else tuple(ACTS))

    async def next_wake(self) -> datetime | None:
        """The next instant at which anything may have to happen."""
        return await self.db.transact(next_wake)

    async def follow_programme(self) -> None:
        """Take up what the programme's files say now, without a restart."""
        try:
            if self.programme is not None and await self.programme.follow():
                self.nudge()
        except Exception:
            log.exception("programme not followed")

    async def audit(self) -> None:
        """See whether everything took place. A clock that stands still is not looked at while it is being moved."""
        async with self._settling:
            await self.watch.look()
