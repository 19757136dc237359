"""A Bot API on this machine, the channel that talks to it, and an inbox that may fail or hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from bot.channels.telegram import Polling, TelegramChannel
from bot.domain.messages import Incoming
from tests.telegram_server import TelegramServer, User


@dataclass
class Inbox:
    """What was stored, in order. `fails` times it raises; while `shut` it hangs."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    batches: list[list[str]] = field(default_factory=list)
    fails: int = 0
    shut: asyncio.Event | None = None
    asked: int = 0

    async def __call__(self, batch: list[tuple[str, dict[str, Any]]]) -> None:
        self.asked += 1
        if self.shut is not None:
            await self.shut.wait()
        if self.fails:
            self.fails -= 1
            raise OSError(28, "No space left on device")
        self.batches.append([key for key, _raw in batch])
        for key, raw in batch:
            self.kept.setdefault(key, raw)

    def read(self, channel: TelegramChannel) -> list[Incoming]:
        return [channel.read(key, raw) for key, raw in self.kept.items()]

    def texts(self) -> list[str]:
        return [raw["message"]["text"] for raw in self.kept.values() if "message" in raw]


class Running(Protocol):
    """Something that goes on for ever."""

    async def run(self) -> None: ...


async def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that rings no bell of the server's."""
    for _ in range(int(seconds * 500)):
        if true():
            return
        await asyncio.sleep(0.002)
    raise TimeoutError(f"waited {seconds} s")


@asynccontextmanager
async def running(task: Running) -> AsyncIterator[None]:
    """It goes on for as long as this lasts."""
    async with asyncio.TaskGroup() as group:
        going = group.create_task(task.run())
        try:
            yield
        finally:
            going.cancel()


@dataclass
class Alarms:
    """What was told, in order."""

    told: list[str | None] = field(default_factory=list)

    async def __call__(self, problem: str | None) -> None:
        self.told.append(problem)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A Bot API. Whatever a test does, every call was one that Telegram takes."""
    async with TelegramServer() as started:
        yield started
        assert started.violations == []


@pytest.fixture
async def channel(server: TelegramServer) -> AsyncIterator[TelegramChannel]:
    opened = TelegramChannel(server.token, server.url)
    yield opened
    await opened.close()


@pytest.fixture
def ines(server: TelegramServer) -> User:
    """A learner who has begun; the bot has heard it."""
    user = server.user("Inès")
    user.starts()
    server.updates.forget_all()
    return user


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def alarms() -> Alarms:
    return Alarms()


@pytest.fixture
def polling(channel: TelegramChannel, inbox: Inbox, alarms: Alarms) -> Polling:
    """With pauses that a test does not notice."""
    return Polling(channel, inbox, alarms, hold=1, pause=0.01, first=0.01, longest=0.02)
