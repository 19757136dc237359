"""`demo --play`: the whole class, without a browser, from the first hello to the last balance."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from bot.demo.cast import Cast
from bot.demo.quiet_channel import QuietChannel
from bot.demo.report import closing_table, transcript
from bot.demo.temper import SILENT, STEADY
from bot.demo.world import END, World
from bot.domain.roster import Table


async def play(folder: Path, table: Table, seed: int, language: str) -> str:
    """Play the whole class in a folder of its own; the text tells two learners' stories and counts everything."""
    channel = QuietChannel()
    world = World(folder, {"web": channel}, table)
    try:
        await world.populate()
        cast = Cast(world.db, seed)
        await run_until(world, cast, channel, datetime.combine(END, time(12), UTC))
        stories = [world.db.run(transcript, ref, language) for ref in (STEADY, SILENT)]
        return "\n\n".join([*stories, world.db.run(closing_table, language)])
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
