"""The database's own driver and nothing else: due rows are claimed and marked, in batches, each in a commit that is on disk."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

BATCH = 50
TABLE = "CREATE TABLE due (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, state TEXT NOT NULL)"
INDEX = "CREATE INDEX ix_due ON due (state, at)"


def on_sqlite(count: int) -> float:
    """Seconds for so many."""
    with (
        TemporaryDirectory(prefix="compagnon-bench-") as folder,
        closing(sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)) as raw,
    ):
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE, INDEX, "BEGIN"):
            raw.execute(statement)
        raw.executemany("INSERT INTO due VALUES (?, 0, 'pending')", ((each,) for each in range(count)))
        raw.execute("COMMIT")
        began = time.perf_counter()
        claim = "UPDATE due SET state = 'sending' WHERE id IN (SELECT id FROM due WHERE state = 'pending' AND at <= 1 ORDER BY at LIMIT ?) RETURNING id"
        while taken := raw.execute(claim, (BATCH,)).fetchall():
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany("UPDATE due SET state = 'sent' WHERE id = ?", taken)
            raw.execute("COMMIT")
        return time.perf_counter() - began


def on_postgres(url: str, count: int) -> float:
    """The same there; others may be at work on the same table."""
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(TABLE)
        raw.execute(INDEX)
        raw.execute("INSERT INTO due SELECT n, 0, 'pending' FROM generate_series(1, %s) n", (count,))
        began = time.perf_counter()
        claim = "UPDATE due SET state = 'sending' WHERE id IN (SELECT id FROM due WHERE state = 'pending' AND at <= 1 ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id"
        while taken := raw.execute(claim, (BATCH,)).fetchall():
            raw.execute("UPDATE due SET state = 'sent' WHERE id = ANY(%s)", ([number for (number,) in taken],))
        return time.perf_counter() - began
