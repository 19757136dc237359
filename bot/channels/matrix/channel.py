"""Matrix as a way to reach people: one account, encrypted rooms of two, one device that its identity signed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from bot.channels.arrival import CRIES, Errands
from bot.channels.matrix.attachment import Broken
from bot.channels.matrix.choices import Offers
from bot.channels.matrix.client_api import CallError, Homeserver, TooFast, part
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.key_exchange import KeyExchange, NoReader, Pins
from bot.channels.matrix.machine import Machine
from bot.channels.matrix.media import fetch
from bot.channels.matrix.outcomes import outcome_of, refuses_token, unfetched
from bot.channels.matrix.own_device import NotOurDevice, check, move_on
from bot.channels.matrix.posting import Pin, Posting, Signs
from bot.channels.matrix.reading import NAME, USER, read
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.sign_in import Account
from bot.domain.channel import CardNow, Channel, NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Attached, Incoming, Outgoing
from bot.domain.pace import Pace

log = structlog.get_logger()
PATIENCE = 50.0
"""Seconds for all parts of one message: less than the lease of delivery, which is a minute."""
SHORT_WAIT = 5.0
"""Seconds a courtesy waits for its turn."""
NOT_YET = NotSent(timedelta(seconds=2))
"""Until the first sync nothing is known of any room."""
BESIDE = {"cry": CRIES, "sign": 100, "chips": 20}
"""What is done beside the rest, and so much of each at once."""


class MatrixChannel(Channel):
    """Reaches people from this account. `pinned` and `pin` keep by which identity each person is known."""

    name = NAME
    repeatable = True

    def __init__(self, account: Account, folder: Folder, *, pinned: Pins, pin: Pin) -> None:
        self.account, self.folder, self._pinned = account, folder, pinned
        self.server = Homeserver(account.homeserver)
        self.posting = Posting(self.server, account.user_id, pin)
        self.errands = Errands(NAME, BESIDE)
        self.offers = Offers(self.posting)
        self.signs = Signs(self.server, account.user_id)
        self.exchange: KeyExchange | None = None
        """There while we are who we believe to be."""
        self.pace: Pace | None = Pace(rate=0.2, burst=10, chat_rate=0.5, chat_burst=5, slots=4)
        self.cry_words: tuple[str, ...] = ()
        self.cards: Mapping[str, str] = {}
        self.card_now: CardNow | None = None
        self.trouble: str | None = None

    @property
    def rooms(self) -> Rooms:
        """As the last sync left them."""
        return self.posting.rooms

    async def stand(self) -> None:
        """Take up our device, once it is certain that it is ours.

        Raises:
            NotOurDevice, NoStore, FolderError: it is not; nothing must be read or sent.
            CallError: the homeserver cannot be asked.
        """
        await self.stop()
        device, identity = self.folder.device(), self.folder.identity()
        if device is None or identity is None:
            raise NotOurDevice("Matrix is not set up. Run: python3 run.py matrix setup")
        self.server.token = device.token
        machine = Machine(device, self.folder, self.folder.pickle_key(self.account.pickle_key))
        try:
            await check(self.server, self.folder, machine, identity)
        except BaseException:
            machine.close()
            raise
        self.exchange = KeyExchange(self.server, machine, self._pinned)

    async def stop(self) -> None:
        """Let go of the device: nothing is sent until we stand again."""
        if self.exchange is not None:
            self.exchange.machine.close()
        self.exchange = None
        self.posting.forget()

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

    def sender(self, raw: dict[str, Any]) -> str:
        event = raw.get("event")
        return str(event.get("sender", "")) if isinstance(event, dict) else ""

    async def send(self, message: Outgoing) -> Outcome:
        if self.exchange is None or not self.rooms.known:
            return NOT_YET
        if not USER.fullmatch(message.native) or message.native == self.account.user_id:
            return Permanent("gone")
        try:
            async with asyncio.timeout(PATIENCE), self.posting.turn(message.native):
                return await self._send(self.exchange, message)
        except TimeoutError:
            return Unknown()
        except NoReader as nobody:
            return Permanent(nobody.reason)
        except CallError as problem:
            return self.noted(problem, urgent=message.urgent)

    async def _send(self, exchange: KeyExchange, message: Outgoing) -> Outcome:
        sent = await self.posting.post(exchange, message, lambda: self._spend(message.native))
        self.trouble = None
        self.errands.start("sign", self.signs.spoke(self.rooms.with_person(message.native)))
        if self.offers.size(message):
            self.errands.start("chips", self._offer(exchange, message, sent))
        return Sent(sent)

    async def _offer(self, exchange: KeyExchange, message: Outgoing, event: str) -> None:
        """Something to tap; all of it, or nothing where messages may need the pace more."""
        now = asyncio.get_running_loop().time()
        if self.pace is not None and not self.pace.spare(self.offers.size(message), now):
            return
        try:
            await self.offers.put(exchange, message, event)
        except TooFast as problem:
            self.noted(problem)
        except (CallError, NoReader) as problem:  # such as M_DUPLICATE_ANNOTATION, of a message that was sent again
            log.debug("nothing to tap", channel=NAME, state=type(problem).__name__)

    def _spend(self, user_id: str) -> None:
        """A message of several events takes more of the pace than delivery has counted."""
        if self.pace is not None:
            self.pace.take(user_id, asyncio.get_running_loop().time())

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

    async def say_now(self, native: str, text: str, *, urgent: bool = False, openly: bool = False) -> Outcome:
        """The same whatever the pace. Never raises.

        What is urgent and cannot be closed for anybody whom we trust is said without a lock, in the room where they cried;
        so is what is said `openly`. It is no secret, and whoever cries may have no other device left.
        """
        self._spend(native)
        message = Outgoing(0, native, text, urgent=urgent)
        outcome = NOT_YET if openly else await self.send(message)
        if not urgent or isinstance(outcome, Sent | Unknown) or self.exchange is None:
            return outcome
        try:
            return Sent(await self.posting.openly(message))
        except CallError as problem:
            return outcome if isinstance(outcome, Permanent) else self.noted(problem, urgent=True)

    async def forget(self, native: str) -> None:
        """Leave the rooms with somebody, and let the homeserver forget that we were there."""
        us = self.account.user_id
        for room in [each for each in self.rooms.rooms.values() if each.other(us) == native]:
            try:
                await self.server.call("POST", f"/rooms/{part(room.id)}/leave", {})
                await self.server.call("POST", f"/rooms/{part(room.id)}/forget", {})
            except CallError as problem:
                log.warning("room not left", channel=self.name, state=type(problem).__name__)
            else:
                self.rooms.drop(room.id)

    async def fetch(self, file: Attached) -> bytes | NotSent | Permanent:
        silence = 0.0 if self.pace is None else self.pace.waits(asyncio.get_running_loop().time())
        if self.exchange is None or silence:
            return NotSent(timedelta(seconds=silence) if silence else None)
        try:
            return await fetch(self.server, file)
        except Broken:
            return Permanent("broken")
        except CallError as problem:
            self.noted(problem)
            return unfetched(problem)
