"""`/healthz`: whether this process does its work. A monitor outside reads it; so does `doctor`.

The dead man's switch: an address outside is called while all is well. Who hears nothing raises the alarm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import aiohttp
import structlog
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from bot.runtime.app import App
from bot.runtime.leader import Leadership
from bot.runtime.watch import Ping
from bot.store.db import SILENT, Tx

log = structlog.get_logger()
SECONDS = 10.0
"""How long a ping may take."""
DATABASE = 5.0
"""Seconds the database has to answer."""
TOO_LONG = 180.0
"""Seconds without an answered poll: three times as long as one takes when nobody writes."""


UNFINISHED = 3600.0
"""Seconds without an audit that came to its end: it begins every few minutes, and goes on where it was interrupted."""


class Inlet(Protocol):
    """How updates come from a platform."""

    last_poll: float | None
    """When it was last heard from, on the event loop's clock."""


class Listening(Protocol):
    """A platform at work, here or in another process of several."""

    @property
    def inlet(self) -> Inlet: ...

    @property
    def leadership(self) -> Leadership: ...


def pinging(url: SecretStr) -> Ping:
    """One try, a few seconds. The address is a secret: whoever knows it could say in our place that all is well."""

    async def ping() -> None:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url.get_secret_value()) as answer:
            if answer.status >= 400:
                log.warning("ping refused", state=str(answer.status))

    return ping


def healthz(app: App, platforms: Mapping[str, Listening]) -> Callable[[Request], Awaitable[PlainTextResponse]]:
    """200 and `ok`, or 503 and a line for each thing that is wrong."""
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def answer(_request: Request) -> PlainTextResponse:
        wrong = [f"database: {trouble}"] if (trouble := await _database(app)) else []
        wrong += [f"{channel}: {problem}" for channel, (problem, _since) in sorted(app.alarms.troubles.items())]
        wrong += app.watch.wrong
        unfinished = loop.time() - (app.watch.finished or started)
        wrong += [f"audit: not finished for {unfinished / 60:.0f} minutes"] if unfinished > UNFINISHED else []
        for channel, platform in platforms.items():
            silent = loop.time() - (platform.inlet.last_poll or started)
            here = not platform.leadership.elsewhere  # where it is, it is looked at
            wrong += [f"{channel}: silent for {silent:.0f} s"] if here and silent > TOO_LONG else []
        return PlainTextResponse("\n".join(wrong or ["ok"]) + "\n", status_code=503 if wrong else 200)

    return answer


async def _database(app: App) -> str:
    """In a word, why nothing can be stored now; empty where it can."""
    try:
        async with asyncio.timeout(DATABASE):
            await app.db.transact(_alive)
    except (OperationalError, TimeoutError):
        return app.db.trouble or SILENT
    return app.db.trouble


def _alive(tx: Tx) -> None:
    tx.rows.execute(text("SELECT 1"))
