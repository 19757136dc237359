"""What is done on arrival: a cry for help is answered before anything is stored. It is not waited for, nor can it fail."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import structlog

from bot.channels.arrival import Batch, Cries, Receive
from bot.channels.matrix.channel import MatrixChannel
from bot.domain.channel import Unreadable

log = structlog.get_logger()


class Receipt:
    """Takes events in while it is open."""

    def __init__(self, channel: MatrixChannel, receive: Receive, *, pause: float = 1.0) -> None:
        self.channel, self.receive = channel, receive
        self.cries = Cries(channel, channel.errands, pause)

    def open(self) -> AbstractAsyncContextManager[None]:
        """Events can be taken in for as long as this lasts."""
        return self.channel.errands.open()

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
            self._acknowledge(batch)

    def _acknowledge(self, batch: Batch) -> None:
        """What is on disk is shown as read, the latest of each room: whoever wrote sees that it has come."""
        latest = {raw["room_id"]: raw["event"] for _native, raw in batch if "state_key" not in raw["event"]}
        for room_id, event in latest.items():
            if self.channel.rooms.direct(room_id):
                said = event.get("type") == "m.room.message"
                seen = self.channel.signs.took(room_id, str(event.get("event_id", "")), answers=said)
                self.channel.errands.start("sign", seen)
