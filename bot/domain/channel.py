"""What delivery asks of a channel, and the four things that can come of sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.domain.messages import Outgoing


@dataclass(frozen=True)
class Sent:
    """The platform has it."""


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


class Channel(Protocol):
    """A way to reach people."""

    name: str
    repeatable: bool
    """Sending the same message twice shows it once: an unknown outcome is simply tried again."""

    async def send(self, message: Outgoing) -> Outcome:
        """Try once. Never raises for what the platform or the network does."""
