"""A server, a person and the real library in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.telegram_server import TelegramServer, User, bot_for


@pytest.fixture(autouse=True)
def new_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of its old way to tell seconds."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with bot_for(server) as bot:
        yield bot


@pytest.fixture
def lina(server: TelegramServer) -> User:
    """Someone who has written to the bot, and whose update it has taken."""
    lina = server.user("Lina")
    lina.starts()
    server.updates.forget_all()
    return lina
