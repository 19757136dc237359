"""`demo --play`: the whole class, without a browser, from the first hello to the last balance."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from bot import logs
from bot.demo.cast import Cast
from bot.demo.quiet_channel import QuietChannel
from bot.demo.report import Row, closing_table, figures, transcript
from bot.demo.temper import SILENT, STEADY
from bot.demo.world import END, World
from bot.domain.roster import Table

STORIES = (STEADY, SILENT)


@dataclass(frozen=True)
class Played:
    """One school's year: the stories of its learners that are told, and a row of figures for each stay."""

    stories: dict[str, str]
    rows: list[Row]


def play(folder: Path, table: Table, schools: list[str], seed: int, language: str) -> str:
    """Play the whole class in a folder of its own; the text tells two learners' stories and counts everything.

    The schools share nobody but the consortium's coordinator, so each plays in a process of its own, on as many
    cores as there are.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        parts = [pool.submit(play_school, folder / school, table, school, seed, language) for school in schools]
        played = [part.result() for part in parts]
    stories = {ref: story for part in played for ref, story in part.stories.items()}
    rows = sorted((row for part in played for row in part.rows), key=lambda row: row.departure)
    return "\n\n".join([*(stories[ref] for ref in STORIES), closing_table(rows, language)])


def play_school(folder: Path, table: Table, school: str, seed: int, language: str) -> Played:
    """One school's year, in this process."""
    logs.configure()
    folder.mkdir()
    return asyncio.run(_play(folder, table, school, seed, language))


async def _play(folder: Path, table: Table, school: str, seed: int, language: str) -> Played:
    channel = QuietChannel()
    world = World(folder, {"web": channel}, table, school=school, alone=True)
    try:
        await world.populate()
        await run_until(world, Cast(world.db, seed), channel, datetime.combine(END, time(12), UTC))
        mine = [row.reference for row in world.rows if row.reference in STORIES]
        stories = {ref: world.db.run(transcript, ref, language) for ref in mine}
        return Played(stories, world.db.run(figures))
    finally:
        world.close()


async def run_until(world: World, cast: Cast, channel: QuietChannel, end: datetime) -> None:
    """Let time pass from event to event, each answered by whoever would answer it."""
    count = 0
    await cast.plan_replies(channel.take(), world.clock.now())
    while True:
        instants = [each for each in (await world.app.next_wake(), cast.next_at()) if each is not None]
        if not instants or min(instants) > end:
            return
        world.clock.move_to(min(instants))
        for _native, raw in cast.due(world.clock.now()):
            count += 1
            await world.app.receive("web", f"cast-{count}", raw)
        await world.app.settle()
        await cast.plan_replies(channel.take(), world.clock.now())
