"""A process made to be killed.

It writes pairs of rows, each pair in one transaction, and tells their name once its commit is over. At the
point `commit` or `committed` of its third transaction it kills itself; at the point `never` it goes on until
somebody else does.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from bot.clock import SimulatedClock
from bot.store.db import Database, Tx
from bot.store.records import keep_setting
from tests.example import example


def pair(tx: Tx, number: str) -> None:
    keep_setting(tx.rows, f"{number}-one", {})
    tx.rows.flush()
    keep_setting(tx.rows, f"{number}-other", {"words": "x" * 500})


def killer(fatal: str) -> Callable[[str], None]:
    passed: list[str] = []

    def witness(point: str) -> None:
        passed.append(point)
        if point == fatal and passed.count(point) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    return witness


def write(up: Connection, url: str, fatal: str) -> None:
    """The whole of the process."""
    programme = example()
    database = Database(url, SimulatedClock(datetime(2026, 3, 2, tzinfo=UTC)), programme)
    database.witness = killer(fatal)
    for number in range(1_000_000):
        name = f"{os.getpid()}-{number}"
        database.run(pair, name)
        up.send(name)
