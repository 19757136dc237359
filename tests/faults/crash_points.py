"""Every point at which a process can die, one after the other: `python -m tests.faults.crash_points`.

The database tells its witness before and after every commit, delivery before and after every message. The story is
played once, and what each step begins with and leaves behind is kept. Then, for a point, its step is played on a
copy until the process "dies" there: app and database are thrown away, new ones open the same file, and the step is
played again, as a channel delivers again what nobody acknowledged. It must leave behind exactly the same rows, and
on the person's screen the same messages; so the rest of the story is the same too.
"""

from __future__ import annotations

import asyncio
import pickle
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import SimulatedClock
from bot.domain.messages import Outgoing
from bot.domain.programme import Programme
from bot.store import migrate
from bot.store.db import connect
from tests.example import example
from tests.faults.story import PEOPLE, START, Step, dump, play, tell
from tests.in_memory import in_common, leave
from tests.journeys.driver import Journey
from tests.journeys.invariants import Watch
from tests.journeys.people import join, settle_in, small

Screen = list[tuple[int, str, str]]


class Death(BaseException):
    """The process ends here, whatever it was doing."""


@dataclass(frozen=True)
class Chapter:
    """A step of the story: what it begins with, through how many points it passes, what it leaves behind."""

    step: Step
    clock: datetime
    received: int
    before: bytes
    points: int
    after: dict[str, list[tuple[Any, ...]]]
    screen: Screen


def screen(sent: list[Outgoing]) -> Screen:
    """What people see: a message that is sent again is the same message, on a channel that can repeat."""
    return list(dict.fromkeys((message.id, message.native, message.text) for message in sent))


def witness_of(fatal: int, passed: list[str]) -> Callable[[str], None]:
    """Count points; die at one, and let nothing of this process live on."""

    def witness(point: str) -> None:
        passed.append(point)
        if len(passed) > fatal:
            raise Death

    return witness


async def record(path: Path, programme: Programme) -> list[Chapter]:
    """Play the story without a crash."""
    journey = Journey(path, programme, START)
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *PEOPLE)
    journey.channel.take()
    chapters: list[Chapter] = []
    async for step in tell(journey):
        before, clock, received = _copy(path), journey.clock.now(), len(journey.inbox())
        passed: list[str] = []
        journey.db.witness = passed.append
        await play(journey.app, journey.clock, step)
        journey.db.witness = lambda point: None
        chapters.append(Chapter(step, clock, received, before, len(passed), dump(path), screen(journey.channel.take())))
    journey.close()
    return chapters


async def recorded(folder: Path) -> tuple[Path, Programme, list[Chapter]]:
    """The story, played without a crash once in a run of the tests; its database is to be put back at some chapter's beginning."""
    path, programme = prepare(folder)
    kept = in_common() / "story"
    if not kept.exists():
        leave(kept, await record(path, programme))
    chapters: list[Chapter] = pickle.loads(kept.read_bytes())
    return path, programme, chapters


async def crash(path: Path, programme: Programme, chapter: Chapter, *fatal: int) -> None:
    """Die at a point of a chapter (and at a second one, while recovering); then it must end as if nothing had been."""
    restore(path, chapter.before)
    journey = Journey(path, programme)
    journey.clock.setting = SimulatedClock(chapter.clock).setting
    for point in fatal:
        await _die(journey, chapter, point)
    await journey.app.start()
    await play(journey.app, journey.clock, chapter.step)
    seen = screen(journey.channel.take())
    journey.close()
    assert dump(path) == chapter.after, f"other rows after a crash at point {fatal} of {chapter.step}"
    assert seen == chapter.screen, f"other messages after a crash at point {fatal} of {chapter.step}"


async def _die(journey: Journey, chapter: Chapter, point: int) -> None:
    journey.db.witness = witness_of(point, [])
    try:
        await journey.app.start()
        await play(journey.app, journey.clock, chapter.step)
    except Death:
        pass
    journey.db.close()
    journey.open()
    Watch(journey.db, chapter.received).lasting(journey.db.engine)


def _copy(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        return connection.serialize()


def restore(path: Path, copied: bytes) -> None:
    """Put a database back as it was."""
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(copied)


def prepare(folder: Path) -> tuple[Path, Programme]:
    """An empty database and the small programme."""
    path = folder / "story.db"
    engine = connect(f"sqlite:///{path}", durable=False)
    migrate.upgrade(engine)
    engine.dispose()
    return path, small(example())


async def every_point(folder: Path) -> None:
    """All points of the whole story, each of them alone; and every seventh once more, dying again in the recovery."""
    path, programme = prepare(folder)
    chapters = await record(path, programme)
    total, begun = sum(chapter.points for chapter in chapters), time.monotonic()
    print(f"{len(chapters)} steps, {total} points", flush=True)
    tried = 0
    for number, chapter in enumerate(chapters):
        for point in range(chapter.points):
            await crash(path, programme, chapter, point)
            if tried % 7 == 0:
                await crash(path, programme, chapter, point, tried % 11)
            tried += 1
        print(f"step {number + 1}: {tried} points, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"all {tried} points passed")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="compagnon-crash-") as chosen:
        asyncio.run(every_point(Path(sys.argv[1] if len(sys.argv) > 1 else chosen)))
