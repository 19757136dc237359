"""One at a time: of several processes on one PostgreSQL one leads and asks a platform for updates, the others wait.

The turn is an advisory lock of one connection (`dedicated_connection`): it ends with the process that holds it, however that ends, and the
next one has it within two seconds. On SQLite there is one process, whose turn it always is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from sqlalchemy import Engine

from bot.runtime.dedicated_connection import DedicatedConnection, Lost, dedicated_connection, several

log = structlog.get_logger()
TAKE = "SELECT pg_try_advisory_lock(20262, %s)"
ALIVE = "SELECT 1"
PAUSE = 1.0
"""Seconds between two tries."""
GRACE = 1.0
"""Seconds that whoever had it before us is given to see that it is over, and to let go of what they were doing."""


class Shared(Protocol):
    """A channel on which one process of several sends."""

    elsewhere: bool


class Leadership:
    """The turn to do one thing; `number` says which. `channel` is told whether another process has it; `pause` and `grace`
    are seconds.
    """

    def __init__(
        self, engine: Engine, number: int, channel: Shared | None = None, *, pause: float = PAUSE, grace: float = GRACE
    ) -> None:
        self._engine, self._number, self._pause, self._grace = engine, number, pause, grace
        self._channel = channel
        self.elsewhere = False
        """Another process has it."""

    async def hold(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something once it is our turn, for as long as it is.

        Raises:
            Lost: the connection broke and with it our turn; the work has ended before.
            ExceptionGroup: the work failed.
        """
        if not several(self._engine):
            return await work()
        async with dedicated_connection(self._engine) as line:
            await self._take(line)
            await self._while_ours(line, work)

    async def hold_again(self, work: Callable[[], Awaitable[None]]) -> None:
        """The same, for work that may be begun again: whoever lost the turn waits for it once more."""
        while True:
            try:
                return await self.hold(work)
            except Lost as lost:
                log.warning("turn lost", state=str(lost))
                await asyncio.sleep(self._pause)

    async def _take(self, line: DedicatedConnection) -> None:
        while not await line.ask(TAKE, (self._number,)):
            self._is(elsewhere=True)
            await asyncio.sleep(self._pause)
        if self.elsewhere:
            await asyncio.sleep(self._grace)
        self._is(elsewhere=False)

    def _is(self, *, elsewhere: bool) -> None:
        self.elsewhere = elsewhere
        if self._channel is not None:
            self._channel.elsewhere = elsewhere

    async def _while_ours(self, line: DedicatedConnection, work: Callable[[], Awaitable[None]]) -> None:
        lost: Lost | None = None

        async def guarded() -> None:
            nonlocal lost
            try:
                await _keep(line)
            except Lost as problem:
                lost = problem
                working.cancel()

        async with asyncio.TaskGroup() as group:
            working = group.create_task(_done(work))
            keeping = group.create_task(guarded())
            working.add_done_callback(lambda _task: keeping.cancel())
        if lost is not None:
            raise lost


async def _done(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def _keep(line: DedicatedConnection) -> None:
    """For ever, while it stands."""
    never = asyncio.Event()
    while True:
        await line.rest(never)
        await line.ask(ALIVE)
