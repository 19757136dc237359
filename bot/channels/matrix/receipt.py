"""What is done on arrival: a cry for help is answered before anything is stored. It is not waited for, nor can it fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.lately import Lately
from bot.domain.channel import NotSent, Permanent, Sent, Unreadable
from bot.domain.messages import Incoming, Sort
from bot.domain.sos import card, is_sos
from bot.i18n import best_language, render

log = structlog.get_logger()
Batch = list[tuple[str, dict[str, Any]]]
Receive = Callable[[Batch], Awaitable[Any]]
"""Stores updates with their names. When it returns they are on disk; when it raises none is taken for stored."""
EUROPE = {"emergency": "112"}
"""What is said to somebody we do not know (Directive (EU) 2018/1972, art. 109)."""
AGAIN = 20.0
"""Seconds until the same person is answered at once again: whoever is in need writes more than once."""
A_DAY = 86_400.0
"""One that comes again, because it could not be stored, is not answered again."""
TRIES = 3
"""So often an answer to a cry is tried, `pause` seconds apart."""
MOST = 200
"""So many answers to cries may be on their way at once."""


class Receipt:
    """Takes events in while it is open."""

    def __init__(self, channel: MatrixChannel, receive: Receive, *, pause: float = 1.0) -> None:
        self.channel, self.receive, self.pause = channel, receive, pause
        self._group: asyncio.TaskGroup | None = None
        self._running = 0
        self._cries, self._heard = Lately(AGAIN), Lately(A_DAY)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """What is not waited for needs somebody who keeps it."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                yield
            finally:
                self._group = None

    async def take(self, batch: Batch) -> None:
        """Take a batch in; when this returns it is on disk.

        Raises:
            Exception: whatever `receive` raises; then the sync token must not move.
        """
        for native, raw in batch:
            try:
                self._hear(native, raw)
            except Unreadable:
                continue  # its row will be quarantined, and reported there
            except Exception:
                log.exception("event not looked at", channel=self.channel.name)
        if batch:
            await self.receive(batch)

    def _hear(self, native: str, raw: dict[str, Any]) -> None:
        incoming = self.channel.read(native, raw)
        if incoming.sort not in {Sort.SAID, Sort.OTHER} or not is_sos(incoming.text, self.channel.cry_words):
            return
        now = asyncio.get_running_loop().time()
        if self._heard.first(native, now) and self._cries.first(incoming.address, now):
            self._start(self._reassure(native, incoming))

    async def _reassure(self, native: str, incoming: Incoming) -> None:
        """Said again when it may not have arrived: twice does no harm, and a stranger gets no other answer."""
        person = incoming.address
        words = self.channel.cards.get(person) or stranger_card(incoming.language)
        for _attempt in range(TRIES):
            await asyncio.sleep(self.channel.held(urgent=True))
            outcome = await self.channel.say_now(person, words, urgent=True)
            if isinstance(outcome, Sent | Permanent):
                return
            told = outcome.retry_after if isinstance(outcome, NotSent) else None
            await asyncio.sleep(told.total_seconds() if told else self.pause)
        self._cries.forget(person)
        self._heard.forget(native)
        log.warning("cry not answered at once", channel=self.channel.name)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None or self._running >= MOST:
            work.close()
            return
        self._running += 1
        self._group.create_task(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """A courtesy that fails must not end whoever keeps us going."""
        try:
            await work
        except Exception:
            log.exception("cry not answered at once", channel=self.channel.name)
        finally:
            self._running -= 1


def stranger_card(language: str) -> str:
    """What a cry is answered where nothing is ready: the number that works everywhere here."""
    return render(card(None), best_language(language, default="en"), EUROPE)
