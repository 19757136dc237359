"""A night is played: lives that end as planned, and a morning in which everything is allowed to come to its end."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tests.faults.asked import waiting
from tests.faults.body import Body
from tests.faults.plan import ABSENCES, ERRORS, End, Life, Trouble
from tests.faults.world import World

MORNING = 60.0
"""Seconds in which nothing at all gets on, the process rests, and something is left to do: then it never will."""
log = partial(print, file=sys.stderr, flush=True)
LONGEST = 20.0
"""Seconds that a life may take in all, once it has come up."""
STILL = 1.5
"""Seconds in which nothing moves and the process rests: then a life is over, whatever was planned."""
STEP = 600
"""Seconds by which time goes on in the morning, where something waits to be tried again."""


@dataclass(frozen=True)
class Load:
    """What there is to do in each life: messages that people write, which are answered, and messages that fall due."""

    words: int
    reminders: int
    alerts: int


def load(sends: int) -> Load:
    """So many messages that leave: half of them answers, a seventh alerts."""
    words, alerts = sends // 2, max(1, sends // 7)
    return Load(words, max(1, sends - words - alerts), alerts)


async def play(world: World, lives: Sequence[Life], load: Load) -> None:
    """All lives of a night, one after the other."""
    for number, life in enumerate(lives, 1):
        log(f"{world.channel}: life {number} of {len(lives)}, {life.trouble}, {life.end}")
        world.ledger.troubles[life.trouble] += 1
        world.ledger.ends[life.end] += 1
        if life.trouble in ABSENCES:
            world.pass_time(ABSENCES[life.trouble])
        world.error = ERRORS.get(life.trouble, 0) if life.trouble is not Trouble.JUMPS else 0
        world.post(load.alerts, load.reminders)
        await _live(world, life, load.words)
        world.error = 0


async def _live(world: World, life: Life, words: int) -> None:
    """People write before it starts and while it lives; then it ends."""
    await world.before(life.trouble)
    await world.words(words // 2)
    body = world.start()
    if life.sends < 0:
        await world.words(words - words // 2)
        await asyncio.sleep(life.after)
        return await _end(world, body, life)
    await world.up()
    await world.at_work()
    before = world.heard()
    with body.wrong(life.trouble), _befallen(world, body, life.trouble):
        await world.words(words - words // 2)
        if life.cries:
            await world.cry()
        await _until(world, body, before + life.sends // (2 if life.recovers else 1))
        if not life.recovers:
            await asyncio.sleep(life.after)
            return await _end(world, body, life)
    await _until(world, body, before + life.sends)
    await asyncio.sleep(life.after)
    await _end(world, body, life)


@contextmanager
def _befallen(world: World, body: Body, trouble: Trouble) -> Iterator[None]:
    """What goes wrong beside the process: its clock jumps, its platform fails."""
    if trouble is Trouble.JUMPS:
        _set(world, body, ERRORS[trouble])
        yield
        _set(world, body, 0)
    else:
        world.befall(trouble)
        yield
        world.mend()


def _set(world: World, body: Body, error: float) -> None:
    world.error = error
    world.set_clock()
    body.look_at_clock()


async def _until(world: World, body: Body, heard: int) -> None:
    """The platform has heard of so many sends; or of none any more, as where nothing can be sent."""
    loop, last = asyncio.get_running_loop(), world.heard()
    end, latest = loop.time() + STILL, loop.time() + LONGEST
    while world.heard() < heard and loop.time() < min(end, latest):
        await asyncio.sleep(0.01)
        if world.heard() != last or body.busy:
            last, end = world.heard(), loop.time() + STILL


async def _end(world: World, body: Body, life: Life) -> None:
    match life.end:
        case End.TERM:
            await body.end(signal.SIGTERM)
        case End.STOP:
            body.signal(signal.SIGSTOP)
            await asyncio.sleep(1 + life.after)
            body.signal(signal.SIGCONT)
            await asyncio.sleep(life.after)
            await body.end(signal.SIGKILL)
        case End.KILL:
            await body.end(signal.SIGKILL)


async def morning(world: World) -> datetime:
    """It lives without any trouble until nothing is left to be tried, and is then ended politely. The instant at which it was
    looked for the last time: what falls due while it ends is left to whoever starts it again.
    """
    log(f"{world.channel}: morning")
    body = world.start()
    await world.up()
    await world.hold()
    loop, last = asyncio.get_running_loop(), (0, 0)
    end = loop.time() + MORNING
    while loop.time() < end:
        await asyncio.sleep(0.5)
        now = world.clock.now()
        left = waiting(world.database, now, {note.row for note in world.ledger.notes})
        if (world.sent(), left.now) != last or body.busy:
            last, end = (world.sent(), left.now), loop.time() + MORNING
        if left.now or world.untaken():
            continue
        if not left.later:
            break
        world.pass_time(STEP)
        _set(world, body, 0)
    else:
        world.ledger.refused.append(f"in the morning nothing moved for {MORNING:.0f} s: {last[1]} left")
    await body.end(signal.SIGTERM)
    return now
