"""The real library as a client of the server."""

from __future__ import annotations

from telegram import Bot
from telegram.request import HTTPXRequest

from tests.ports import TRUSTS_NOBODY
from tests.telegram_server.server import TelegramServer


def bot_for(server: TelegramServer) -> Bot:
    """A `telegram.Bot` with its default backend; use it with `async with`."""
    calls, updates = (HTTPXRequest(httpx_kwargs={"verify": TRUSTS_NOBODY}) for _ in range(2))
    return Bot(server.token, f"{server.url}/bot", f"{server.url}/file/bot", request=calls, get_updates_request=updates)
