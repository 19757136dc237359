"""A school year drawn by chance from the kinds of life, and played in classes, each in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from bot.domain.programme import Family, Programme
from bot.store import migrate
from bot.store.db import connect
from tests.example import example
from tests.lives.figures import Figures, measure
from tests.lives.kinds import KINDS, WELL
from tests.lives.life import Life
from tests.lives.place import cast
from tests.lives.play import Play

CLASS = 24
"""Learners of one school in a year."""
WAVES = (-20, -12, -3, 0, 5, 9)
"""Weeks from the first week of March to the departures of a school year."""
ORDINARY = 0.6
"""So many of a hundred are simply well."""
Class = tuple[tuple[Life, int], ...]


def draw(seed: int, learners: int) -> list[Class]:
    """Classes of a year, together so many learners. What happens to a whole place has a class of its own."""
    chance = random.Random(seed)
    classes: list[Class] = []
    left = learners
    while left > 0:
        size = min(CLASS, left)
        lives: list[tuple[Life, int]] = []
        waves = chance.sample(WAVES, 2)
        while sum(life.together for life, _weeks in lives) < size:
            life = WELL if chance.random() < ORDINARY else chance.choice(KINDS)
            if life.of_the_place and not lives:
                lives += [(life, waves[0]), *((WELL, waves[0]) for _ in range(5))]
                break
            if not life.of_the_place:
                lives.append((life, chance.choice(waves)))
        classes.append(tuple(lives))
        left -= sum(life.together for life, _weeks in lives)
    return classes


def play_class(lives: Class, seed: int) -> Figures:
    """The year of one class, on a database of its own."""
    programme = example()
    programme = programme.model_copy(update={"family": Family(pings=("left", "arrived", "checked_in", "back"))})
    folder = Path(tempfile.mkdtemp(prefix="compagnon-lives-"))
    try:
        engine = connect(f"sqlite:///{folder / 'lives.db'}", durable=False)
        migrate.upgrade(engine)
        engine.dispose()
        return asyncio.run(_play(folder, programme, lives, seed))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _play(folder: Path, programme: Programme, lives: Class, seed: int) -> Figures:
    play = Play(folder, programme, cast(lives), seed)
    try:
        await play.run()
        return measure(play)
    finally:
        play.place.db.close()


def play_years(years: Mapping[int, Sequence[Class]], played: Callable[[int, int], None]) -> dict[int, Figures]:
    """All classes of all years (the key of each is its seed), on as many cores as there are. `played` is told after each
    class how many of how many are over.
    """
    found = {seed: Figures() for seed in years}
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        going = {
            pool.submit(play_class, lives, seed + place): seed
            for seed, classes in years.items()
            for place, lives in enumerate(classes)
        }
        for number, over in enumerate(as_completed(going), 1):
            found[going[over]].add(over.result())
            played(number, len(going))
    return found
