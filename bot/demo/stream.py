"""What changes on an open page while time passes, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from bot.demo.pages import version
from bot.demo.playback import Pace
from bot.demo.protagonists import Couple
from bot.demo.stage import Stage
from bot.demo.views import read_clock, read_pieces

BEAT = 20.0
CLOCK_EVERY = 0.1
PIECES_EVERY = 0.6
"""Seconds between two looks, however fast time flies; more while the scene is being set, which has enough to do."""
SHARE = 4
"""A look is followed by so many times what it took: whoever moves the clock is kept waiting for a fifth of the time at the most."""


def scene_of(couple: Couple | None, looked: str, opened: bool) -> str:
    """Names whom a page shows, and whether the scene is set: when that changes, it is another page."""
    return version(repr((couple, looked, opened)))


async def told(stage: Stage, pace: Pace, language: str, scene: str) -> AsyncIterator[str]:
    """The clock at once, the pieces now and then, for as long as the page shows this scene."""
    yield "retry: 1000\n\n"
    clock, looked_at, took, loop = "", 0.0, 0.0, asyncio.get_running_loop()
    seen: dict[str, str] = {}
    with stage.open_page() as bell:
        while not stage.closed:
            couple = stage.couple
            if couple is None or scene_of(couple, stage.looked, pace.opened) != scene:
                yield _event("reload", "now")
                return
            shown = json.dumps(asdict(await stage.db.transact(read_clock, pace, couple, language)))
            if shown != clock:
                yield _event("clock", shown)
            clock = shown
            every = max(PIECES_EVERY if pace.opened else 2 * PIECES_EVERY, SHARE * took)
            looks = loop.time() - looked_at >= every
            if looks:
                began = loop.time()
                fresh = await _fresh(stage, couple, language, seen)
                looked_at = loop.time()
                took = looked_at - began
                if fresh:
                    yield _event("pieces", json.dumps(fresh))
            await asyncio.sleep(CLOCK_EVERY if pace.opened else 3 * CLOCK_EVERY)
            if not await bell.wait(BEAT if looks else every) and looks:
                yield _event("beat", "now")


async def _fresh(stage: Stage, couple: Couple, language: str, seen: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The pieces that differ from what was `seen`, which is brought up to date."""
    pieces = await stage.db.transact(read_pieces, stage.world.script.window, couple, language)
    fresh = {name: piece for name, piece in pieces.items() if seen.get(name) != piece[0]}
    seen.update({name: piece[0] for name, piece in fresh.items()})
    return fresh


def _event(name: str, text: str) -> str:
    return f"event: {name}\ndata: {text}\n\n"
