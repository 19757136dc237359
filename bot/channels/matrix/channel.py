"""Matrix as a way to reach people: one account, encrypted rooms of two, one device that its identity signed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.channels.matrix.calls import CallError, Homeserver, NotReached, TooFast, Unanswered, part
from bot.channels.matrix.exchange import Exchange, NoReader, Pins
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.layout import content, texts, transaction
from bot.channels.matrix.machine import Machine
from bot.channels.matrix.outcomes import is_out, outcome_of, refuses_token
from bot.channels.matrix.reading import NAME, USER, read
from bot.channels.matrix.rooms import Room, Rooms, room_for
from bot.channels.matrix.setup import Account
from bot.channels.matrix.standing import Standing, check, move_on
from bot.domain.channel import Channel, NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Incoming, Outgoing
from bot.domain.pace import Pace

log = structlog.get_logger()
PATIENCE = 50.0
"""Seconds for all parts of one message: less than the lease of delivery, which is a minute."""
SHORT_WAIT = 5.0
"""Seconds a courtesy waits for its turn."""
NOT_YET = NotSent(timedelta(seconds=2))
"""Until the first sync nothing is known of any room."""
Pin = Callable[[str, str], Awaitable[None]]
"""Keeps the master key of a person."""


class MatrixChannel(Channel):
    """Reaches people from this account. `pinned` and `pin` keep by which identity each person is known."""

    name = NAME
    repeatable = True

    def __init__(self, account: Account, folder: Folder, *, pinned: Pins, pin: Pin) -> None:
        self.account, self.folder, self._pinned, self._pin = account, folder, pinned, pin
        self.server = Homeserver(account.homeserver)
        self.rooms = Rooms(account.user_id)
        self.exchange: Exchange | None = None
        """There while we are who we believe to be."""
        self.pace: Pace | None = Pace(rate=0.2, burst=10, chat_rate=0.5, chat_burst=5, slots=4)
        self.cry_words: tuple[str, ...] = ()
        self.cards: Mapping[str, str] = {}
        self.trouble: str | None = None
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def stand(self) -> None:
        """Take up our device, once it is certain that it is ours.

        Raises:
            Standing, NoStore, FolderError: it is not; nothing must be read or sent.
            CallError: the homeserver cannot be asked.
        """
        await self.stop()
        device, identity = self.folder.device(), self.folder.identity()
        if device is None or identity is None:
            raise Standing("Matrix is not set up. Run: python3 run.py matrix setup")
        self.server.token = device.token
        machine = Machine(device, self.folder, self.folder.pickle_key(self.account.pickle_key))
        try:
            await check(self.server, self.folder, machine, identity)
        except BaseException:
            machine.close()
            raise
        self.exchange = Exchange(self.server, machine, self._pinned)

    async def stop(self) -> None:
        """Let go of the device: nothing is sent until we stand again."""
        if self.exchange is not None:
            self.exchange.machine.close()
        self.exchange, self.rooms = None, Rooms(self.account.user_id)

    async def close(self) -> None:
        """The end: no old copy of the store is good after this."""
        if self.exchange is not None:
            try:
                await self.mark()
            except CallError as problem:
                log.warning("mark not moved", channel=NAME, state=type(problem).__name__)
        await self.stop()
        await self.server.close()

    async def mark(self) -> None:
        """Make every copy of the store that was made until now an old one."""
        if self.exchange is not None and self.exchange.machine.changes:
            self.exchange.machine.changes = 0
            device = self.exchange.machine.device
            await move_on(self.server, self.folder, device.user_id, device.device_id)

    def read(self, native: str, raw: dict[str, Any]) -> Incoming:
        return read(native, raw)

    async def send(self, message: Outgoing) -> Outcome:
        if self.exchange is None or not self.rooms.known:
            return NOT_YET
        if not USER.fullmatch(message.native) or message.native == self.account.user_id:
            return Permanent("gone")
        if message.file is not None:
            return Permanent("refused")  # files do not go this way yet
        try:
            async with asyncio.timeout(PATIENCE), self._turn(message.native):
                return await self._send(self.exchange, message)
        except TimeoutError:
            return Unknown()
        except NoReader as nobody:
            return Permanent(nobody.reason)
        except CallError as problem:
            return self.noted(problem, urgent=message.urgent)

    async def _send(self, exchange: Exchange, message: Outgoing) -> Outcome:
        """A part that was taken already is not shown twice: its transaction is the same."""
        room = await self._room(exchange, message)
        parts, sent = texts(message), ""
        for place, text in enumerate(parts[-1:] if message.edit_of else parts):
            if sent and self.pace is not None:
                self.pace.take(message.native, asyncio.get_running_loop().time())
            name = transaction(message, place, text) if message.id else secrets.token_urlsafe(12)
            sent = await self._post(exchange, room, message.native, content(text, message.edit_of), name)
        self.trouble = None
        return Sent(message.edit_of or sent)

    async def _room(self, exchange: Exchange, message: Outgoing) -> Room:
        """Where to write to this person: never before it is certain who may read it."""
        try:
            trust = await exchange.trust(message.native)
        except Unanswered as problem:
            raise NotReached(str(problem)) from None
        if trust.problem:
            raise NoReader(trust.problem)
        if message.id and not await self._pinned(message.native):
            await self._pin(message.native, trust.master)
        if room := self.rooms.with_person(message.native):
            return room
        if message.native in self.rooms.entering.values():
            raise NotReached("their room is not known yet")
        return await self._open(message.native)

    async def _open(self, user_id: str) -> Room:
        """A new room, encrypted from its first event on. Where outsiders may not invite, this is refused."""
        made = await self.server.call("POST", "/createRoom", room_for(user_id))
        return self.rooms.made(str(made["room_id"]), user_id)

    async def _post(
        self, exchange: Exchange, room: Room, user_id: str, said: Mapping[str, Any], transaction_name: str
    ) -> str:
        try:
            closed = await exchange.close_for(room.id, user_id, said, "m.room.message")
        except Unanswered as problem:
            raise NotReached(str(problem)) from None  # the keys did not arrive, and nothing was said
        if self.rooms.with_person(user_id) is None:
            raise NotReached("somebody came or left meanwhile")
        try:
            path = f"/rooms/{part(room.id)}/send/m.room.encrypted/{part(transaction_name)}"
            return str((await self.server.call("PUT", path, closed)).get("event_id", ""))
        except CallError as problem:
            if is_out(problem):
                self.rooms.drop(room.id)
            raise

    def _turn(self, user_id: str) -> asyncio.Lock:
        """One message at a time for each person: the key of their conversation must be theirs before it is used."""
        return self._turns.setdefault(user_id, asyncio.Lock())

    def noted(self, problem: Exception, *, urgent: bool = False) -> Outcome:
        """The outcome of a failure; a wait that the homeserver asks for is kept by everything else that is sent."""
        if isinstance(problem, TooFast) and self.pace is not None:
            self.pace.stop(asyncio.get_running_loop().time(), problem.wait.total_seconds(), urgent=urgent)
        if refuses_token(problem):
            self.trouble = "token"
        log.warning("call failed", channel=NAME, state=f"{type(problem).__name__} {problem}")
        return outcome_of(problem)

    def held(self, *, urgent: bool = False) -> float:
        """Seconds until the pace lets one more go."""
        now = asyncio.get_running_loop().time()
        return 0.0 if self.pace is None else self.pace.ready(now, urgent=urgent) - now

    async def say(self, native: str, text: str) -> None:
        """Only where they opened a room: strangers must not make us open any."""
        now = asyncio.get_running_loop().time()
        if (self.pace is None or self.pace.chat_ready(native, now) <= now) and (held := self.held()) <= SHORT_WAIT:
            await asyncio.sleep(held)
            if self.rooms.with_person(native) is not None:
                await self.say_now(native, text)

    async def say_now(self, native: str, text: str, *, urgent: bool = False) -> Outcome:
        """The same whatever the pace. Never raises."""
        if self.pace is not None:
            self.pace.take(native, asyncio.get_running_loop().time())
        return await self.send(Outgoing(0, native, text, urgent=urgent))
