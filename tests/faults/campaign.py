"""Many nights, one after the other, each in a world of its own. What a night found is kept, so that a campaign that is stopped goes on."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.checker import check
from tests.faults.night import Load, load, log, morning, play
from tests.faults.on_matrix import on_matrix
from tests.faults.on_telegram import on_telegram
from tests.faults.on_web import on_web
from tests.faults.plan import End, plan
from tests.faults.world import World

WORLDS: dict[str, Callable[[Path, int], AbstractAsyncContextManager[World]]] = {
    "telegram": on_telegram,
    "matrix": on_matrix,
    "web": on_web,
}
PIECE = 50
"""So many kills a night."""


@dataclass
class Found:
    """What a night found, or several."""

    kills: int = 0
    seconds: float = 0.0
    figures: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.kills += other.kills
        self.seconds += other.seconds
        for name in ("figures", "troubles", "ends"):
            getattr(self, name).update(getattr(other, name))
        self.wrong += other.wrong

    @staticmethod
    def from_json(text: str) -> Found:
        kept = json.loads(text)
        return Found(**kept | {name: Counter(kept[name]) for name in ("figures", "troubles", "ends")})


async def night(
    folder: Path,
    channel: str,
    *,
    kills: int,
    seed: int,
    sends: Load,
    troubles: bool = True,
    ends: tuple[End, ...] = tuple(End),
) -> Found:
    """One night and its morning."""
    begun = time.monotonic()
    async with WORLDS[channel](folder, seed) as world:
        await play(world, plan(seed, kills, channel, troubles=troubles, ends=ends), sends)
        looked = await morning(world)
        seen = await world.seen()
    ledger = world.ledger
    verdict = check(world.database, ledger, seen, looked, repeatable=world.repeatable)
    return Found(kills, time.monotonic() - begun, verdict.figures, ledger.troubles, ledger.ends, verdict.wrong)


def campaign(channel: str, *, kills: int, sends: int, seed: int, kept: Path) -> Found:
    """So many kills, in nights of fifty; nights whose findings are kept already are not played again."""
    found = Found()
    for number, begin in enumerate(range(0, kills, PIECE)):
        some, place = min(PIECE, kills - begin), kept / f"{channel}-{seed}-{number}.json"
        if not place.exists():
            log(f"{channel}: night {number + 1} of {-(-kills // PIECE)}")
            with tempfile.TemporaryDirectory(prefix="compagnon-faults-") as folder:
                here = asyncio.run(
                    night(
                        Path(folder), channel, kills=some, seed=seed * 1000 + number, sends=load(round(sends / kills))
                    )
                )
            kept.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(vars(here), indent=1), "utf-8")
        found.add(Found.from_json(place.read_text("utf-8")))
    return found
