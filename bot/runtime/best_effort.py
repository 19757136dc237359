"""Words beside the outbox: to strangers, after the commit that decided them, and not to everybody for ever; and those of
the first second after a cry, made ready before anybody cries.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from functools import partial

import structlog
from sqlalchemy.exc import OperationalError

from bot.domain.channel import Channel
from bot.domain.messages import Courtesy
from bot.domain.pace import Pace
from bot.handlers.case.sos import cards
from bot.store.db import Database

log = structlog.get_logger()
EVERY, SOON = 60.0, 1.0
"""Seconds until all cards are made anew: a phone number or a date may have changed; and until that is tried again."""

WAITING = 200
"""So many wait to be said; a flood beyond that gets no answer."""


class BestEffortReplies:
    """What was decided to be said to strangers. Lost when the process ends: whoever wants an answer asks again."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._waiting: deque[Courtesy] = deque(maxlen=WAITING)
        self._wanted = asyncio.Event()
        self._pace = Pace(rate=5, burst=20, chat_rate=1 / 120, chat_burst=5, slots=1)

    def add(self, said: tuple[Courtesy, ...]) -> None:
        self._waiting.extend(said)
        if said:
            self._wanted.set()

    async def run(self) -> None:
        """Say what comes, for ever."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self.say()

    async def say(self) -> None:
        """Say what waits. One address hears a few words, then no more than one every two minutes."""
        while self._waiting:
            courtesy = self._waiting.popleft()
            now = asyncio.get_running_loop().time()
            channel = self._channels.get(courtesy.channel)
            if channel is None or self._pace.chat_ready(courtesy.address, now) > now:
                continue
            await asyncio.sleep(self._pace.ready(now) - now)
            self._pace.take(courtesy.address, now)
            await channel.say(courtesy.address, courtesy.text)


class Cards:
    """Keeps each channel's `cards` true: all of them now and then, those of an address whose state changed at once."""

    def __init__(self, db: Database, channels: Mapping[str, Channel]) -> None:
        self._db, self._channels = db, channels
        if db.engine.dialect.name != "sqlite":  # there several processes may run, and none hears what another changes
            for name, channel in channels.items():
                channel.card_now = partial(self._look_up, name)

    async def _look_up(self, channel: str, native: str) -> str | None:
        return (await self._db.transact(cards, channel, [native])).get(native)

    async def run(self) -> None:
        """Make all of them anew, for ever."""
        while True:  # on the clock, not on a change: who moves a date or a phone number tells nobody
            renewed = await self._renew()
            await asyncio.sleep(EVERY if renewed else SOON)

    async def _renew(self) -> bool:
        """Whether the database let us."""
        for name, channel in self._channels.items():
            channel.cry_words = self._db.programme.sos.words
            try:
                channel.cards = await self._db.transact(cards, name)
            except OperationalError:
                log.exception("cards not renewed", channel=name)
                return False
        return True

    async def follow(self) -> None:
        """Who was confirmed a moment ago is answered with their own card, and who is not theirs any more is not."""
        while self._db.readdressed:
            changed = defaultdict[str, set[str]](set)
            while self._db.readdressed:
                name, native = self._db.readdressed.popleft()
                changed[name].add(native)
            for name, natives in changed.items():
                if (channel := self._channels.get(name)) is not None:
                    others = {there: card for there, card in channel.cards.items() if there not in natives}
                    channel.cards = others | await self._db.transact(cards, name, sorted(natives))
