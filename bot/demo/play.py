"""`demo --play`: the whole class, without a browser, from the first hello to the last balance."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path

from bot import logs
from bot.demo.answers import SILENT, STEADY
from bot.demo.cast import Cast
from bot.demo.report import Row, closing_table, figures, transcript
from bot.demo.world import QuietChannel, Script, World, example
from bot.domain.roster import Table

STORIES = (STEADY, SILENT)
LAST = date(2027, 8, 2)
"""Five weeks after the last return: report and second test are behind the last of the class."""


@dataclass(frozen=True)
class Played:
    """One school's year: the stories of its learners that are told, and a row of figures for each stay."""

    stories: dict[str, str]
    rows: list[Row]


def play(folder: Path, table: Table, seed: int, language: str) -> str:
    """Play the whole class in a folder of its own; the text tells two learners' stories and counts everything.

    No learner's year depends on that of another school's, so each school plays in a process of its own; the adults of
    all schools are in each.
    """
    schools = list(dict.fromkeys(row.school for row in example(table).rows))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        parts = [
            pool.submit(play_school, folder / str(n), table, school, seed + n, language)
            for n, school in enumerate(schools)
        ]
        played = [part.result() for part in parts]
    stories = {ref: story for part in played for ref, story in part.stories.items()}
    rows = sorted((row for part in played for row in part.rows), key=lambda row: row.departure)
    return "\n\n".join([*(stories[ref] for ref in STORIES), closing_table(rows, language)])


def play_school(folder: Path, table: Table, school: str, seed: int, language: str) -> Played:
    """One school's year, in this process."""
    logs.configure()
    folder.mkdir()
    return asyncio.run(_play(folder, example(table, school=school), seed, language))


async def _play(folder: Path, script: Script, seed: int, language: str) -> Played:
    channel = QuietChannel()
    world = World(folder, {"web": channel}, script, alone=True)
    try:
        await world.populate()
        await run_until(world, Cast(world.db, seed), channel, datetime.combine(LAST, time(12), UTC))
        mine = [row.reference for row in world.script.rows if row.reference in STORIES]
        stories = {ref: world.db.run(transcript, ref, language) for ref in mine}
        return Played(stories, world.db.run(figures))
    finally:
        world.close()


async def run_until(world: World, cast: Cast, channel: QuietChannel, end: datetime) -> None:
    """Let time pass from event to event, each answered by whoever would answer it."""
    numbers = count(1)
    while True:
        wake = await world.app.settle()
        await cast.plan_replies(channel.take(), world.clock.now())
        instants = [each for each in (wake, cast.next_at()) if each is not None]
        if not instants or min(instants) > end:
            return
        world.clock.move_to(min(instants))
        updates = [(f"cast-{next(numbers)}", raw) for _native, raw in cast.due(world.clock.now())]
        if updates:
            await world.app.receive_all("web", updates)
