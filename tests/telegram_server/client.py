"""The real library as a client of the server."""

from __future__ import annotations

from telegram import Bot

from tests.telegram_server.server import TelegramServer


def bot_for(server: TelegramServer) -> Bot:
    """A `telegram.Bot` with its default backend; use it with `async with`."""
    return Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")
