"""Small signs of life: what came is shown as read, and as being answered. Nothing depends on them; tried once."""

from __future__ import annotations

import structlog

from bot.channels.matrix.calls import CallError, Homeserver, part
from bot.channels.matrix.rooms import Room

log = structlog.get_logger()
TYPING = 5.0
"""Seconds after which the homeserver takes the sign back by itself: an answer seldom takes one."""


class Signs:
    """The read receipts and the typing of the account `us`."""

    def __init__(self, server: Homeserver, us: str) -> None:
        self.server, self._us = server, us
        self._typing: set[str] = set()

    async def took(self, room_id: str, event_id: str, *, answers: bool) -> None:
        """An event is stored: whoever wrote it sees so, and that an answer is coming, where one is."""
        room = part(room_id)
        if event_id:
            await self._try("POST", f"/rooms/{room}/receipt/m.read/{part(event_id)}", {})
        if answers:
            self._typing.add(room_id)
            await self._type(room_id, {"typing": True, "timeout": int(TYPING * 1000)})

    async def spoke(self, room: Room | None) -> None:
        """An answer was given."""
        if room is not None and room.id in self._typing:
            self._typing.discard(room.id)
            await self._type(room.id, {"typing": False})

    async def _type(self, room_id: str, sign: dict[str, bool | int]) -> None:
        await self._try("PUT", f"/rooms/{part(room_id)}/typing/{part(self._us)}", sign)

    async def _try(self, method: str, path: str, body: dict[str, bool | int]) -> None:
        try:
            await self.server.call(method, path, body)
        except CallError as problem:
            log.debug("sign not given", channel="matrix", state=type(problem).__name__)
