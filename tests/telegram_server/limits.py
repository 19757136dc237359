"""How much a bot may send, and whether it waits when it was told to."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

TOLERANCE = 0.02
"""Seconds a timer may be early without being blamed."""


@dataclass(frozen=True)
class Limits:
    """Telegram's own, roughly. `now` is for tests that do not want to wait."""

    bot_per_second: float = 30
    chat_per_second: float = 1.0
    chat_burst: int = 5
    bot_burst: int = 30
    on: bool = True
    now: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class TooEarly:
    """A request that came before it was allowed again; `chat` is None if the whole bot had to wait."""

    method: str
    chat: int | None
    seconds: float


@dataclass
class Bucket:
    """So many at once, then so many a second."""

    rate: float
    most: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Takes one and answers 0, or takes none and answers how long until there is one."""
        self.level = min(self.most, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return (1 - self.level) / self.rate
        self.level -= 1
        return 0


@dataclass
class Pace:
    """The buckets, and what was promised: until when to be silent, by chat, None for the whole bot."""

    limits: Limits
    too_early: list[TooEarly] = field(default_factory=list)
    _buckets: dict[int | None, Bucket] = field(default_factory=dict)
    _silent_until: dict[int | None, float] = field(default_factory=dict)

    def told(self, chat: int | None, retry_after: float) -> None:
        """The bot was told to wait."""
        self._silent_until[chat] = self.limits.now() + retry_after

    def look(self, method: str, chat: int | None) -> None:
        """Keeps it if this request should not have come yet."""
        now = self.limits.now()
        for key in {None, chat}:
            left = self._silent_until.get(key, 0) - now
            if left > TOLERANCE:
                self.too_early.append(TooEarly(method, key, left))

    def retry_after(self, method: str, chat: int | None) -> int:
        """0 if this request may pass, else the seconds to wait; a chat's own limit is looked at first."""
        if not self.limits.on or chat is None or not method.startswith(("send", "edit")) or method == "sendChatAction":
            return 0
        for key in (chat, None):
            seconds = self._wait(key)
            if seconds:
                self.told(key, seconds)
                return seconds
        return 0

    def _wait(self, key: int | None) -> int:
        now, limits = self.limits.now(), self.limits
        rate, most = (
            (limits.bot_per_second, limits.bot_burst) if key is None else (limits.chat_per_second, limits.chat_burst)
        )
        left = self._silent_until.get(key, 0) - now
        if left > TOLERANCE:
            return math.ceil(left)
        bucket = self._buckets.setdefault(key, Bucket(rate, most, most, now))
        return math.ceil(bucket.wait(now))
