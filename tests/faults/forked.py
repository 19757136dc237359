"""A process of its own that is there at once: forked from one that has imported everything. It dies as any other does."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

IMPORTED = [
    "bot.__main__",
    "bot.commands.run",
    "bot.commands.matrix",
    "bot.runtime.matrix",
    "tests.faults.read_once",
    "tests.faults.victim",
    "tests.store.victim",
]


@cache
def forking() -> ForkServerContext:
    """The one that forks: it has no threads, opens nothing, and ends with the process that asked for it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


class Forked:
    """A forked process, seen as asyncio shows one. What it prints goes to the end of `log`; without one, nowhere."""

    def __init__(self, act: Callable[..., int], *args: Any, log: Path | None = None) -> None:
        self._process = forking().Process(target=_quietly, args=(str(log or os.devnull), act, *args))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def send_signal(self, signal: int) -> None:
        os.kill(self.pid, signal)

    async def wait(self) -> int:
        """Its exit code, once it has ended: minus the signal where one killed it."""
        return await asyncio.to_thread(self.join)

    def join(self, patience: float | None = None) -> int:
        """The same, for who waits without a loop."""
        self._process.join(patience)
        code = self._process.exitcode
        assert code is not None, "it has not ended"
        self._process.close()
        return code


def _quietly(log: str, act: Callable[..., int], *args: Any) -> None:
    for stream, path in enumerate((os.devnull, log, log)):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT), stream)
    raise SystemExit(act(*args))
