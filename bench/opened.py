"""A database as we run it, on a Wednesday noon in April. Imports nothing of the tests: what it takes in memory is ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.programme.load import load
from bot.store.db import Database, sqlite_file
from bot.store.keys import key_ring

NAME = "programme.example.toml"


class ShiftedClock:
    """The machine's time, as if it were a Wednesday noon in April; or so much `ahead` as another process is."""

    def __init__(self, ahead: timedelta | None = None) -> None:
        self.ahead = datetime(2027, 4, 14, 12, tzinfo=UTC) - SystemClock().now() if ahead is None else ahead

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


def opened(url: str, ahead: timedelta | None = None) -> Database:
    """With the programme that comes with Compagnon; SQLite with keys beside it, so that words are sealed as where we run it."""
    programme = load((Path(__file__).parent.parent / NAME).read_text("utf-8"), NAME)
    file = sqlite_file(url)
    keys = key_ring(file.with_name("keys")) if file is not None else None
    return Database(url, ShiftedClock(ahead), programme, keys=keys)


def ahead_of(db: Database) -> timedelta:
    """For another process, whose clock has to be the same."""
    assert isinstance(db.clock, ShiftedClock)
    return db.clock.ahead
