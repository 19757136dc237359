"""Word of a word: beside what is sent on the web, a browser that is closed is told that something waits.

The message is in the database before; this is a hint and no more. A push service that is down delays nothing and nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.channels.arrival import Errands
from bot.channels.push import PushKey, push
from bot.channels.push_subscription import Subscription, known_service
from bot.domain.channel import NotSent, Permanent
from bot.store.db import Database, Tx
from bot.store.push import forget_push, subscription_of

AT_ONCE = 100
"""So many hints on their way; more are left out: the page shows the messages all the same."""
TRIES = 3


class PushHints:
    """Tells browsers. `accepts` says which addresses may be written to at all."""

    def __init__(
        self, db: Database, key: PushKey, *, accepts: Callable[[str], bool] = known_service, pause: float = 30.0
    ) -> None:
        self.db, self.key, self.accepts, self.pause = db, key, accepts, pause
        self._errands = Errands("web", {"push": AT_ONCE})

    def hint(self, native: str, urgent: bool) -> None:
        """There is a word for a browser. Returns at once."""
        self._errands.start("push", self.tell(native, urgent=urgent))

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        return (self._keep_open(),)

    def open(self) -> AbstractAsyncContextManager[None]:
        """Hints leave for as long as this lasts."""
        return self._errands.open()

    async def _keep_open(self) -> None:
        async with self.open():
            await asyncio.Event().wait()

    async def tell(self, native: str, *, urgent: bool) -> None:
        """Once, and again where the service is down for a moment."""
        found = await self.db.transact(_read, native)
        if found is None or not self.accepts(found[0].endpoint):
            return
        to, language = found
        for attempt in range(TRIES):
            outcome = await push(self.key, to, language, urgent=urgent)
            if isinstance(outcome, Permanent):
                await self.db.transact(lambda tx: forget_push(tx.rows, native, to.endpoint))
            if not isinstance(outcome, NotSent):
                return
            await asyncio.sleep(self.pause * 2**attempt)


def _read(tx: Tx, native: str) -> tuple[Subscription, str] | None:
    found = subscription_of(tx.rows, native)
    return (Subscription(found[0].endpoint, found[0].p256dh, found[0].auth), found[1]) if found else None
