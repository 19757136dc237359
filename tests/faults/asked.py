"""Plain questions to the database file, past everything that the program knows of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ENDS = ("sent", "failed", "unknown", "expired")
ALERT = 0
"""The lane of what an adult must hear of."""


def ask(database: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(sql, values).fetchall()


def text_of(instant: datetime) -> str:
    """An instant as the database keeps it."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """How much has yet to happen: now, and later because it will be tried again."""

    now: int
    later: int


def waiting(database: Path, now: datetime, notes: Collection[int]) -> Waiting:
    """What has failed before is tried again, whoever it goes to: an alert of a case, as well as one of our own `notes`."""
    unread = count(database, "SELECT count(*) FROM inbox WHERE state = 'new'")
    due = count(
        database,
        "SELECT count(*) FROM outbox WHERE state = 'sending' OR (state = 'pending' AND due_at <= ?)",
        text_of(now),
    )
    left = ask(database, "SELECT id, lane, attempts FROM outbox WHERE state IN ('pending', 'sending')")
    return Waiting(unread + due, sum(row in notes or lane == ALERT or attempts > 0 for row, lane, attempts in left))


def count(database: Path, sql: str, *values: Any) -> int:
    found: Sequence[tuple[int]] = ask(database, sql, *values)
    return found[0][0]
