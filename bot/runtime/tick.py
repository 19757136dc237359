"""The tick, the audit and the night: jobs in memory. They store nothing and decide nothing; they only wake the app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Protocol

import structlog
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SystemClock

log = structlog.get_logger()
EVERY_SECONDS = 1
"""What is due wakes us itself (`wake_timer`); this is for clocks that are set, and for what other programs write."""
AUDIT_MINUTES = 5
"""The first audit comes so long after the start: by then what waited has been handled."""
BEAT_MINUTES = 5
PROGRAMME_SECONDS = 5
"""A programme that was changed in its file counts so soon."""


class Looking(Protocol):
    """What the tick wakes."""

    def look_now(self) -> None: ...
    async def audit(self) -> None: ...
    async def follow_programme(self) -> None: ...


class Chores(Protocol):
    """What is done at its hour."""

    async def beat(self) -> None: ...
    async def erase(self) -> None: ...
    async def look_ahead(self) -> None: ...
    async def tidy(self) -> None: ...
    def put_away(self) -> None: ...
    def put_all_away(self) -> None: ...


BEAT = "beat"
JUMP = timedelta(minutes=1)
"""Nobody looked at the clock for so long: it was set, or the machine slept."""


class Clockwork(AsyncIOScheduler):  # type: ignore[misc]
    """Jobs wait for an instant of the machine's clock, which somebody may set. Set back by an hour, nothing would tick for that
    hour; set ahead by years, as on a machine that begins in 1970, every run that was missed would be counted one by one. So
    whenever it has jumped, all of them are counted from what it shows now; and the beat, which sets right what was done by a wrong
    clock, comes at once: a clock that is wrong for seconds must not put off a case for as long as it was wrong by.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._seen = SystemClock().now()

    def wakeup(self) -> None:
        """Called by a timer that no clock moves, whenever something is to be done: that is at least once a second."""
        seen, self._seen = self._seen, SystemClock().now()
        if self.state == STATE_RUNNING and not timedelta(0) <= self._seen - seen <= JUMP:
            log.warning("the clock was set, or the machine slept", state=f"by {self._seen - seen}")
            for job in self.get_jobs():
                job.modify(next_run_time=self._seen if job.id == BEAT else _from(self._seen, job))
        super().wakeup()


def _from(now: datetime, job: Job) -> datetime:
    """When a job has its next turn. A night that was slept through is made up for at once."""
    if isinstance(job.trigger, IntervalTrigger):
        pause: timedelta = job.trigger.interval
        return now + pause
    instants: list[datetime] = [job.next_run_time, job.trigger.get_next_fire_time(None, now)]
    return max(now, min(instants))


def _here(work: Callable[[], None]) -> Callable[[], Awaitable[None]]:
    """In the event loop: a plain function would be called on a thread of its own, and what it wakes there may not hear it."""

    @wraps(work)
    async def called() -> None:
        work()

    return called


def ticking(app: Looking, chores: Chores) -> Clockwork:
    """Lets the app look every second, lets it audit itself every few minutes, and do its chores.

    Late runs become one run, none is ever dropped.
    """
    scheduler = Clockwork(
        timezone=UTC,
        jobstores={"default": MemoryJobStore()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(_here(app.look_now), "interval", seconds=EVERY_SECONDS)
    scheduler.add_job(app.audit, "interval", minutes=AUDIT_MINUTES)
    scheduler.add_job(app.follow_programme, "interval", seconds=PROGRAMME_SECONDS)
    scheduler.add_job(chores.beat, "interval", minutes=BEAT_MINUTES, id=BEAT)
    scheduler.add_job(chores.erase, "interval", minutes=BEAT_MINUTES)
    scheduler.add_job(_here(chores.put_away), "interval", minutes=AUDIT_MINUTES)
    for (hour, minute), work in _nightly(chores).items():
        scheduler.add_job(work, "cron", hour=hour, minute=minute)
    return scheduler


def _nightly(chores: Chores) -> dict[tuple[int, int], Callable[[], Awaitable[None]]]:
    """By hour and minute, UTC: what is said then waits for people's own morning."""
    return {(2, 17): chores.tidy, (2, 43): _here(chores.put_all_away), (5, 30): chores.look_ahead}
