"""What goes out into the rooms: only where it is certain who reads it, one message at a time for each person."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.channels.matrix.client_api import CallError, Homeserver, NotReached, Refused, Unanswered, part
from bot.channels.matrix.key_exchange import KeyExchange, NoReader, Reader
from bot.channels.matrix.layout import contents, transaction
from bot.channels.matrix.media import enclose
from bot.channels.matrix.outcomes import is_out
from bot.channels.matrix.rooms import Room, Rooms, room_for
from bot.domain.messages import Outgoing

log = structlog.get_logger()
TYPING = 5.0
"""Seconds after which the homeserver takes the sign back by itself: an answer seldom takes one."""
Pin = Callable[[str, str], Awaitable[None]]
"""Keeps the master key of a person."""
MESSAGE = "m.room.message"


class Posting:
    """Writes as the account `us`. `pin` keeps by which identity each person is known from now on."""

    def __init__(self, server: Homeserver, us: str, pin: Pin) -> None:
        self.server, self._us, self._pin = server, us, pin
        self.rooms = Rooms(us)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def forget(self) -> None:
        """Nothing is known of any room until the next sync."""
        self.rooms = Rooms(self._us)

    def turn(self, user_id: str) -> asyncio.Lock:
        """One message at a time for each person: the key of their conversation must be theirs before it is used."""
        return self._turns.setdefault(user_id, asyncio.Lock())

    async def post(self, exchange: KeyExchange, message: Outgoing, spend: Callable[[], None]) -> str:
        """Write to a person; the id of the last event. `spend` is called before each event but the first.

        A part that was taken already is not shown twice: its transaction is the same. A file goes before the words:
        they may have choices under them.

        Raises:
            NoReader: they have no device that may read it.
            CallError: the homeserver did not do its part.
        """
        reader = await self.reader(exchange, message)
        room = await self._room(reader.user_id)
        file = await enclose(self.server, message.file) if message.file and not message.edit_of else None
        parts = contents(message, file)
        try:
            return await self._say(exchange, reader, room, message, parts, spend)
        except Refused as refused:
            if not is_out(refused):
                raise
        room = await self._room(reader.user_id)  # that one is gone, and nobody had told us: all of it in another, once
        return await self._say(exchange, reader, room, message, parts, spend)

    async def _say(
        self, exchange: KeyExchange, reader: Reader, room: Room, message: Outgoing,
        parts: Sequence[Mapping[str, Any]], spend: Callable[[], None],
    ) -> str:  # fmt: skip
        sent = ""
        for place, said in enumerate(parts):
            if sent:
                spend()
            sent = await self._post(exchange, reader, room, message, said, place)
        return sent

    async def reader(self, exchange: KeyExchange, message: Outgoing) -> Reader:
        """Whom this is for: nothing is said before it is certain who may read it.

        Raises:
            NoReader: nobody may.
            CallError: it cannot be found out now.
        """
        known = message.identity or await exchange.pinned(message.native)
        try:
            trust = await exchange.trust(message.native, known)
        except Unanswered as problem:
            raise NotReached(str(problem)) from None
        if trust.problem:
            raise NoReader(trust.problem)
        if message.id and not known:
            await self._pin(message.native, trust.master)
        return Reader(message.native, trust.master)

    async def _room(self, user_id: str) -> Room:
        """Where to write to somebody. A room is opened where there is none; where outsiders may not invite, this is refused."""
        if room := self.rooms.with_person(user_id):
            return room
        if user_id in self.rooms.entering.values():
            raise NotReached("their room is not known yet")
        return await self._open(user_id)

    async def _open(self, user_id: str) -> Room:
        """A new room, encrypted from its first event on."""
        made = await self.server.call("POST", "/createRoom", room_for(user_id))
        return self.rooms.made(str(made["room_id"]), user_id)

    async def _post(
        self, exchange: KeyExchange, reader: Reader, room: Room, message: Outgoing, said: Mapping[str, Any], place: int
    ) -> str:
        """One part; the id by which it is changed later. Where its thread, or what it changes, is in a room that is no more,
        it stands by itself.
        """
        name = transaction(message, place, said) if message.id else secrets.token_urlsafe(12)
        try:
            sent = await self.event(exchange, reader, room, MESSAGE, said, name)
            return message.edit_of or sent
        except Refused as refused:
            if refused.status != 400 or not (message.thread or message.edit_of):
                raise
        whole = said.get("m.new_content", said)
        alone = {name: value for name, value in whole.items() if name != "m.relates_to"}
        return await self.event(exchange, reader, room, MESSAGE, alone, f"{name}-alone")

    async def event(
        self, exchange: KeyExchange, reader: Reader, room: Room, kind: str, said: Mapping[str, Any], name: str
    ) -> str:
        """One encrypted event; its id. `name` is that of its transaction."""
        try:
            closed = await exchange.close_for(reader, room.id, said, kind)
        except Unanswered as problem:
            raise NotReached(str(problem)) from None  # the keys did not arrive, and nothing was said
        return await self.plain(room, reader.user_id, "m.room.encrypted", closed, name)

    async def openly(self, message: Outgoing) -> str:
        """The words of a message as anybody in the room reads them, also the homeserver; only where there is a room.

        Raises:
            CallError: there is none, or the homeserver did not do its part.
        """
        room = self.rooms.with_person(message.native)
        if room is None:
            raise NotReached("there is no room")
        (said, *_more) = contents(message, None)
        return await self.plain(room, message.native, MESSAGE, said, secrets.token_urlsafe(12))

    async def plain(self, room: Room, user_id: str, kind: str, said: Mapping[str, Any], name: str) -> str:
        """One event as it is, to nobody but this person; its id."""
        if self.rooms.with_person(user_id) is None:
            raise NotReached("somebody came or left meanwhile")
        try:
            path = f"/rooms/{part(room.id)}/send/{part(kind)}/{part(name)}"
            return str((await self.server.call("PUT", path, said)).get("event_id", ""))
        except Refused as problem:
            if is_out(problem):
                self.rooms.drop(room.id)
            raise


class Signs:
    """The read receipts and the typing of the account `us`. Nothing depends on them: each is tried once."""

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
