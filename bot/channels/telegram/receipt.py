"""What is done on arrival, at the edge: a cry for help answered before anything is stored, courtesies after it.

Neither is waited for, and neither can fail an update: what counts is in the inbox, and follows from there.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.keys import kept, key_of, turn
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
"""Seconds until the same chat is answered at once again: whoever is in need writes more than once."""
A_DAY = 86_400.0
"""So long Telegram keeps updates: one that comes again, because it could not be stored, is not answered again."""
TRIES = 3
"""So often an answer to a cry is tried, `pause` seconds apart."""
CRIES = 200
"""So many answers to cries for help may be on their way at once."""
COURTESIES = 100
"""So many courtesies may be; more are left out."""
REMEMBERED = 10_000


class Lately:
    """What was done not long ago. Instants are seconds of the event loop's clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._done: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str, now: float) -> bool:
        """Whether it was not done lately; from now on it was."""
        if now - self._done.get(key, -self.seconds - now) < self.seconds:
            return False
        self._done[key] = now
        self._done.move_to_end(key)
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        return True

    def forget(self, key: str) -> None:
        self._done.pop(key, None)


class Receipt:
    """Takes updates in, however they came, while it is open."""

    def __init__(self, channel: TelegramChannel, receive: Receive, *, pause: float = 1.0) -> None:
        self.channel, self.receive, self.pause = channel, receive, pause
        self._group: asyncio.TaskGroup | None = None
        self._running = {"cry": 0, "courtesy": 0}
        self._cries, self._left, self._heard = Lately(AGAIN), Lately(AGAIN), Lately(A_DAY)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Updates can be taken in for as long as this lasts: what is not waited for needs somebody who keeps it."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                yield
            finally:
                self._group = None

    @property
    def is_open(self) -> bool:
        return self._group is not None

    async def take(self, raws: Sequence[object]) -> None:
        """Take a batch in; when this returns it is on disk.

        Raises:
            Exception: whatever `receive` raises; then nothing may be acknowledged.
        """
        batch = list({key_of(raw): kept(raw) for raw in sorted(raws, key=turn)}.items())
        for key, raw in batch:
            self._calmly(self._hear, key, raw)
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

    def _hear(self, key: str, raw: dict[str, Any]) -> None:
        """Answer a cry for help at once, before any database work."""
        incoming = self.channel.read(key, raw)
        if incoming.sort not in {Sort.SAID, Sort.OTHER} or not is_sos(incoming.text, self.channel.cry_words):
            return
        now = asyncio.get_running_loop().time()
        if self._heard.first(key, now) and self._cries.first(incoming.address, now):
            self._start("cry", CRIES, self._reassure(key, incoming))

    async def _reassure(self, key: str, incoming: Incoming) -> None:
        """Said again when it may not have arrived: twice does no harm, and a stranger gets no other answer."""
        chat = incoming.address
        words = self.channel.cards.get(chat) or stranger_card(incoming.language)
        for _attempt in range(TRIES):
            await asyncio.sleep(self.channel.held(urgent=True))
            outcome = await self.channel.say_now(chat, words, urgent=True)
            if isinstance(outcome, Sent | Permanent):
                return
            told = outcome.retry_after if isinstance(outcome, NotSent) else None
            await asyncio.sleep(told.total_seconds() if told else self.pause)
        self._cries.forget(chat)
        self._heard.forget(key)
        log.warning("cry not answered at once", channel=self.channel.name)

    def _be_kind(self, raw: dict[str, Any]) -> None:
        query = raw.get("callback_query")
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            self._start("courtesy", COURTESIES, self.channel.answer_press(query["id"]))
        chat = group_of(raw)
        if chat is not None and self._left.first(str(chat), asyncio.get_running_loop().time()):
            self._start("courtesy", COURTESIES, self.channel.leave(chat))

    def _start(self, kind: str, most: int, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None or self._running[kind] >= most:
            work.close()
            return
        self._running[kind] += 1
        self._group.create_task(self._guarded(kind, work))

    async def _guarded(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        """A courtesy that fails must not end whoever keeps us going."""
        try:
            await work
        except Exception:
            log.exception("courtesy failed", channel=self.channel.name)
        finally:
            self._running[kind] -= 1


def stranger_card(language: str) -> str:
    """What a cry is answered where nothing is ready: the number that works everywhere here, in the sender's language."""
    return render(card(None), best_language(language, default="en"), EUROPE)


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
