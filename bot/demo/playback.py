"""How the time of the demo passes: from event to event, so that nothing is skipped, and in one place only."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from bot.demo.stage import Part, Stage, Voice
from bot.domain.quiet_hours import wall_instant
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.stays import StayRow
from bot.web.common.class_picture import Window

OPENING = datetime(2027, 3, 1, 6, 30, tzinfo=UTC)
"""The Monday before the first group leaves: ten weeks of the autumn's plans are behind the class, others are abroad."""
TICK = 0.2
"""Real seconds between two looks while time plays."""
DAY = 4.0
"""Real seconds of a day while time plays."""
MORNING = time(8)
LONGEST_WAIT = 120.0
"""Seconds that a page without a script waits for the clock."""
FAR = timedelta(days=45)
"""The next message is looked for so far ahead."""


class Leap(StrEnum):
    """The buttons of the clock."""

    PLAY = "play"
    PAUSE = "pause"
    DAY = "day"
    WEEK = "week"
    NEXT = "next"
    DEPARTURE = "departure"
    RETURN = "return"


SPANS: Mapping[Leap, timedelta] = {Leap.DAY: timedelta(days=1), Leap.WEEK: timedelta(weeks=1)}


class Pace:
    """Moves the clock of a stage. Everything that happens, happens within `run`: there is never a second hand on it."""

    def __init__(self, stage: Stage, opening: datetime = OPENING) -> None:
        self.stage = stage
        self.opening = opening
        self.playing = False
        self.opened = False
        self.goal: datetime | None = None
        self.asked = False
        """Time stands because the visitor is asked something."""
        self.last = datetime.combine(stage.world.script.end, time(12), UTC)
        self.wanted = ""
        """The language to open in. It may still change until the first visitor has come."""
        self._until_message = False
        self._due: datetime | None = None
        """What falls due next, as long as the stage is not touched."""
        self._answers = 0
        """So many the cast has given."""

    @property
    def window(self) -> Window:
        """What the picture of the class shows."""
        return self.stage.world.script.window

    @property
    def now(self) -> datetime:
        return self.stage.world.clock.now()

    async def leap(self, where: Leap) -> None:
        """A button of the clock was pressed. While the scene is being set, it ends that here and now."""
        self.opening = self.opening if self.opened else self.now
        self.playing, self.goal, self._until_message, self.asked = where is Leap.PLAY, None, False, False
        if where in SPANS:
            self.goal = self.now + SPANS[where]
        elif where is Leap.NEXT:
            self.goal, self._until_message = min(self.now + FAR, self.last), True
        elif where in {Leap.DEPARTURE, Leap.RETURN}:
            self.goal = await self._day_of(where)
        self.stage.nudge()
        self.stage.ring()

    async def arrive(self) -> None:
        """Wait until the clock stands again, or has flown for long enough."""
        with contextlib.suppress(TimeoutError), self.stage.open_page() as bell:
            async with asyncio.timeout(LONGEST_WAIT):
                while (self.goal is not None or not self.opened) and not self.stage.closed:
                    await bell.wait(1)

    async def open_in(self, language: str) -> None:
        """Begin in a language, or anew if it was begun in another; answers once there is something to show."""
        self.wanted = language
        if self.stage.language != language:
            self.stage.begun.clear()
        self.stage.nudge()
        await self.stage.begun.wait()

    async def run(self) -> None:
        """Let time pass, for as long as the demo lasts."""
        while not self.stage.closed:
            if not self.wanted:
                await self.stage.nudged(3600)
            elif not self.opened:
                await self._open()
            elif self.goal is not None:
                await self._go(self.goal)
            elif self.playing:
                await self._play()
            else:
                await self.stage.nudged(3600)
                self.asked = await self._settle() and self.asked
                self.stage.ring()

    async def _open(self) -> None:
        """Set the scene: everybody answers by themselves until the moment at which the visitor takes over."""
        while not self.stage.closed:
            if not self.stage.begun.is_set():
                await self.stage.begin(self.wanted)
            if self.now >= self.opening:
                break
            self.stage.begun.set()
            if self.stage.pressed:
                self.opening = self.now
            await self._step(self.opening)
            self.stage.ring()
        self.opened = True
        for part in [part for part in Part if self.stage.voices[part] is Voice.CAST]:
            await self.stage.give(part, Voice.VISITOR)
        self.stage.begun.set()
        self.stage.ring()

    async def _go(self, goal: datetime) -> None:
        """As fast as can be to an instant; or, if that is what is waited for, to the next message about the learner."""
        told = await self._told()
        while self.goal is goal and self.now < goal and not self.stage.closed:
            await self._step(goal)
            self.stage.ring()
            if self._until_message and await self._told() != told:
                break
        if self.goal is goal:
            self.goal = None
        self.stage.ring()

    async def _play(self) -> None:
        """Six hours a second, and a stop where the visitor is asked something."""
        goal = min(self.now + timedelta(days=TICK / DAY), self.last)
        while self.playing and self.now < goal:
            if await self._step(goal):
                self.playing, self.asked = False, True
        self.playing = self.playing and self.now < self.last
        self.stage.ring()
        await asyncio.sleep(TICK)

    async def _step(self, limit: datetime) -> bool:
        """On to the next event, at most to `limit`. Whether the visitor is asked something."""
        app, cast = self.stage.world.app, self.stage.cast
        due = await app.next_wake() if self.stage.touched else self._due
        instants = [each for each in (due, cast.next_at()) if each is not None]
        self.stage.world.clock.move_to(min([limit, *instants]))
        answers = enumerate(cast.due(self.now), self._answers + 1)
        if updates := [(f"cast {number}", raw) for number, (_address, raw) in answers]:
            self._answers += len(updates)
            await app.receive_all("web", updates)
        return await self._settle()

    async def _settle(self) -> bool:
        self.stage.touched = False
        self._due = await self.stage.world.app.settle()
        asked = await self.stage.reply(self.stage.channel.take())
        self.stage.ring()
        return asked

    async def _told(self) -> int:
        """Changes whenever a message about the learner has been sent."""
        couple = self.stage.couple
        return await self.stage.db.transact(_sent, couple.stay) if couple else 0

    async def _day_of(self, where: Leap) -> datetime | None:
        """The morning of the departure or of the return; None when it is past."""
        couple = self.stage.couple
        morning = await self.stage.db.transact(_morning, couple.stay, where) if couple else None
        return morning if morning and morning > self.now else None


def _sent(tx: Tx, stay: int) -> int:
    return tx.rows.scalar(select(func.count()).where(OutboxRow.stay_id == stay, OutboxRow.sent_at.is_not(None))) or 0


def _morning(tx: Tx, stay: int, where: Leap) -> datetime:
    row = tx.rows.get_one(StayRow, stay)
    day: date = row.departure if where is Leap.DEPARTURE else row.back
    return wall_instant(row.facts().zone_on(day), day, MORNING)
