"""The rehearsals that run beside an installation: one for each adult at the most, a few at once, each for a while."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.demo.separate_process import KEY, Playbill, perform
from bot.demo.serving import HOST
from bot.demo.world import Script

log = structlog.get_logger()
MOST = 2
"""At once: each takes about 250 MB of memory."""
BEGINS, ENDS = 60.0, 10.0
"""Seconds that a process may take to begin, and to end."""
IDLE = 30 * 60.0
"""Seconds after which one ends of which nothing was asked."""
LOOKS = 30.0
OURS = frozenset({"cookie", "accept-encoding", "connection", KEY})
"""What is between a browser and us: a rehearsal is told nothing of it."""
THEIRS = frozenset({"connection", "transfer-encoding", "date", "server"})


@dataclass
class Running:
    """One rehearsal: its process, the line to it, and when it was last asked for something."""

    process: BaseProcess
    line: Connection
    folder: Path
    pages: httpx.AsyncClient
    asked: float


class Rehearsals:
    """Begins, finds and ends them. `folder` is theirs alone."""

    def __init__(self, folder: Path, *, path: str, base_url: str) -> None:
        self.folder, self.path, self.base_url = folder, path, base_url
        self._running: dict[int, Running] = {}
        self._beginning = asyncio.Lock()

    def tidy(self) -> None:
        """Throw away what a fall has left."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def runs(self, person: int) -> bool:
        found = self._running.get(person)
        return found is not None and found.process.is_alive()

    @property
    def full(self) -> bool:
        """Whether as many run as may."""
        return sum(map(self.runs, self._running)) >= MOST

    async def begin(self, person: int, script: Script, language: str) -> bool:
        """Begin one, in the place of an earlier one of this adult. False when too many run already."""
        async with self._beginning:
            await self.end(person)
            if self.full:
                return False
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            bill = Playbill(
                self.folder / secrets.token_hex(8),
                script,
                language,
                self.path,
                self.base_url,
                secrets.token_urlsafe(32),
            )
            bill.folder.mkdir(mode=0o700)
            self._running[person] = await asyncio.to_thread(_started, bill)
        return True

    async def end(self, person: int) -> None:
        """End the rehearsal of this adult, if there is one; nothing of it is left."""
        found = self._running.pop(person, None)
        if found is None:
            return
        await found.pages.aclose()
        await asyncio.to_thread(_ended, found)

    async def close(self) -> None:
        """End them all."""
        for person in list(self._running):
            await self.end(person)

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """What has to go on for as long as rehearsals may run."""
        return [self._end_idle()]

    async def _end_idle(self) -> None:
        while True:
            await asyncio.sleep(LOOKS)
            now = time.monotonic()
            for person in [person for person, each in self._running.items() if now - each.asked >= IDLE]:
                await self.end(person)

    async def answer(self, person: int, request: Request) -> Response | None:
        """What the rehearsal of this adult answers; None where none runs."""
        found = self._running.get(person)
        if found is None:
            return None
        found.asked = time.monotonic()
        headers = [pair for pair in request.headers.raw if pair[0].decode("latin-1") not in OURS]
        asked = found.pages.build_request(
            request.method,
            httpx.URL(path=request.url.path, query=request.url.query.encode()),
            headers=headers,
            content=request.stream() if request.method == "POST" else None,
        )
        try:
            answer = await found.pages.send(asked, stream=True)
        except httpx.HTTPError:
            await self.end(person)
            return None
        told = {name: value for name, value in answer.headers.items() if name not in THEIRS}
        return StreamingResponse(_passed_on(answer), answer.status_code, told)


async def _passed_on(answer: httpx.Response) -> AsyncIterator[bytes]:
    """What comes, as it comes; a rehearsal that ends in the middle of it has nothing more to say."""
    try:
        with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
            async for piece in answer.aiter_raw():
                yield piece
    finally:
        await answer.aclose()


def _started(bill: Playbill) -> Running:
    """A process that plays, once it can be asked.

    Raises:
        RuntimeError: it does not begin.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=perform, args=(bill, theirs), daemon=True, name="rehearsal")
    process.start()
    theirs.close()
    try:
        if not ours.poll(BEGINS):
            raise EOFError
        port = ours.recv()
    except EOFError:
        process.kill()
        shutil.rmtree(bill.folder, ignore_errors=True)
        raise RuntimeError("a rehearsal did not begin") from None
    pages = httpx.AsyncClient(
        base_url=f"http://{HOST}:{port}", headers={KEY: bill.key}, timeout=httpx.Timeout(10, read=None), trust_env=False
    )
    return Running(process, ours, bill.folder, pages, asked=time.monotonic())


def _ended(running: Running) -> None:
    with contextlib.suppress(OSError):
        running.line.send("end")
    running.process.join(ENDS)
    if running.process.is_alive():
        running.process.kill()
        running.process.join(ENDS)
    running.line.close()
    shutil.rmtree(running.folder, ignore_errors=True)
