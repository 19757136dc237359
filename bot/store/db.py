"""The database: one transaction per decision, on the database's own thread.

SQLite has one writer (WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`); PostgreSQL a small pool. A handler is a
plain function `handle(tx, …)`; it may run twice when another writer got there first, so it must not do
anything that a rollback does not undo.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.clock import Clock
from bot.domain.programme import Programme

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 5


@dataclass(frozen=True)
class Tx:
    """One transaction: the rows, the instant it began (aware, UTC), and the programme in force."""

    rows: Session
    now: datetime
    programme: Programme


Handle = Callable[Concatenate[Tx, P], R]


class Database:
    """Runs handlers, each in a transaction of its own.

    `witness` is told when a commit is about to happen and when it has: the crash tests stop there.
    """

    def __init__(self, url: str, clock: Clock, programme: Programme, *, durable: bool = True) -> None:
        self.clock = clock
        self.programme = programme
        self.engine = connect(url, durable=durable)
        self.witness: Callable[[str], None] = lambda point: None
        self._begin = sessionmaker(self.engine, expire_on_commit=False)
        threads = 1 if self.engine.dialect.name == "sqlite" else 4
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    def run(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one handler and commit what it did; nothing is kept if it raises.

        Raises:
            StaleDataError, OperationalError: other writers got there first `TRIES` times running.
        """
        for left in reversed(range(TRIES)):
            try:
                return self._once(handle, *args, **kwargs)
            except (StaleDataError, OperationalError) as problem:
                if not left or not _passing(problem):
                    raise
        raise AssertionError("unreachable")

    def _once(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._begin() as rows, rows.begin():
            answer = handle(Tx(rows, self.clock.now(), self.programme), *args, **kwargs)
            rows.flush()
            self.witness("commit")
        self.witness("committed")
        return answer

    async def transact(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """`run`, on the database's own thread. Cancelling the caller does not stop a commit half-way."""
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._threads, lambda: self.run(handle, *args, **kwargs)))

    def close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()


def _passing(problem: Exception) -> bool:
    """Whether trying again may help: a row changed under us, a deadlock, a serialization failure."""
    if isinstance(problem, StaleDataError):
        return True
    return getattr(getattr(problem, "orig", None), "sqlstate", None) in {"40001", "40P01"}


def connect(url: str, *, durable: bool = True) -> Engine:
    """An engine with the settings that PITFALLS of SQLite ask for; PostgreSQL needs none."""
    if not url.startswith("sqlite"):
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=5, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30})
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={'FULL' if durable else 'OFF'}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=30000",
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
