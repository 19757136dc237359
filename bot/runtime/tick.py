"""The tick, the audit and the night: jobs in memory. They store nothing and decide nothing; they only wake the app."""

from __future__ import annotations

from datetime import UTC
from typing import Protocol

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_SECONDS = 1
AUDIT_MINUTES = 5
"""The first audit comes so long after the start: by then what waited has been handled."""
BEAT_MINUTES = 5
PROGRAMME_SECONDS = 5
"""A programme that was changed in its file counts so soon."""
DAILY = ((2, 17, "tidy"), (2, 43, "put_all_away"), (5, 30, "look_ahead"))
"""Hour and minute, UTC: what is said then waits for people's own morning."""


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


def ticking(app: Looking, chores: Chores) -> AsyncIOScheduler:
    """Lets the app look every second, lets it audit itself every few minutes, and do its chores.

    Late runs become one run, none is ever dropped.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": MemoryJobStore()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(app.look_now, "interval", seconds=EVERY_SECONDS)
    scheduler.add_job(app.audit, "interval", minutes=AUDIT_MINUTES)
    scheduler.add_job(app.follow_programme, "interval", seconds=PROGRAMME_SECONDS)
    scheduler.add_job(chores.beat, "interval", minutes=BEAT_MINUTES)
    scheduler.add_job(chores.erase, "interval", minutes=BEAT_MINUTES)
    scheduler.add_job(chores.put_away, "interval", minutes=AUDIT_MINUTES)
    for hour, minute, name in DAILY:
        scheduler.add_job(getattr(chores, name), "cron", hour=hour, minute=minute)
    return scheduler
