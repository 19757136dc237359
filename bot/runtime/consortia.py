"""Several consortia under one command: a process for each, that shares nothing with the others but the machine.

Whoever dies is started again, after a pause that grows; whoever is not right yet, or has something in common with another, is
told so and looked at again. Each is a session of its own: Linux shares the processors between sessions, so that the flood of
one takes from the others no more than its part.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog

from bot.config import ConfigError
from bot.config.consortia import Consortium, consortia, crossings
from bot.i18n import sentence_of
from bot.logs import NAME

log = structlog.get_logger()
FIRST, LONGEST = 1.0, 60.0
"""Seconds until one that ended is started again: twice as long each time …"""
WELL = 300.0
"""… unless it lived for so many seconds."""
LEAVE = 80.0
"""Seconds that one has to end in: what is being sent still arrives, and systemd waits for 90."""


class Process(Protocol):
    """One that was begun."""

    def send_signal(self, signal: int, /) -> None: ...

    async def wait(self) -> int: ...


async def begun(one: Consortium) -> Process:
    """`python -m bot run` for one of them, deaf to the Ctrl-C of our terminal: that comes to us."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(one.written),
        start_new_session=True, env={**os.environ, NAME: one.name},
    )  # fmt: skip


class Consortia:
    """All that a folder holds. `say` is told, in a sentence, why one is not started; `pause` is the first of the pauses."""

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        begin: Callable[[Consortium], Awaitable[Process]] = begun,
        *,
        pause: float = FIRST,
    ) -> None:
        self._all = consortia(folder)
        self._say, self._begin, self._pause = say, begin, pause

    async def run(self, stop: asyncio.Event) -> None:
        """Keep each of them alive until told to stop; then all have ended."""
        async with asyncio.TaskGroup() as group:
            keepers = [group.create_task(self._keep(one)) for one in self._all]
            await stop.wait()
            for keeper in keepers:
                keeper.cancel()

    async def _keep(self, one: Consortium) -> None:
        loop, pause = asyncio.get_running_loop(), self._pause
        while True:
            began = loop.time()
            try:
                await self._try(one)
            except Exception:  # whatever it is, it is the trouble of one
                log.exception("not started", consortium=one.name)
            pause = self._pause if loop.time() - began > WELL else pause
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST)

    async def _try(self, one: Consortium) -> None:
        """Let it live, unless something is wrong; until it ends."""
        wrong = self._wrong(one)
        for each in wrong:
            self._say(each)
        if not wrong:
            code = await self._live(one)
            log.error("ended, is started again", consortium=one.name, state=str(code))

    def _wrong(self, one: Consortium) -> list[str]:
        """Why it may not be started now."""
        try:
            return list(crossings(one, self._all))
        except ConfigError as problem:
            return [sentence_of(problem)]

    async def _live(self, one: Consortium) -> int:
        """Begin it, and wait for its end; told to stop, end it politely."""
        process = await self._begin(one)
        ending = asyncio.ensure_future(process.wait())
        try:
            return await asyncio.shield(ending)
        finally:
            if not ending.done():
                process.send_signal(signal.SIGTERM)
                done, _left = await asyncio.wait([ending], timeout=LEAVE)
                if not done:
                    process.send_signal(signal.SIGKILL)
                    await ending
