"""The database: one transaction per decision, on the database's own thread.

SQLite has one writer (WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`); PostgreSQL a small pool. A handler is a
plain function `handle(tx, …)`; it may run twice when another writer got there first, so it must not do
anything that a rollback does not undo.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts

from bot.clock import Clock
from bot.domain.programme import Programme
from bot.store.batch_loader import KNOWN
from bot.store.keys import KeyRing
from bot.store.people import CHANGED
from bot.store.query_cache import keep_between
from bot.store.sealed import using
from bot.store.tombstones import Tombstones
from bot.store.word_owners import WHOSE

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 4
REMEMBERED = 10_000
"""So many changes of addresses are kept for whoever wants to know."""
PATIENCE = 30.0
"""Seconds that SQLite waits for another program to let go of the database."""
STATEMENTS = 1000
"""So many are kept ready by SQLite's driver: more than we have. Preparing one anew costs more than running it."""
FULL, LOCKED, SILENT = "the disk is full, nothing can be stored", "locked by another program", "does not answer"
TOGETHER = text("SELECT pg_advisory_xact_lock_shared(20260)")
ALONE = text("SELECT pg_advisory_xact_lock(20260)")
"""PostgreSQL: transactions run side by side, but the last try of one that always came too late runs alone.
Measured: two threads on one row, without it 20 of 400 decisions lost all their tries."""


@dataclass(frozen=True)
class Tx:
    """One transaction: the rows, the instant it began (aware, UTC), and the programme in force.

    Without `keys` nothing can be encrypted, and what would have to be is not taken.
    """

    rows: Session
    now: datetime
    programme: Programme
    keys: KeyRing | None = None
    erased: Tombstones | None = None
    """Who was erased; None where nobody can be."""
    written: datetime | None = None
    """When what is being handled was written: a message may have waited long before it reached us."""


class Database:
    """Runs handlers, each in a transaction of its own.

    `witness` is told when a commit is about to happen and when it has: the crash tests stop there.
    `alone` says that nobody else waits for the caller's event loop: handlers then run in place, without a thread.
    `durable=False` is for databases that are thrown away. `patience` is how many seconds SQLite waits for another program.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        programme: Programme,
        *,
        keys: KeyRing | None = None,
        erased: Tombstones | None = None,
        durable: bool = True,
        alone: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        self.clock = clock
        self.alone = alone
        self.programme = programme
        self.keys, self.erased = keys, erased
        self.engine = connect(url, durable=durable, patience=patience)
        self.witness: Callable[[str], None] = lambda point: None
        self.trouble = ""
        """In a word, why nothing can be stored at this moment; empty where it can, as far as we know."""
        self.readdressed: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        """Addresses (channel and native id) whose state a commit has changed, until somebody takes them from here."""
        self._begin = _sessions(self.engine)
        self._sqlite = self.engine.dialect.name == "sqlite"
        self._threads = ThreadPoolExecutor(1 if self._sqlite else 4, thread_name_prefix="database")
        self.beside = connect(url, durable=durable, patience=patience, reads=True) if self._sqlite else self.engine
        """SQLite: a connection that only reads, and that keeps no writer waiting."""
        self._look = _sessions(self.beside)
        self._lookers = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._words = keys.words if keys is not None else None

    def run(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one handler and commit what it did; nothing is kept if it raises.

        Raises:
            OperationalError: the database is gone, full, or locked by somebody else.
        """
        try:
            return self._several(handle, *args, **kwargs)
        except OperationalError as problem:
            self.trouble = _trouble(problem)
            raise

    def _several(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return self._once(False, handle, *args, **kwargs)
            except (StaleDataError, IntegrityError, OperationalError) as problem:
                if not _passing(problem):
                    raise
        return self._once(True, handle, *args, **kwargs)

    def _once(self, alone: bool, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        with using(self._words), self._begin() as rows, rows.begin():
            self._take_turn(rows, alone)
            tx = Tx(rows, self.clock.now(), self.programme, self.keys, self.erased)
            rows.info["now"] = tx.now
            full = self._sqlite and self.trouble == FULL  # what only reads succeeds all the same
            before = _changes(rows) if full else 0
            answer = handle(tx, *args, **kwargs)
            rows.flush()
            wrote = not full or _changes(rows) != before
            self.witness("commit")
        self.witness("committed")
        self.readdressed.extend(rows.info.pop(CHANGED, ()))
        if wrote:
            self.trouble = ""
        return answer

    def _take_turn(self, rows: Session, alone: bool) -> None:
        """Begin before the clock is read: on SQLite commits then follow one another in the order of `Tx.now`."""
        connection = rows.connection()
        if self._sqlite:
            keep_between(rows)
        else:
            connection.execute(ALONE if alone else TOGETHER)

    async def transact(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """`run`, on the database's own thread. Cancelling the caller does not stop a commit half-way."""
        if self.alone:
            return self.run(handle, *args, **kwargs)
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._threads, lambda: self.run(handle, *args, **kwargs)))

    async def read(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Look something up beside whoever writes: nobody waits for it. What turns out to write takes its turn after all."""
        if self.alone or not self._sqlite:
            return await self.transact(handle, *args, **kwargs)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._lookers, lambda: self._look_up(handle, *args, **kwargs))
        except OperationalError as problem:
            if getattr(problem.orig, "sqlite_errorname", "") != "SQLITE_READONLY":
                raise
            return await self.transact(handle, *args, **kwargs)

    def _look_up(self, handle: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        with using(self._words), self._look() as rows, rows.begin():
            tx = Tx(rows, self.clock.now(), self.programme, self.keys, self.erased)
            rows.info["now"] = tx.now
            return handle(tx, *args, **kwargs)

    def put_on_disk(self) -> None:
        """What was deleted is in no log of SQLite's any more: its pages were overwritten, now the log before them goes."""
        if not self._sqlite:
            return
        raw = self.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    def close(self) -> None:
        """Wait for what is running and what waits, then let go. Call it while the event loop still runs."""
        self._threads.shutdown()
        self._lookers.shutdown()
        self.beside.dispose()
        self.engine.dispose()


def _sessions(engine: Engine) -> sessionmaker[Session]:
    made: sessionmaker[Session] = sessionmaker(engine, class_=_Rows, expire_on_commit=False)
    event.listen(made, "loaded_as_persistent", _keep)
    return made


class _Rows(Session):
    """After what changes rows without reading them, nothing holds that was asked before."""

    def execute(self, statement: Any, *given: Any, **named: Any) -> Any:
        if getattr(statement, "is_dml", False):
            for kept in (KNOWN, WHOSE):
                self.info.pop(kept, None)
        return super().execute(statement, *given, **named)


def _keep(rows: Session, found: object) -> None:
    """What a transaction has read stays with it: whoever asks for it again does not ask the database."""
    rows.info.setdefault("read", []).append(found)


def _passing(problem: Exception) -> bool:
    """Whether trying again may help: a row changed or was made under us, a deadlock, a serialization failure."""
    if isinstance(problem, StaleDataError):
        return True
    return getattr(getattr(problem, "orig", None), "sqlstate", None) in {"40001", "40P01", "23505"}


def _changes(rows: Session) -> int:
    return int(rows.connection().exec_driver_sql("SELECT total_changes()").scalar_one())


def _trouble(problem: OperationalError) -> str:
    name = getattr(problem.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return FULL
    return LOCKED if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) else SILENT


def connect(url: str, *, durable: bool = True, patience: float = PATIENCE, reads: bool = False) -> Engine:
    """An engine with the settings that PITFALLS of SQLite ask for; PostgreSQL needs none. One that only `reads` can write
    nothing on SQLite.

    Raises:
        ValueError: SQLite in memory would be another database on every thread; PostgreSQL needs its driver.
    """
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return _connect_sqlite(target, durable, patience, reads=reads)
    if target.drivername in {"postgres", "postgresql"}:
        target = target.set(drivername="postgresql+psycopg")
    try:
        return create_engine(hide_parameters=True, url=target, pool_size=5, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        raise ValueError(f"PostgreSQL needs a package that is not installed: {missing.name}") from None


def sqlite_file(url: str) -> Path | None:
    """Where SQLite keeps it; None for another kind of database."""
    target = make_url(url)
    return Path(target.database or "") if target.get_backend_name() == "sqlite" else None


def _connect_sqlite(url: URL, durable: bool, patience: float, *, reads: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file here: sqlite:///data/compagnon.db")
    Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        hide_parameters=True, url=url, connect_args={"timeout": patience, "cached_statements": STATEMENTS}
    )
    # Rows that are added together are inserted in one statement: SQLite numbers them in the order in which they are listed.
    engine.dialect.insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.ANY_AUTOINCREMENT
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={'FULL' if durable else 'OFF'}",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={patience * 1000:.0f}",
        *(("query_only=ON",) if reads else ()),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        _begin(connection, "BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _begin(connection: Connection, how: str) -> None:
    """Said to the driver: a statement that is nothing but its words costs ten times as much by way of SQLAlchemy."""
    raw: Any = connection.connection.driver_connection
    try:
        raw.execute(how)
    except sqlite3.Error as problem:
        raise OperationalError(how, None, problem) from problem
