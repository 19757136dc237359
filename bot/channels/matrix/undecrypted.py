"""Events whose key has not come: kept until it does, and said so where it takes too long."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.arrival import Batch
from bot.channels.matrix.reading import row, unreadable

PATIENCE = 30.0
"""Seconds a key may come after its message; then the person is told that it could not be read."""
MOST = 500
Read = Callable[[str, Mapping[str, Any]], dict[str, Any] | None]
"""What an event in a room says; None where that cannot be read yet."""


class Undecrypted:
    """`waiting` are the events by their id: `{"room_id", "event", "told"}`."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self.waiting: dict[str, dict[str, Any]] = {}
        self._since: dict[str, float] = {}

    def keep(self, room_id: str, event: Mapping[str, Any]) -> None:
        """Its key may still come. With far too many the first is forgotten."""
        name = event.get("event_id")
        if isinstance(name, str):
            self.waiting.setdefault(name, {"room_id": room_id, "event": dict(event), "told": False})
            while len(self.waiting) > MOST:
                self.forget(next(iter(self.waiting)))

    def opened(self, read: Read, direct: Callable[[str], bool]) -> Batch:
        """What can be read now; and a word on what could not be read for too long."""
        now = asyncio.get_running_loop().time()
        batch: Batch = []
        for name, kept in list(self.waiting.items()):
            room_id, event = kept["room_id"], kept["event"]
            found, alone = read(room_id, event), direct(room_id)
            if found is not None:
                batch.append(row(room_id, found, direct=alone))
                self.forget(name)
            elif not kept["told"] and now - self._since.setdefault(name, now) >= self.patience and alone:
                batch.append(unreadable(room_id, event, direct=alone))
                self.waiting[name] = kept | {"told": True}
        return batch

    def due(self) -> float:
        """Seconds until somebody must be told that their message could not be read; for ever where nobody must."""
        now = asyncio.get_running_loop().time()
        waiting = [self._since.get(name, now) for name, kept in self.waiting.items() if not kept["told"]]
        return max(0.0, min(waiting, default=math.inf) + self.patience - now)

    def writers(self) -> set[str]:
        """Who wrote them."""
        return {str(kept["event"].get("sender")) for kept in self.waiting.values()}

    def forget(self, name: str) -> None:
        self.waiting.pop(name, None)
        self._since.pop(name, None)
