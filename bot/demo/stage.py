"""Who plays whom: the visitor a learner and the adult who answers for them, the cast everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from bot.channels.web import Bell
from bot.demo.cast import Cast
from bot.demo.protagonists import Couple, find_couple, stays_of, unanswered
from bot.demo.world import World, native, speak
from bot.domain.channel import Outcome
from bot.domain.messages import Outgoing
from bot.store.db import Database
from bot.web.chat import WebChannel


class Part(StrEnum):
    """The two people whom the visitor sees."""

    LEARNER = "learner"
    ADULT = "adult"


class Voice(StrEnum):
    """Who answers for one of the two."""

    VISITOR = "visitor"
    CAST = "cast"
    NOBODY = "nobody"


class Ears(WebChannel):
    """The web chat, remembering what was sent: the cast answers that, and time may stop for it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Outcome:
        self.sent.append(message)
        return await super().send(message)

    def take(self) -> list[Outgoing]:
        """What was sent since the last look."""
        taken, self.sent = self.sent, []
        return taken


class Stage:
    """A world, its cast, and what the visitor has chosen. It is what the web chat asks of an app."""

    def __init__(self, make: Callable[[Ears], World], seed: int) -> None:
        self._make, self._seed = make, seed
        self.channel = Ears()
        self.world = make(self.channel)
        self.db: Database = self.world.db
        self.cast = Cast(self.world.db, seed)
        self.programme = None
        """There are no files to follow."""
        self.language = ""
        self.begun = asyncio.Event()
        self.couple: Couple | None = None
        self.looked = ""
        """Whose chat stands beside the phone."""
        self.voices = dict.fromkeys(Part, Voice.CAST)
        self.closed = False
        self.pressed = False
        """The visitor has written or pressed something in a chat."""
        self.touched = True
        """Somebody has written what is not seen to yet: what falls due next may be another thing."""
        self._work = Bell()
        self._pages: set[Bell] = set()

    async def receive(self, channel: str, number: str, raw: dict[str, Any]) -> bool:
        """Something the visitor sent as one of the two. It is handled by whoever moves the clock, never beside it."""
        self.pressed = True
        fresh = await self.world.app.receive(channel, number, raw)
        self.nudge()
        return fresh

    async def follow_programme(self) -> None:
        """The programme of a play stays what it was at its beginning."""

    def nudge(self) -> None:
        """There may be something to do."""
        self.touched = True
        self._work.ring()

    async def nudged(self, seconds: float) -> bool:
        return await self._work.wait(seconds)

    @contextmanager
    def open_page(self) -> Iterator[Bell]:
        """A page of the demo is open for as long as this lasts; its bell rings when there is something to show."""
        bell = Bell()
        self._pages.add(bell)
        try:
            yield bell
        finally:
            self._pages.discard(bell)

    def ring(self) -> None:
        """Show what has changed."""
        for bell in self._pages:
            bell.ring()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self.closed = True
        self.channel.close()
        self.ring()
        self.nudge()

    async def begin(self, language: str) -> None:
        """Bring in the team and the class, who speak the visitor's language unless they have one of their own."""
        if self.language:
            self.world.close()
            self.world = self._make(self.channel)
            self.db = self.world.db
            self.cast = Cast(self.db, self._seed)
            self.channel.take()
            self.touched = True
        self.language = language
        await self.world.populate(language)
        script = self.world.script
        await self.pick(script.first or script.rows[0].reference)
        await self.reply(self.channel.take())

    async def speak(self, language: str) -> None:
        """Go on in another language, with whoever spoke the visitor's."""
        if not self.world.script.own:
            await self.db.transact(speak, self.language, language)
        self.language = language

    async def pick(self, ref: str) -> bool:
        """Follow this learner from now on. False when there is none of this name."""
        found = await self.db.transact(find_couple, ref)
        if found is None:
            return False
        before, self.couple, self.looked = self.couple, found, found.adult
        self._hold()
        for part in Part:
            if before is not None and self.voices[part] is not Voice.CAST:
                await self._free(before, part)
        return True

    async def give(self, part: Part, voice: Voice) -> None:
        """Let somebody else answer for one of the two."""
        before, self.voices[part] = self.voices[part], voice
        self._hold()
        if self.couple is not None and voice is Voice.CAST and before is not voice:
            await self._free(self.couple, part)

    async def _free(self, couple: Couple, part: Part) -> None:
        """The cast takes up what the visitor has left unanswered."""
        ref = couple.learner if part is Part.LEARNER else couple.adult
        waiting = await self.db.transact(unanswered, ref, couple.stay)
        await self.cast.plan_replies(waiting, self.world.clock.now())

    def _hold(self) -> None:
        """What the cast meant to say for the visitor's learner is not said, nor for the adult where it is about them."""
        couple = self.couple
        whose = (
            {} if couple is None else {Part.LEARNER: (couple.learner, None), Part.ADULT: (couple.adult, couple.stay)}
        )
        self.cast.left = {
            (native(ref), stay) for part, (ref, stay) in whose.items() if self.voices[part] is not Voice.CAST
        }

    async def reply(self, sent: list[Outgoing]) -> bool:
        """Let the cast answer what it may. Whether the visitor is asked something."""
        if not sent and not self.cast.pressed:
            return False
        told = [message.id for message in sent if self._depends_on_stay(message)]
        stays = await self.db.transact(stays_of, told) if told else {}
        parts = {message.id: self._part(message, stays.get(message.id)) for message in sent}
        voices = {number: self.voices[part] if part else Voice.CAST for number, part in parts.items()}
        free = [message for message in sent if voices[message.id] is Voice.CAST]
        await self.cast.plan_replies(free, self.world.clock.now())
        return any(voices[message.id] is Voice.VISITOR and message.buttons for message in sent)

    def _depends_on_stay(self, message: Outgoing) -> bool:
        """Whom the cast does not play hears of other learners too, and the cast answers that."""
        adult = native(self.couple.adult) if self.couple else None
        return message.native == adult and self.voices[Part.ADULT] is not Voice.CAST

    def _part(self, message: Outgoing, stay: int | None) -> Part | None:
        """Which of the two a message is for. The adult's own part is what is about the learner: the rest is routine."""
        if self.couple is None:
            return None
        if message.native == native(self.couple.learner):
            return Part.LEARNER
        about = stay == self.couple.stay and message.native == native(self.couple.adult)
        return Part.ADULT if about else None
