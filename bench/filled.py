"""How large a stay is in the database: years of labelled lives are played to their end, and the file is looked at."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.programme import Programme
from bot.domain.programme.load import load
from bot.store import migrate
from bot.store.db import connect
from tests.conftest import ROOT
from tests.lives.place import cast
from tests.lives.play import Play
from tests.lives.year import Class, draw

SEED = 1


@dataclass(frozen=True)
class Left:
    """What one stay leaves, from its invitation until two weeks after the return, on the average of those played."""

    stays: int
    kilobytes: float
    sent: float
    """Messages, to the learner and to everybody around them; a sign in place of a message is none."""
    received: float
    """Updates: answers, presses, words, of whoever they are."""
    woken: float
    """Times that something of it was due."""


def played(learners: int) -> Left:
    """So many lives, drawn as for `run.py lives`; each class on a database of its own."""
    programme = load((ROOT / "programme.example.toml").read_text("utf-8"), "programme.example.toml")
    each = [asyncio.run(_class(programme, lives)) for lives in draw(SEED, learners)]
    stays = sum(one.stays for one in each)

    def mean(name: str) -> float:
        return sum(one.stays * float(getattr(one, name)) for one in each) / stays

    return Left(stays, mean("kilobytes"), mean("sent"), mean("received"), mean("woken"))


async def _class(programme: Programme, lives: Class) -> Left:
    with _migrated() as folder:
        file = folder / "lives.db"
        empty = _kilobytes(file)
        play = Play(folder, programme, cast(lives), SEED)
        try:
            await play.run()
        finally:
            play.place.db.close()
        stays = len(play.learners)
        counts = {table: _rows(file, table) for table in ("outbox", "inbox", "marks")}
        sent, received, woken = (counts[name] / stays for name in ("outbox", "inbox", "marks"))
        return Left(stays, (_kilobytes(file) - empty) / stays, sent, received, woken)


@contextmanager
def _migrated() -> Iterator[Path]:
    with TemporaryDirectory(prefix="compagnon-bench-") as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder / 'lives.db'}", durable=False)
        migrate.upgrade(engine)
        engine.dispose()
        yield folder


def _kilobytes(file: Path) -> float:
    """Of what is in it, without the room that deleted rows have left."""
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("VACUUM")
        (pages,), (size,) = (raw.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    return float(pages * size / 1000)


def _rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as raw:
        (count,) = raw.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)
