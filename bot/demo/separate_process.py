"""A rehearsal in a process of its own: it knows no channel, no configuration and no database but the one it makes.

Whatever it does, the installation beside it goes on: it comes second on the processor, and ends with whoever began it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import shutil
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import logs
from bot.demo.playback import Pace
from bot.demo.serving import HOST, serve_site, world_in
from bot.demo.site import Site
from bot.demo.stage import Stage
from bot.demo.world import Script

SEED = 2027
KEY = "x-rehearsal"
"""The header with which whoever began a rehearsal says who asks: others on this computer are shown nothing."""
SECOND = 10


@dataclass(frozen=True)
class Playbill:
    """What is rehearsed, in which folder, and where its pages are seen from outside."""

    folder: Path
    script: Script
    language: str
    path: str
    base_url: str
    key: str


def perform(bill: Playbill, line: Connection) -> None:
    """Play until the line says so, or is cut. Its port is the first thing said on it."""
    logs.configure()
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, signal.SIG_IGN)  # whoever began it ends it
    _come_second()
    try:
        asyncio.run(_perform(bill, line))
    finally:
        shutil.rmtree(bill.folder, ignore_errors=True)


def _come_second() -> None:
    """The installation goes first on the processor, and where memory runs out it is not the one to go."""
    with contextlib.suppress(OSError, AttributeError):  # a sandbox may forbid it; Windows has no such thing
        os.nice(SECOND)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


async def _perform(bill: Playbill, line: Connection) -> None:
    stage = Stage(partial(world_in, bill.folder, bill.script, count(1)), SEED)
    pace = Pace(stage, stage.world.clock.now())
    site = Site(stage, pace, bill.base_url, bill.language).application()
    with socket.create_server((HOST, 0)) as door:
        line.send(door.getsockname()[1])
        end = asyncio.get_running_loop().run_in_executor(None, _told_to_end, line)
        end.add_done_callback(lambda _told: stage.close())
        await serve_site(stage, pace, door, Locked(Starlette(routes=[Mount(bill.path, site)]), bill.key))
        await end


def _told_to_end(line: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        line.recv()


class Locked:
    """Pages that are shown to whoever has the key."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self.app, self.key = app, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Request(scope).headers.get(KEY, "") if scope["type"] == "http" else ""
        page: Callable[[Scope, Receive, Send], Awaitable[None]] = self.app
        if not hmac.compare_digest(given.encode(), self.key.encode()):
            page = Response(status_code=403)
        await page(scope, receive, send)
