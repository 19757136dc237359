"""One learner from enrolment to the report, as a plan of small steps that can be played, stopped and played on.

A step is an instant and perhaps an update that arrives then. The plan is made once, by playing it; a button is
named in it by its token, so that a step that is played again after a crash sends the very same update.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.clock import SimulatedClock
from bot.runtime.app import App
from bot.store.word_keys import MARK
from tests.journeys.driver import Journey, instant
from tests.shared_keys import KEYS

PEOPLE = ("lina", "nadia", "luc", "cathy", "helene")
START = "2027-03-01 09:00"
SCRIPT: tuple[tuple[str, ...], ...] = (
    ("press", "lina", "yes"),
    ("press", "lina", "have"),
    ("say", "nadia", "/tasks"),
    ("press", "nadia", "ehic"),
    ("until", "2027-03-06 20:05"),
    *(("press", "lina", choice) for choice in ("yes", "as_planned", "yes")),
    ("until", "2027-03-10 18:30"),
    *(("press", "lina", choice) for choice in ("so_so", "good", "interesting", "fine", "fine", "none", "no")),
    ("say", "lina", "I saw the sea"),
    ("until", "2027-03-18 18:30"),
    ("press", "luc", "take"),
    ("say", "lina", "I'm fine"),
    ("until", "2027-03-20 23:10"),
    ("say", "lina", "sos"),
    ("press", "lina", "call"),
    ("until", "2027-03-20 23:31"),
    ("press", "luc", "take"),
    ("press", "luc", "reached"),
    ("press", "luc", "close"),
    ("say", "luc", "settled"),
    ("until", "2027-03-21 18:30"),
    *(("press", "lina", choice) for choice in ("so_so", "very_bad", "interesting", "fine", "fine", "none", "no")),
    ("press", "lina", "nothing"),
    ("press", "nadia", "take"),
    ("press", "nadia", "pass"),
    ("press", "nadia", "Catherine Astruc"),
    ("press", "cathy", "take"),
    ("press", "cathy", "close"),
    ("press", "cathy", "all_well"),
    ("until", "2027-03-27 20:05"),
    ("press", "lina", "yes"),
    ("until", "2027-04-10 12:00"),
    ("press", "lina", "sent"),
    ("until", "2027-05-10 12:00"),
)


@dataclass(frozen=True)
class Step:
    """Go to an instant (aware); then an update arrives, if there is one; then everything is done that is to be done."""

    at: datetime
    native: str = ""
    raw: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps([self.at.isoformat(), self.native, self.raw])

    @staticmethod
    def from_json(line: str) -> Step:
        at, native, raw = json.loads(line)
        return Step(datetime.fromisoformat(at), native, raw)


async def play(app: App, clock: SimulatedClock, step: Step) -> None:
    """Play one step; playing it again after a crash ends where playing it once would have."""
    clock.move_to(step.at)
    if step.native:
        await app.receive("web", step.native, step.raw)
    await app.settle()


async def tell(journey: Journey) -> AsyncIterator[Step]:
    """The steps of the script, each to be played before the next is asked for."""
    for number, line in enumerate(SCRIPT):
        if line[0] != "until":
            said = {"text": line[2]} if line[0] == "say" else {"token": journey.token(line[1], line[2])}
            yield Step(journey.clock.now(), f"line-{number}", {"address": line[1], **said})
            continue
        end = instant(line[1])
        while (wake := await journey.app.next_wake()) is not None and wake < end:
            yield Step(wake)
        yield Step(end)


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the database holds, but for how often a message was taken in hand."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        return {name: _rows(connection, name) for name in sorted(names) if not name.startswith("sqlite_")}


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    columns = [column for (_n, column, *_rest) in connection.execute(f"PRAGMA table_info({table})")]
    kept = [column for column in columns if column not in {"fence", "lease_until"}]
    rows = connection.execute(f"SELECT {', '.join(kept)} FROM {table}")
    return sorted(
        (tuple(_opened(f"{table}.{each}", value) for each, value in zip(kept, row, strict=True)) for row in rows),
        key=repr,
    )


def _opened(place: str, value: Any) -> Any:
    """The words that are sealed there: sealed twice, they never lie there alike."""
    bare = value.strip('"') if isinstance(value, str) else ""
    return _words(place, bare) if bare.startswith(MARK) else value


@cache
def _words(place: str, sealed: str) -> str:
    """Nearly all that lay there before a step lies there after it."""
    return KEYS.open(place, sealed)
