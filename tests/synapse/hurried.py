"""What Synapse is spared in tests, where one process has one database for itself and nobody looks at how it fares.

Run by .venv-synapse's Python, before a homeserver begins; what is said to it and what it answers stays the same. What can
be said in its configuration is said there.
"""

from __future__ import annotations

import importlib
import inspect
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, nullcontext
from functools import cache
from typing import Any


def nothing(*_: Any, **__: Any) -> None:
    """Takes whatever it is given."""


def hurry() -> None:
    """All of it. Figures first: other modules take what counts them with them when they are imported."""
    count_nothing()
    change_no_threads()
    wait_for_no_disk()
    transact_at_once()
    lock_by_heart()
    let_nothing_be_delayed()
    ask_nothing_twice()


def ask_nothing_twice() -> None:
    """How a function is called, for each list of what is cached; and whether the schema of a room's powers is one."""
    inspect.getfullargspec = cache(inspect.getfullargspec)
    importlib.import_module("synapse.events.validator").POWER_LEVELS_VALIDATOR.check_schema = nothing


def count_nothing() -> None:
    """Nobody looks at its figures, nor at the names of what it does, nor at what it says of the way there: a quarter of its
    time went into them.
    """
    logging.Logger.debug = nothing  # type: ignore[method-assign]
    figures = importlib.import_module("prometheus_client.metrics")
    for kind in (figures.Counter, figures.Gauge, figures.Histogram, figures.Summary):
        for deed in {"inc", "dec", "set", "set_function", "observe"} & vars(kind).keys():
            setattr(kind, deed, nothing)
    figures.MetricWrapperBase.labels = lambda figure, *_, **__: figure
    measured = vars(importlib.import_module("synapse.util.metrics"))
    measured["measure_func"] = lambda _name=None: lambda act: act
    measured["Measure"] = lambda *_, **__: nullcontext()
    for name in ("synapse.util.clock", "synapse.logging.context"):
        vars(importlib.import_module(name))["random_string_insecure_fast"] = str


def change_no_threads() -> None:
    """What takes less than a millisecond costs more to hand over to another thread than to do."""

    def at_once(self: Any, act: Any, *args: Any, **named: Any) -> Any:
        return maybe_deferred(self._runWithConnection, act, *args, **named)

    async def encoded(_reactor: Any, encode: Any, *args: Any) -> Any:
        return encode(*args)

    maybe_deferred = importlib.import_module("twisted.internet.defer").maybeDeferred
    importlib.import_module("twisted.enterprise.adbapi").ConnectionPool.runWithConnection = at_once
    vars(importlib.import_module("synapse.http.server"))["defer_to_thread"] = encoded


def wait_for_no_disk() -> None:
    """A killed process loses nothing by it, and no test cuts the power."""
    engine = importlib.import_module("synapse.storage.engines.sqlite").Sqlite3Engine
    connected = engine.on_new_connection

    def connected_quickly(self: Any, connection: Any) -> None:
        connected(self, connection)
        connection.execute("PRAGMA synchronous = OFF")

    engine.on_new_connection = connected_quickly


def transact_at_once() -> None:
    """A transaction is a function between two words to SQLite. Synapse makes an account of each, looks whether its connection
    still stands, and is ready to try again: all of that took longer than the statements themselves.
    """
    database = importlib.import_module("synapse.storage.database")
    to_the_end = importlib.import_module("synapse.util.async_helpers").delay_cancellation
    transaction = database.LoggingTransaction

    async def transact(
        self: Any, desc: str, func: Callable[..., Any], *args: Any, db_autocommit: bool = False,
        isolation_level: int | None = None, **named: Any,
    ) -> Any:  # fmt: skip
        """What Synapse calls `runInteraction`; of how far transactions are apart there is nothing to choose in SQLite."""
        after: list[Any] = []
        awaited: list[Any] = []
        failed: list[Any] = []
        connection = self._db_pool.connect()
        cursor = transaction(
            txn=connection.cursor(), name=desc, server_name=self.server_name, database_engine=self.engine,
            after_callbacks=after, async_after_callbacks=awaited, exception_callbacks=failed,
        )  # fmt: skip
        try:
            answer = func(cursor, *args, **named)
            connection.commit()
        except Exception:
            connection.rollback()
            _call(failed)
            raise
        finally:
            cursor.close()
        if awaited:
            await to_the_end(_awaited(awaited, after))
        else:
            _call(after)
        return answer

    database.DatabasePool.runInteraction = transact
    transaction.execute = lambda self, sql, parameters=(): self.txn.execute(sql, parameters)
    transaction.executemany = lambda self, sql, *args: self.txn.executemany(sql, *args)


def _call(wanted: list[Any]) -> None:
    for act, args, named in wanted:
        act(*args, **named)


async def _awaited(first: list[Any], then: list[Any]) -> None:
    for act, args, named in first:
        await act(*args, **named)
    _call(then)


def lock_by_heart() -> None:
    """That no room is done away with while an event of it is written is a matter within this process alone: each event wrote and
    deleted three locks in the database.
    """
    locks = importlib.import_module("synapse.handlers.worker_lock").WorkerLocksHandler
    moment = importlib.import_module("synapse.util.duration").Duration(milliseconds=5)
    readers: Counter[tuple[str, str]] = Counter()
    writers: set[tuple[str, str]] = set()

    @asynccontextmanager
    async def several(self: Any, names: Collection[tuple[str, str]], *, write: bool) -> AsyncIterator[None]:
        """As there: a writer waits for whoever is there already, a reader only for a writer."""
        while any(each in writers or (write and readers[each]) for each in names):
            await self._clock.sleep(moment)
        (writers if write else readers).update(names)
        try:
            yield
        finally:
            (writers.difference_update if write else readers.subtract)(names)

    locks.acquire_multi_read_write_lock = several
    locks.acquire_read_write_lock = lambda self, name, key, *, write: several(self, [(name, key)], write=write)


def let_nothing_be_delayed() -> None:
    """After each event Synapse looks whether one that is to come later has become needless, and writes down how far it has
    looked. Nobody here sends any: this was a fifteenth of its time.
    """
    importlib.import_module("synapse.handlers.delayed_events").DelayedEventsHandler.notify_new_event = nothing
