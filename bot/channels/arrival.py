"""What every channel does when something arrives: a cry for help is answered before anything is stored.

It is not waited for, and it cannot fail an update: what counts is in the inbox, and follows from there.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol

import structlog

from bot.domain.channel import CardNow, NotSent, Outcome, Permanent, Sent
from bot.domain.messages import Incoming, Sort
from bot.domain.programme.help import EUROPEAN
from bot.domain.sos import card, cry_in, is_sos
from bot.i18n import best_language, render

log = structlog.get_logger()
Batch = list[tuple[str, dict[str, Any]]]
Receive = Callable[[Batch], Awaitable[Any]]
"""Stores updates with their names. When it returns they are on disk; when it raises none is taken for stored."""
Alarm = Callable[[str | None], Awaitable[None]]
"""Told in a word what is wrong with a channel, and None when all is well again. Only changes are told."""
EUROPE = {"emergency": EUROPEAN}
"""What is said to somebody we do not know."""
AGAIN = 20.0
"""Seconds until the same person is answered at once again: whoever is in need writes more than once."""
A_DAY = 86_400.0
"""One that comes again, because it could not be stored, is not answered again."""
TRIES = 3
"""So often an answer to a cry is tried, `pause` seconds apart."""
CRIES = 200
"""So many answers to cries for help may be on their way at once."""
LOOKED_UP = 1.0
"""Seconds that a cry waits for what the database says of its author, where other processes may have changed it."""
REMEMBERED = 10_000
"""So many things done lately are kept in mind."""


class Lately:
    """What was done not long ago, so that it is not done again. Instants are seconds of any one clock."""

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


class Errands:
    """Work that nobody waits for, so much of each kind at once; more is left out."""

    def __init__(self, channel: str, most: Mapping[str, int]) -> None:
        self._channel, self._most = channel, most
        self._running = dict.fromkeys(most, 0)
        self._group: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """They can be begun for as long as this lasts: what is not waited for needs somebody who keeps it."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                yield
            finally:
                self._group = None

    @property
    def is_open(self) -> bool:
        return self._group is not None

    def start(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None or self._running[kind] >= self._most[kind]:
            work.close()
            return
        self._running[kind] += 1
        task = self._group.create_task(self._guarded(kind, work))
        task.add_done_callback(partial(self._over, kind, work))

    async def _guarded(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        """One that fails must not end whoever keeps us going."""
        try:
            await work
        except Exception:
            log.exception(f"{kind} failed", channel=self._channel)

    def _over(self, kind: str, work: Coroutine[Any, Any, None], _task: asyncio.Task[None]) -> None:
        """Done, or never begun: whoever keeps us going may have been told to stop before."""
        work.close()
        self._running[kind] -= 1


class Answering(Protocol):
    """A channel that can answer at once."""

    name: str
    cry_words: tuple[str, ...]

    @property
    def cards(self) -> Mapping[str, str]: ...
    @property
    def card_now(self) -> CardNow | None: ...
    def read(self, native: str, raw: dict[str, Any]) -> Incoming: ...
    def sender(self, raw: dict[str, Any]) -> str: ...
    def held(self, *, urgent: bool = False) -> float: ...
    async def say_now(self, native: str, text: str, *, urgent: bool = False, openly: bool = False) -> Outcome: ...


class Cries:
    """Answers cries for help at once, from what is in memory."""

    def __init__(self, channel: Answering, errands: Errands, pause: float) -> None:
        self._channel, self._errands, self.pause = channel, errands, pause
        self._cries, self._heard = Lately(AGAIN), Lately(A_DAY)

    def hear(self, native: str, raw: dict[str, Any]) -> None:
        """Look at one update, before any database work. One that cannot be read may be a cry all the same.

        Raises:
            Unreadable: it has no shape that we know.
        """
        try:
            incoming = self._channel.read(native, raw)
        except Exception:
            address = self._channel.sender(raw)
            if address and cry_in(raw, self._channel.cry_words):
                self._answer(native, Incoming(self._channel.name, address, native))
            raise
        if incoming.sort not in {Sort.SAID, Sort.OTHER, Sort.UNSURE} or not is_sos(
            incoming.text, self._channel.cry_words
        ):
            return
        self._answer(native, incoming)

    def _answer(self, native: str, cry: Incoming) -> None:
        now = asyncio.get_running_loop().time()
        if self._heard.first(native, now) and self._cries.first(cry.address, now):
            self._errands.start("cry", self._reassure(native, cry))

    async def _reassure(self, native: str, cry: Incoming) -> None:
        """Said again when it may not have arrived: twice does no harm, and a stranger gets no other answer. A device that
        nobody vouches for may be the only one that its owner still has: it is answered as well.
        """
        person, openly = cry.address, cry.sort is Sort.UNSURE
        words = await self._card(person) or stranger_card(cry.language)
        for _attempt in range(TRIES):
            await asyncio.sleep(self._channel.held(urgent=True))
            outcome = await self._channel.say_now(person, words, urgent=True, openly=openly)
            if isinstance(outcome, Sent | Permanent):
                return
            told = outcome.retry_after if isinstance(outcome, NotSent) else None
            await asyncio.sleep(told.total_seconds() if told else self.pause)
        self._cries.forget(person)
        self._heard.forget(native)
        log.warning("cry not answered at once", channel=self._channel.name)

    async def _card(self, person: str) -> str | None:
        """The ready words of an address: those of this very moment where they can be had in time, else from memory."""
        if self._channel.card_now is not None:
            try:
                async with asyncio.timeout(LOOKED_UP):
                    return await self._channel.card_now(person)
            except Exception:
                log.exception("card not looked up", channel=self._channel.name)
        return self._channel.cards.get(person)


def stranger_card(language: str) -> str:
    """What a cry is answered where nothing is ready: the number that works everywhere here, in the sender's language."""
    return render(card(None), best_language(language, default="en"), EUROPE)


class Telling:
    """An alarm that is told about changes. One that could not be told is told the next time."""

    def __init__(self, alarm: Alarm, channel: str) -> None:
        self._alarm, self._channel, self._told = alarm, channel, ""

    async def tell(self, problem: str | None) -> None:
        if (problem or "") == self._told:
            return
        try:
            await self._alarm(problem)
        except Exception:
            log.exception("alarm not raised", channel=self._channel, state=problem)
        else:
            self._told = problem or ""
