"""Tasks that should go on for ever: when one ends, all end, and the process with them. Whoever started it starts it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import OperationalError

log = structlog.get_logger()
Task = Coroutine[Any, Any, None]
PAUSE = 1.0
"""Seconds until a database that does not answer is asked again."""


async def steadily(work: Callable[[], Task]) -> None:
    """Do it, and anew whenever the database is locked, full or gone: that passes, and whoever writes meanwhile is heard."""
    while True:
        try:
            return await work()
        except OperationalError:
            log.exception("database does not answer, going on")
            await asyncio.sleep(PAUSE)


class Ended(Exception):
    """A task that should go on for ever has ended; the others end with it."""


class Sending(Protocol):
    """What is on its way when the others end still arrives."""

    async def run(self) -> None: ...
    def stop(self) -> None: ...


async def _ending(task: Task) -> None:
    await task
    raise Ended


async def until_one_ends(*tasks: Task) -> None:
    """Run them together until one ends or fails; the others are cancelled.

    Raises:
        ExceptionGroup: what one of them raised.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(_ending(task))
    except* Ended:
        pass
    finally:
        for task in tasks:
            task.close()  # one that was cancelled before its first step was never begun


async def beside(sending: Sending, *tasks: Task) -> None:
    """The same, beside something that is told to stop and waited for: it writes down what it had begun."""
    async with asyncio.TaskGroup() as group:
        going = group.create_task(sending.run())
        failure: BaseException | None = None
        try:
            await until_one_ends(*tasks)
        except Exception as problem:
            failure = problem
        sending.stop()
        await going
    if failure is not None:
        raise failure
