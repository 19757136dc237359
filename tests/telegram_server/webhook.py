"""Updates pushed to the bot's own address, one after the other, again and again until it takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.telegram_server.refusals import Json
from tests.telegram_server.updates import Updates

HEADER = "X-Telegram-Bot-Api-Secret-Token"
PAUSES = (0.05, 0.1, 0.2)
"""Seconds between attempts; the last one repeats. Telegram waits longer."""


@dataclass
class Webhook:
    """Where to, and the task that brings it there. Without a url there is none."""

    updates: Updates
    date: Callable[[], int]
    pauses: Sequence[float] = PAUSES
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0
    attempts: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, nothing is brought: Telegram takes its time after we were away."""
    _task: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def set(self, url: str, secret: str = "", max_connections: int = 40) -> None:
        """Another address, or none."""
        await self.stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.last_error, self.last_error_date = "", 0
        if url:
            self._task = asyncio.get_running_loop().create_task(self._deliver())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def info(self) -> Json:
        """A WebhookInfo."""
        shape: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
        }
        if self.url:
            shape["max_connections"] = self.max_connections
            shape["ip_address"] = "127.0.0.1"
        if self.last_error:
            shape |= {"last_error_date": self.last_error_date, "last_error_message": self.last_error}
        if self.updates.allowed:
            shape["allowed_updates"] = self.updates.allowed
        return shape

    async def _deliver(self) -> None:
        failed = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while True:
                await self.updates.bell.until(lambda: bool(self.updates.pending), 3600)
                await self.gate.wait()
                if not self.updates.pending:
                    continue
                update = self.updates.pending[0]
                error = await self._post(session, update)
                if not error:
                    failed = 0
                    self._drop(update)
                    continue
                self.last_error, self.last_error_date = error, self.date()
                await asyncio.sleep(self.pauses[min(failed, len(self.pauses) - 1)])
                failed += 1

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> str:
        """What went wrong, in Telegram's words, or nothing."""
        self.attempts += 1
        headers = {HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as answer:
                taken = 200 <= answer.status < 300
                return "" if taken else f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"Connection failed: {type(error).__name__}"

    def _drop(self, update: Json) -> None:
        self.updates.pending = [each for each in self.updates.pending if each is not update]
        self.updates.bell.ring()
