"""What the rest asks of a channel, and the four things that can come of sending."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.domain.messages import Attached, Incoming, Outgoing, Sort, Unseen
from bot.domain.pace import Pace

LONGEST = 4000
"""Longer messages are cut: enough for a page of text, too little to fill a disk."""

NAMES = {"telegram": "Telegram", "matrix": "Matrix", "web": "Web", "email": "E-mail", "console": "Terminal"}
"""What people call each channel."""
OPEN = frozenset({"email"})
"""Channels that others may read on the way: they carry a level and a link, no content; and nobody answers there."""

FROM_DISK = frozenset({"web"})
"""Channels that show every message as it is on our disk now: there is nothing to edit."""


@dataclass(frozen=True)
class Sent:
    """The platform has it."""

    native: str = ""
    """The channel's own id of the message, where it can be edited later."""


@dataclass(frozen=True)
class NotSent:
    """It certainly was not sent: refused, no connection, too fast. Try again, after `retry_after` if told so."""

    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Permanent:
    """It never will be: blocked, gone. `reason` is a short technical word."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """It may or may not have been sent: time-out, reset, server error after sending."""


Outcome = Sent | NotSent | Permanent | Unknown


class Unreadable(Exception):
    """An update has no shape that we know. The message says what is wrong, without a word of its content."""


CardNow = Callable[[str], Awaitable[str | None]]
"""What an address is answered at once to a cry, as the database has it at this moment; None for a stranger's."""


class Channel(Protocol):
    """A way to reach people."""

    name: str
    repeatable: bool
    """Sending the same message twice shows it once: an unknown outcome is simply tried again."""
    pace: Pace | None = None
    """How fast the platform lets us send; None where it does not mind."""
    elsewhere: bool = False
    """Of several processes on one database another one sends on it: only there is it known how to."""

    cards: Mapping[str, str] = {}
    """What a cry for help is answered at once, before anything is stored: the ready words of each address."""
    card_now: CardNow | None = None
    """Asked first where several processes share a database, so that what another one has changed counts at once."""
    cry_words: tuple[str, ...] = ()
    """The school's own words for a cry for help."""

    async def send(self, message: Outgoing) -> Outcome:
        """Try once. Never raises for what the platform or the network does."""

    def read(self, native: str, raw: dict[str, Any]) -> Incoming:
        """Take the channel's own shape off an update that was stored as it came.

        Raises:
            Unreadable: it has no shape that we know; it is set aside.
        """
        return read_plain(self.name, native, raw)

    def sender(self, raw: dict[str, Any]) -> str:
        """The address that an update came from, where all else of it may be unreadable; empty where that cannot be said."""
        address = raw.get("address")
        return address if isinstance(address, str) else ""

    async def say(self, native: str, text: str) -> None:
        """A courtesy to an address that nobody stands behind yet. Tried once; nothing depends on it."""
        return

    async def forget(self, native: str) -> None:
        """Whoever was there is erased: leave the room that was theirs. Tried once."""
        return

    async def fetch(self, file: Attached) -> bytes | NotSent | Permanent:
        """What a person sent as a file. `Permanent`: it is too large or gone. `NotSent`: try again."""
        return Permanent("no files here")


def read_plain(channel: str, native: str, raw: dict[str, Any]) -> Incoming:
    """The shape of our own channels: `{"address", "text" | "token" | "file", "mime"}`; of a file there is its number.

    Raises:
        Unreadable: it is none.
    """
    if not isinstance(raw.get("address"), str) or not isinstance(raw.get("text", ""), str):
        raise Unreadable("no sender, or words that are no text")
    text, token = storable(raw.get("text", "")), raw.get("token", "")
    person, file = raw.get("person", 0), _file(raw)
    if not isinstance(token, str) or not (text or token or file):
        raise Unreadable("neither words nor a button")
    spoken = file is not None and file.mime.startswith("audio/")
    return Incoming(
        channel, raw["address"], native, text, token, sort=Sort.OTHER if spoken else Sort.SAID, file=file,
        unseen=Unseen.VOICE if spoken else None, person=person if type(person) is int else 0,
    )  # fmt: skip


def _file(raw: dict[str, Any]) -> Attached | None:
    number, mime = raw.get("file"), raw.get("mime")
    return Attached(str(number), mime) if type(number) is int and isinstance(mime, str) else None


def storable(text: str) -> str:
    """A text as a database takes it: no half emoji, no NUL, not longer than a page."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "").strip()[:LONGEST]
