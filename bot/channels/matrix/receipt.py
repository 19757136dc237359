"""What is done on arrival: a cry for help is answered before anything is stored. It is not waited for, nor can it fail."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import structlog

from bot.arrival import CRIES, Batch, Cries, Errands, Receive
from bot.channels.matrix.channel import MatrixChannel
from bot.domain.channel import Unreadable

log = structlog.get_logger()


class Receipt:
    """Takes events in while it is open."""

    def __init__(self, channel: MatrixChannel, receive: Receive, *, pause: float = 1.0) -> None:
        self.channel, self.receive = channel, receive
        self._errands = Errands(channel.name, {"cry": CRIES})
        self.cries = Cries(channel, self._errands, pause)

    def open(self) -> AbstractAsyncContextManager[None]:
        """Events can be taken in for as long as this lasts."""
        return self._errands.open()

    async def take(self, batch: Batch) -> None:
        """Take a batch in; when this returns it is on disk.

        Raises:
            Exception: whatever `receive` raises; then the sync token must not move.
        """
        for native, raw in batch:
            try:
                self.cries.hear(native, raw)
            except Unreadable:
                continue  # its row will be quarantined, and reported there
            except Exception:
                log.exception("event not looked at", channel=self.channel.name)
        if batch:
            await self.receive(batch)
