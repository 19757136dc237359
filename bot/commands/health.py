"""`/healthz`: whether this process does its work. A monitor outside reads it; so does `doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from bot.app import App
from bot.commands.on_telegram import OnTelegram
from bot.store.db import Tx

TOO_LONG = 180.0
"""Seconds without an answered poll: three times as long as one takes when nobody writes."""


def healthz(app: App, on_telegram: OnTelegram | None) -> Callable[[Request], Awaitable[PlainTextResponse]]:
    """200 and `ok`, or 503 and a line for each thing that is wrong."""
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def answer(_request: Request) -> PlainTextResponse:
        await app.db.transact(_alive)
        wrong = [f"{channel}: {problem}" for channel, (problem, _since) in sorted(app.alarms.troubles.items())]
        if on_telegram is not None:
            silent = loop.time() - (on_telegram.inlet.last_poll or started)
            wrong += [f"telegram: silent for {silent:.0f} s"] if silent > TOO_LONG else []
        return PlainTextResponse("\n".join(wrong or ["ok"]) + "\n", status_code=503 if wrong else 200)

    return answer


def _alive(tx: Tx) -> None:
    tx.rows.execute(text("SELECT 1"))
