"""Sending on the web wakes the pages that are open. What they show is read from the database, never from here."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b

from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.messages import Outgoing

OPEN_AT_ONCE = 8
"""Pages of one address that are kept up to date; with one more, the first one ends. Each of them is a look at the database at
every change: without an end, whoever opens hundreds would hold up everybody else's answer.
"""
REMEMBERED = 1000
"""So many states of pages are kept, to send a page that comes back only what it missed."""


def page_name(native: str) -> str:
    """An address, as other processes are told of it: it opens nothing, and says nothing to whoever hears it."""
    return blake2b(native.encode(), digest_size=12).hexdigest()


class Bell:
    """One open page. It is rung when there may be something new."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.over = False
        """Too many others were opened after it."""
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang before so many seconds were over."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class WebChannel(Channel):
    """Reaches people through pages they have open; who has none open finds the message in the history later."""

    name = "web"
    repeatable = True

    def __init__(self) -> None:
        self.closed = False
        self.hint: Callable[[str, bool], None] | None = None
        """Tells a browser that may be closed that there is a word, urgent or not; it returns at once."""
        self.beyond: Callable[[str], None] | None = None
        """Told the name of each address that is rung: its pages may be open in another process; it returns at once."""
        self._bells: dict[str, list[Bell]] = {}
        self._states: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    async def send(self, message: Outgoing) -> Outcome:
        """The message is in the database: that is where pages find it, open or not."""
        self.ring(message.native)
        if self.hint is not None:
            self.hint(message.native, message.urgent)
        return Sent()

    def ring(self, native: str) -> None:
        """Wake the open pages of an address, wherever they are open."""
        for bell in self._bells.get(native, ()):
            bell.ring()
        if self.beyond is not None:
            self.beyond(page_name(native))

    def ring_named(self, name: str) -> None:
        """Wake the pages that are open here: another process has rung."""
        for bells in self._bells.values():
            if bells and bells[0].name == name:
                for bell in bells:
                    bell.ring()

    @contextmanager
    def open_page(self, native: str) -> Iterator[Bell]:
        """A page of an address is open for as long as this lasts."""
        bell = Bell(page_name(native))
        bells = self._bells.setdefault(native, [])
        bells.append(bell)
        for first in [each for each in bells if not each.over][:-OPEN_AT_ONCE]:
            first.over = True
            first.ring()
        try:
            yield bell
        finally:
            bells.remove(bell)
            if not self._bells[native]:
                del self._bells[native]

    def close(self) -> None:
        """End every stream, so that the server can stop without waiting for them. Pages come back by themselves."""
        self.closed = True
        for bell in [bell for bells in self._bells.values() for bell in bells]:
            bell.ring()

    def remember(self, cursor: str, state: Mapping[str, str]) -> None:
        """What a page shows once it has this cursor: the version of every bubble."""
        self._states[cursor] = state
        self._states.move_to_end(cursor)
        while len(self._states) > REMEMBERED:
            self._states.popitem(last=False)

    def recall(self, cursor: str) -> Mapping[str, str]:
        """What a page with this cursor shows; nothing where that is forgotten, and then it is sent everything again."""
        return self._states.get(cursor, {})
