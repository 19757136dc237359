"""A connection to PostgreSQL that stands beside the pool, for what lasts as long as it does: a turn, a line to other processes.

Its end is noticed at once where the server ends it, and within seconds where the network does. The server gives up a silent
client later than we give up a silent server: whoever holds something over it has let go before anybody else can have it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

if TYPE_CHECKING:
    from psycopg import AsyncConnection, Notify

LOOK = 2.0
"""Seconds between two looks at whether it still stands."""
OURS = {
    "connect_timeout": 5,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 3000,
}
"""We take the server for gone after three seconds without a word: five after it last answered."""
THEIRS = "SET tcp_keepalives_idle = 8; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 14000"
"""The server takes us for gone after fourteen."""


def several(engine: Engine) -> bool:
    """Whether other processes may be at work in the database. Not on SQLite; and on Windows, whose event loop cannot watch a
    connection, we take ourselves for alone.
    """
    return engine.dialect.name == "postgresql" and os.name != "nt"


class Lost(Exception):
    """The connection is no more, and with it whatever it held."""


@contextmanager
def _failing() -> Iterator[None]:
    import psycopg

    try:
        yield
    except (psycopg.Error, OSError) as problem:
        raise Lost(type(problem).__name__) from problem


class DedicatedConnection:
    """One that is open."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def ask(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first value of what the server answers.

        Raises:
            Lost: it does not.
        """
        with _failing():
            row = await (await self._connection.execute(statement.encode(), values)).fetchone()
        return row[0] if row else None

    async def hear(self, name: str, heard: Callable[[str], None]) -> None:
        """From now on, tell `heard` what others say under a name; never what was said over this connection.

        Raises:
            Lost: the server does not answer.
        """
        us = self._connection.info.backend_pid

        def told(notify: Notify) -> None:
            if notify.pid != us:
                heard(notify.payload)

        self._connection.add_notify_handler(told)
        with _failing():
            await self._connection.execute(f"LISTEN {name}".encode())

    async def rest(self, wanted: asyncio.Event, seconds: float = LOOK) -> None:
        """Until something comes over it, `wanted` is set, or so many seconds are over; then `ask` to see what it is.

        Raises:
            Lost: it does not stand any more.
        """
        loop = asyncio.get_running_loop()
        with _failing():
            door = self._connection.fileno()
        loop.add_reader(door, wanted.set)
        try:
            async with asyncio.timeout(seconds):
                await wanted.wait()
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(door)
        wanted.clear()


@asynccontextmanager
async def dedicated_connection(engine: Engine) -> AsyncIterator[DedicatedConnection]:
    """A connection of its own to the database of an engine.

    Raises:
        Lost: there is none to be had.
    """
    from psycopg import AsyncConnection

    _none, where = engine.dialect.create_connect_args(engine.url)
    with _failing():
        connection = await AsyncConnection.connect(**{**where, **OURS}, autocommit=True)
    try:
        with _failing():
            await connection.execute(THEIRS.encode())
        yield DedicatedConnection(connection)
    finally:
        await connection.close()
