"""From the outbox to the channels: the only place that sends. Lanes, pace, leases, retries, the four outcomes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from bot.documents.pictures.strengths import strengths_png
from bot.documents.pictures.week import week_png
from bot.domain.channel import Channel, NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Enclosure, Outgoing
from bot.handlers.sending.claim import Claimed, Room, claim, settle_and_claim
from bot.handlers.sending.outcome import Prepared, set_aside, settle
from bot.handlers.watch.wake import There, look
from bot.store.db import Database, Tx

log = structlog.get_logger()
LONGEST_SEND, LONGEST_DRAWING = timedelta(seconds=55), timedelta(seconds=15)  # the first is shorter than a lease
PAUSE = 1.0  # seconds to wait when the database does not answer
SEVERAL = 5
"""Behind a platform's pace it is looked again when so many may go at once: a round for each would cost four times as much …"""
MOMENT = 0.2
"""… and after so many seconds at the latest. What has arrived meanwhile is written down with what goes next."""


class Delivery:
    """Sends what is due: one message in flight per recipient, alerts first, as fast as each platform lets us.

    `run` goes on for ever beside everything else: a send that hangs holds up nobody but its own recipient.
    `deliver` sends one batch and waits for it: for clocks that stand still meanwhile.
    """

    def __init__(self, db: Database, channels: Mapping[str, Channel], *, rehearsal: bool = False) -> None:
        self.db = db
        self.channels = channels
        self.rehearsal = rehearsal
        self._repeatable = frozenset(name for name, channel in channels.items() if channel.repeatable)
        self._wanted = asyncio.Event()
        self._nudged = 0
        """So often was it said that there may be something to send."""
        self._finished: list[tuple[Prepared, Outcome]] = []
        self._in_flight: Counter[str] = Counter()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        """What came of each try since the start, by channel."""
        self._resting: dict[int, float] = {}
        self._full: set[str] = set()
        """Platforms that had room for nothing at the last look: somebody may wait for the first that may go."""
        self._used_up: set[str] = set()
        """Platforms on which as much was taken in hand as there was room for."""
        self._soon = False
        """Whether it is a moment at the most until the next look."""
        self._stopping = False
        self._begun = asyncio.Event()
        self._begun.set()
        self._before: datetime | None = None
        self.patient = False
        """Whether only what cannot wait leaves: what people wrote meanwhile has yet to be read."""

    def nudge(self) -> None:
        """There may be something to send."""
        self._nudged += 1
        self._wanted.set()

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Meanwhile nothing goes that is decided from now on: what comes next may still join it in one message."""
        self._before = self.db.clock.now()
        try:
            yield
        finally:
            self._before = None
            self.nudge()

    def wait(self) -> None:
        """`run` takes nothing in hand before `begin`: what an earlier process had in hand has yet to be looked through."""
        self._begun.clear()

    def begin(self) -> None:
        self._begun.set()

    def stop(self) -> None:
        """Take nothing more in hand; `run` ends once what is on its way has arrived and is written down."""
        self._stopping = True
        self.begin()
        self.nudge()

    async def run(self) -> None:
        """Send until stopped. What was finished is written down, and what comes next taken in hand, in one commit."""
        await self._begun.wait()
        async with asyncio.TaskGroup() as sends:
            while not self._stopping:
                self._wanted.clear()
                nudged = self._nudged
                finished, self._finished = self._finished, []
                for each in await self._next(finished):
                    self._in_flight[each.channel] += 1
                    sends.create_task(self._carry(each, nudged))
                await self._wait()
        if self._finished:
            await self._settle(self._finished)

    async def deliver(self) -> tuple[int, There]:
        """Send one batch: how many messages were taken in hand, and what there is to do then."""
        claimed = await self.db.transact(claim, self._repeatable, self._room(), rehearsal=self.rehearsal)
        there = None
        if claimed.prepared:
            self._count(claimed.prepared)
            outcomes = await asyncio.gather(*(self._send(each) for each in claimed.prepared))
            there = await self._settle(list(zip(claimed.prepared, outcomes, strict=True)))
        return claimed.moved, await self.db.transact(look) if there is None else there

    async def _next(self, finished: list[tuple[Prepared, Outcome]]) -> Collection[Prepared]:
        """Settle and claim. Where one outcome cannot be settled, each is settled alone, so that it hinders no other."""
        room = self._room()
        try:
            claimed: Claimed = await self.db.transact(
                settle_and_claim, finished, self._repeatable, room, rehearsal=self.rehearsal
            )
        except OperationalError:
            log.exception("database does not answer, delivery waits")
            self._finished = finished + self._finished
            await asyncio.sleep(PAUSE)
            return []
        except Exception:
            log.exception("batch not settled, going on one by one")
            await self._settle(finished, alone=True)
            await asyncio.sleep(0 if finished else PAUSE)
            return []
        self._count(claimed.prepared)
        taken = Counter(each.channel for each in claimed.prepared)
        self._used_up = {name for name, most in room.allowed.items() if 0 < most <= taken[name]}
        if claimed.more:
            self._wanted.set()
        return claimed.prepared

    async def _carry(self, prepared: Prepared, nudged: int) -> None:
        """Send one. That it arrived can wait for a moment, unless it is an alert; or it was said that there is something to
        send since it was taken in hand (so often it had been then): that may be an alert to the same person."""
        outcome = await self._send(prepared)
        self._in_flight[prepared.channel] -= 1
        self._finished.append((prepared, outcome))
        at_once = prepared.message.urgent or not isinstance(outcome, Sent) or self._nudged != nudged
        if at_once or not self._soon:
            self._wanted.set()

    async def _send(self, prepared: Prepared) -> Outcome:
        channel = self.channels.get(prepared.channel)
        if channel is None:
            return NotSent()
        if channel.pace is not None:
            now, message = asyncio.get_running_loop().time(), prepared.message
            silence = channel.pace.waits(now, message.native, urgent=message.urgent)
            if silence:  # the platform said so after this one was taken in hand
                return NotSent(timedelta(seconds=silence))
        self.db.witness("send")
        try:
            async with asyncio.timeout(LONGEST_SEND.total_seconds()):
                outcome = await _send_drawn(channel, prepared.message)
        except Exception:
            log.exception("channel raised", outbox=prepared.row, channel=prepared.channel)
            outcome = Unknown()
        self.db.witness("sent")
        self.outcomes[prepared.channel, type(outcome).__name__.lower()] += 1
        if isinstance(outcome, Unknown) and channel.repeatable:
            return NotSent()  # the same again, word for word: whoever has it already is not shown it twice
        return outcome

    async def _settle(self, outcomes: list[tuple[Prepared, Outcome]], *, alone: bool = False) -> There | None:
        """Write down what came of a batch; what there is to do then. If that fails, of each alone, so that one hinders no
        other; then nobody has looked.
        """
        try:
            if not alone:
                return await self.db.transact(_settle_and_look, outcomes)
        except Exception:
            log.exception("batch not settled, going on one by one")
        for each in outcomes:
            await self._settle_alone(each)
        return None

    async def _settle_alone(self, outcome: tuple[Prepared, Outcome]) -> None:
        try:
            await self.db.transact(settle, [outcome])
        except Exception:
            log.exception("message not settled", outbox=outcome[0].row)
            await self.db.transact(set_aside, outcome[0])

    def _room(self) -> Room:
        """What may be taken in hand now: every platform's pace, and whose chat has to rest."""
        now = asyncio.get_running_loop().time()
        self._resting = {person: ready for person, ready in self._resting.items() if ready > now}
        allowed: dict[str, int] = {}
        silent: set[str] = set()
        self._full.clear()
        for name, channel in self.channels.items():
            if channel.elsewhere:
                allowed[name] = 0
            elif channel.pace is not None:
                free = channel.pace.slots - self._in_flight[name]
                allowed[name] = max(0, min(free, channel.pace.allowance(now)))
                if channel.pace.ready(now, urgent=True) > now:
                    silent.add(name)
                if channel.pace.allowance(now) < 1:
                    self._full.add(name)
        elsewhere = frozenset(name for name, channel in self.channels.items() if channel.elsewhere)
        return Room(
            allowed=allowed,
            silent=elsewhere | silent,
            elsewhere=elsewhere,
            resting=frozenset(self._resting),
            before=self._before,
            patient=self.patient,
        )

    def _count(self, prepared: Collection[Prepared]) -> None:
        """Use up the pace of what goes now, and let each chat rest that had enough."""
        now = asyncio.get_running_loop().time()
        for each in prepared:
            channel = self.channels.get(each.channel)
            if channel is not None and channel.pace is not None:
                channel.pace.take(each.message.native, now)
                ready = channel.pace.chat_ready(each.message.native, now)
                if ready > now:
                    self._resting[each.person] = ready

    async def _wait(self) -> None:
        """Until nudged; or until a platform or a chat may be written to again. What has arrived does not wait for long."""
        now, again = asyncio.get_running_loop().time(), self._look_again()
        self._soon = again is not None and again <= now + MOMENT
        if self._finished and not self._soon:
            return
        try:
            async with asyncio.timeout_at(again):
                await self._wanted.wait()
        except TimeoutError:
            pass

    def _look_again(self) -> float | None:
        """The instant from which it is worth looking again, though nobody says so: when the first may go where one may be
        waiting for just that; where as many went as might, when several may. None where nobody waits for any room.
        """
        now = asyncio.get_running_loop().time()
        instants = list(self._resting.values())
        for name, channel in self.channels.items():
            pace = channel.pace
            if pace is None or self._in_flight[name] >= pace.slots:
                continue  # whatever arrives there makes us look
            if name in self._full:
                instants.append(pace.ready(now))
            elif name in self._used_up:
                instants.append(max(pace.ready(now), min(pace.ready(now, SEVERAL), now + MOMENT)))
        return min(instants, default=None)

    def held(self) -> float:
        """Seconds until a platform or a chat may be written to again; 0 where nobody has to wait."""
        now = asyncio.get_running_loop().time()
        instants = [channel.pace.ready(now) for channel in self.channels.values() if channel.pace is not None]
        later = [instant for instant in (*instants, *self._resting.values()) if instant > now]
        return min(later) - now if later else 0.0


def _settle_and_look(tx: Tx, outcomes: list[tuple[Prepared, Outcome]]) -> There:
    settle(tx, outcomes)
    return look(tx)


async def _send_drawn(channel: Channel, message: Outgoing) -> Outcome:
    """With its picture, if it has one. No picture is worth a message that does not arrive: then the words go alone."""
    picture = message.picture
    if picture is None:
        return await channel.send(message)
    words = replace(message, picture=None)
    name, draw = ("picture.png", strengths_png) if "drawing" in picture.facts else ("semaine.png", week_png)
    try:
        async with asyncio.timeout(LONGEST_DRAWING.total_seconds()):
            content = await asyncio.to_thread(draw, picture.facts, picture.language)
    except Exception:
        log.exception("picture not drawn", outbox=message.id)
        return await channel.send(words)
    outcome = await channel.send(replace(words, file=Enclosure(name, "image/png", content)))
    return await channel.send(words) if outcome == Permanent("refused") else outcome
