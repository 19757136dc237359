"""A bot that is set up on a real homeserver, an inbox that may fail, and what it takes to let it run."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.setup import setup
from bot.channels.matrix.sign_in import Account
from bot.channels.matrix.syncing import Syncing
from bot.domain.messages import Incoming
from tests.synapse.homeserver import Homeserver


@dataclass
class Kept:
    """What outlives a process: the sync's own row, people's pins, and the inbox. `fails` times it raises."""

    state: dict[str, Any] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)
    inbox: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[str | None] = field(default_factory=list)
    fails: int = 0
    saves: int = 0

    async def load(self) -> dict[str, Any]:
        return copy.deepcopy(self.state)

    async def save(self, value: dict[str, Any]) -> None:
        self.state, self.saves = copy.deepcopy(value), self.saves + 1

    async def receive(self, batch: list[tuple[str, dict[str, Any]]]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError(28, "No space left on device")
        for native, raw in batch:
            self.inbox.setdefault(native, raw)

    async def alarm(self, problem: str | None) -> None:
        self.told.append(problem)

    async def pinned(self, user_id: str) -> str:
        return self.pins.get(user_id, "")

    async def pin(self, user_id: str, master: str) -> None:
        self.pins[user_id] = master


@dataclass
class Bot:
    """A bot, started and stopped as a process is."""

    account: Account
    folder: Folder
    kept: Kept = field(default_factory=Kept)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[tuple[MatrixChannel, Syncing]]:
        """It syncs for as long as this lasts; then it is killed, not closed."""
        channel = MatrixChannel(self.account, self.folder, pinned=self.kept.pinned, pin=self.kept.pin)
        channel.pace = None
        syncing = Syncing(
            channel,
            self.kept.receive,
            self.kept.alarm,
            self.kept,
            hold=1,
            pause=0.2,
            first=0.1,
            longest=0.2,
            patience=2,
        )
        async with asyncio.TaskGroup() as group:
            going = group.create_task(syncing.run())
            try:
                yield channel, syncing
            finally:
                going.cancel()
                await channel.stop()
                await channel.server.close()

    def incoming(self, channel: MatrixChannel) -> list[Incoming]:
        return [channel.read(native, raw) for native, raw in self.kept.inbox.items()]

    def texts(self) -> list[str]:
        """What was said to it, in the order in which it was stored."""
        events = [raw["event"] for raw in self.kept.inbox.values()]
        return [event["content"].get("body", "?") for event in events if event["type"] == "m.room.message"]


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something that rings no bell."""
    for _ in range(int(seconds * 100)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError(f"waited {seconds} s")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "matrix")


@pytest_asyncio.fixture
async def account(homeserver: Homeserver) -> Account:
    """A user of the homeserver that nobody has logged in as."""
    made = await homeserver.newcomer("Compagnon")
    return Account(homeserver.url, made.user_id, made.password)


@pytest_asyncio.fixture
async def ready(account: Account, folder: Folder) -> Account:
    """The same, set up in `folder`."""
    await setup(account, folder, lambda _line: None)
    return account


@pytest.fixture
def bot(ready: Account, folder: Folder) -> Bot:
    return Bot(ready, folder)
