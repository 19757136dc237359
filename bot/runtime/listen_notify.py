"""Other processes on the same PostgreSQL (LISTEN, NOTIFY): what one of them stores wakes the others, and the page of a learner is
rung wherever it is open.

It is said after the commit, over a connection of its own: PostgreSQL commits one transaction after another where they notify,
those of all its databases, and a decision must not wait for that. So nothing depends on it: what is not heard, the tick finds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from bot.runtime.dedicated_connection import DedicatedConnection, Lost, dedicated_connection, several

log = structlog.get_logger()
NAME = "compagnon"
WORK, PAGE = "work", "page "
SAY = "SELECT count(pg_notify(%s, told)) FROM unnest(%s::text[]) AS told"
TOGETHER = 0.02
"""Seconds in which what is to be said gathers: at a peak it is the same again and again."""
PAUSE = 1.0
"""Seconds until a connection that was lost is tried again."""


class OtherProcesses:
    """`woken` is called when another process has stored something, and after a time in which that could not be heard."""

    def __init__(self, engine: Engine, woken: Callable[[], None]) -> None:
        self._engine, self._woken = engine, woken
        self._several = several(engine)
        self.rung: Callable[[str], None] | None = None
        """Called with the name of pages for which another process has something."""
        self._sayings: dict[str, None] = {}
        self._wanted = asyncio.Event()

    def tell(self) -> None:
        """Something was stored: there may be something to do for others. Returns at once."""
        self._say(WORK)

    def ring(self, name: str) -> None:
        """There is something for the pages of this name, which may be open elsewhere. Returns at once."""
        self._say(PAGE + name)

    def _say(self, what: str) -> None:
        if self._several:
            self._sayings[what] = None
            self._wanted.set()

    async def run(self) -> None:
        """Listen and tell, for ever. On SQLite there is nobody else."""
        if not self._several:
            await asyncio.Event().wait()
        while True:
            try:
                async with dedicated_connection(self._engine) as line:
                    await self._live(line)
            except Lost as lost:
                log.warning("other processes are not heard, the tick goes on", state=str(lost))
            await asyncio.sleep(PAUSE)

    async def _live(self, line: DedicatedConnection) -> None:
        await line.hear(NAME, self._heard)
        self._woken()
        while True:
            if not self._sayings:
                await line.rest(self._wanted)
            saying, self._sayings = list(self._sayings), {}
            await line.ask(SAY, (NAME, saying))  # with nothing to say, too: what others said comes with the answer
            await asyncio.sleep(TOGETHER)

    def _heard(self, what: str) -> None:
        if what == WORK:
            self._woken()
        elif what.startswith(PAGE) and self.rung is not None:
            self.rung(what.removeprefix(PAGE))
