"""A process of its own that is there at once: forked from one that has imported everything. It dies as any other does."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

IMPORTED = ["bot.__main__", "bot.commands.run", "bot.commands.matrix", "bot.runtime.matrix", "tests.faults.victim"]


@cache
def forking() -> ForkServerContext:
    """The one that forks: it has no threads, opens nothing, and ends with the process that asked for it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


class Forked:
    """A forked process, seen as asyncio shows one. What it prints goes nowhere."""

    def __init__(self, act: Callable[..., int], *args: Any) -> None:
        self._process = forking().Process(target=_quietly, args=(act, *args))
        self._process.start()

    def send_signal(self, signal: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal)

    async def wait(self) -> int:
        """Its exit code, once it has ended: minus the signal where one killed it."""
        await asyncio.to_thread(self._process.join)
        code = self._process.exitcode
        self._process.close()
        assert code is not None
        return code


def _quietly(act: Callable[..., int], *args: Any) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    raise SystemExit(act(*args))
