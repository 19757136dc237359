"""The only place that asks what time it is. Everything else takes time as an argument."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Setting:
    """How a simulated clock runs: at real second `since` it showed `base`, and goes on at `rate` times real time."""

    base: datetime
    since: float
    rate: float


class SimulatedClock:
    """A clock that a person moves: for the demo, the rehearsal and the tests. It never goes back.

    `rate` is simulated seconds per real second; 0 stands still.
    """

    def __init__(self, start: datetime, rate: float = 0.0) -> None:
        self.setting = Setting(start.astimezone(UTC), time.monotonic(), rate)

    def now(self) -> datetime:
        seconds = (time.monotonic() - self.setting.since) * self.setting.rate
        return self.setting.base + timedelta(seconds=seconds)

    @property
    def rate(self) -> float:
        return self.setting.rate

    def run(self, rate: float) -> None:
        """Go on at another pace; 0 pauses."""
        self.setting = Setting(self.now(), time.monotonic(), rate)

    def move_to(self, instant: datetime) -> None:
        """Jump forward; an instant already past changes nothing."""
        self.setting = Setting(max(self.now(), instant.astimezone(UTC)), time.monotonic(), self.setting.rate)


class HeldClock:
    """Goes on from an instant that it certainly is by now, while the machine's own clock is behind it; but not for ever: then
    the machine is believed.
    """

    LONGEST = timedelta(hours=1)
    """A machine that asks for the time has it by then."""

    def __init__(self, machine: Clock, last: datetime) -> None:
        self._machine, self._last, self._since = machine, last, time.monotonic()

    def now(self) -> datetime:
        gone = timedelta(seconds=time.monotonic() - self._since)
        own = self._machine.now()
        return own if gone > self.LONGEST else max(own, self._last + gone)


Enough = Callable[[], bool]
"""Whether a piece of work has gone on for long enough, and what is left of it comes another time."""
A_MOMENT = 0.012
"""Seconds of work: what is begun by then comes to its end as well, and whoever cries for help waits for it."""
A_WHILE = 0.1
"""Seconds by the clock, where that work waits for a disk or a server."""


def never() -> bool:
    """All of it, however long that takes."""
    return False


def for_a_moment(clock: Clock, seconds: float = A_MOMENT) -> Enough:
    """From now on, in so many seconds of work of this thread: called and asked by whoever does that work. What else the machine
    has to do is not counted: it makes all work longer, and cut into smaller pieces there would only be more of it.

    On a clock that people move nobody waits, and the same work is cut up in the same way.
    """
    if isinstance(clock, SimulatedClock):
        return never
    done, over = time.thread_time() + seconds, time.monotonic() + A_WHILE
    return lambda: time.thread_time() > done or time.monotonic() > over
