"""Words to strangers: said after the commit that decided them, by themselves, and not to everybody for ever."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping

from bot.domain.channel import Channel
from bot.domain.messages import Courtesy
from bot.domain.pace import Pace

WAITING = 200
"""So many wait to be said; a flood beyond that gets no answer."""


class Courtesies:
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
