"""What is done on arrival, at the edge: a cry for help answered before anything is stored, courtesies after it.

Neither is waited for, and neither can fail an update: what counts is in the inbox, and follows from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog

from bot.channels.arrival import AGAIN, CRIES, Cries, Errands, Lately, Receive
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.keys import kept, key_of, turn
from bot.domain.channel import Unreadable

log = structlog.get_logger()
COURTESIES = 100
"""So many courtesies may be on their way at once; more are left out."""


class Receipt:
    """Takes updates in, however they came, while it is open."""

    def __init__(self, channel: TelegramChannel, receive: Receive, *, pause: float = 1.0) -> None:
        self.channel, self.receive = channel, receive
        self._errands = Errands(channel.name, {"cry": CRIES, "courtesy": COURTESIES})
        self.cries, self._left = Cries(channel, self._errands, pause), Lately(AGAIN)

    def open(self) -> AbstractAsyncContextManager[None]:
        """Updates can be taken in for as long as this lasts."""
        return self._errands.open()

    @property
    def is_open(self) -> bool:
        return self._errands.is_open

    async def take(self, raws: Sequence[object]) -> None:
        """Take a batch in; when this returns it is on disk.

        Raises:
            Exception: whatever `receive` raises; then nothing may be acknowledged.
        """
        batch = list({key_of(raw): kept(raw) for raw in sorted(raws, key=turn)}.items())
        for key, raw in batch:
            self._calmly(self.cries.hear, key, raw)
        await self.receive(batch)
        for _key, raw in batch:
            self._calmly(self._be_kind, raw)

    def _calmly(self, look: Callable[..., None], *update: Any) -> None:
        """Whatever is wrong with an update, it is stored and the next one looked at."""
        try:
            look(*update)
        except Unreadable:
            return  # its row will be quarantined, and reported there
        except Exception:
            log.exception("update not looked at", channel=self.channel.name)

    def _be_kind(self, raw: dict[str, Any]) -> None:
        query = raw.get("callback_query")
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            self._errands.start("courtesy", self.channel.answer_press(query["id"]))
        chat = group_of(raw)
        if chat is not None and self._left.first(str(chat), asyncio.get_running_loop().time()):
            self._errands.start("courtesy", self.channel.leave(chat))


def group_of(raw: dict[str, Any]) -> int | None:
    """The group or channel that we are in, as this update shows; None where there is none, or we are out already."""
    change = raw.get("my_chat_member")
    told = change if isinstance(change, dict) else raw.get("message") or raw.get("edited_message")
    chat = told.get("chat") if isinstance(told, dict) else None
    if not isinstance(chat, dict) or chat.get("type") not in {"group", "supergroup", "channel"}:
        return None
    member = change.get("new_chat_member") if isinstance(change, dict) else None
    if isinstance(member, dict) and member.get("status") in {"left", "kicked"}:
        return None
    return chat["id"] if type(chat.get("id")) is int else None
