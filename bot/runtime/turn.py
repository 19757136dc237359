"""One at a time: with several processes on one PostgreSQL, one of them asks a platform for updates, the others wait.

The turn is an advisory lock of one connection: it ends with the process that holds it, however that ends. On SQLite
there is one process, whose turn it always is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import Connection, Engine, text

TAKE = text("SELECT pg_try_advisory_lock(20262, :number)")
ALIVE = text("SELECT 1")
PAUSE = 5.0
"""Seconds between two tries, and between two looks at whether the turn is still ours."""


async def hold(engine: Engine, number: int, work: Callable[[], Awaitable[None]], *, pause: float = PAUSE) -> None:
    """Do something once it is our turn, for as long as it is; then let others.

    Raises:
        ExceptionGroup: the work failed, or the connection broke and with it our turn.
    """
    turn = Turn(engine, number, pause=pause)
    try:
        await turn.wait()
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(turn.keep())
            await work()
            keeping.cancel()
    finally:
        turn.release()


class Turn:
    """The turn to do one thing; `number` says which. `pause` is seconds between two tries."""

    def __init__(self, engine: Engine, number: int, *, pause: float = PAUSE) -> None:
        self._engine, self._number, self._pause = engine, number, pause
        self._held: Connection | None = None

    async def wait(self) -> None:
        """Until it is ours."""
        if self._engine.dialect.name != "postgresql":
            return
        while not await asyncio.to_thread(self._take):  # noqa: ASYNC110 - another machine holds it
            await asyncio.sleep(self._pause)

    async def keep(self) -> None:
        """For ever, while it is ours.

        Raises:
            DBAPIError: the connection broke, and with it our turn: whoever did the thing must stop.
        """
        while True:
            await asyncio.sleep(self._pause)
            if self._held is not None:
                await asyncio.to_thread(self._held.execute, ALIVE)

    def release(self) -> None:
        """Let others have it."""
        if self._held is not None:
            self._held.invalidate()
            self._held.close()
            self._held = None

    def _take(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(TAKE, {"number": self._number}):
            self._held = connection
            return True
        connection.close()
        return False
