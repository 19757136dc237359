"""The tick and the night: two jobs in memory. They store nothing and decide nothing; they only wake the app."""

from __future__ import annotations

from datetime import UTC
from typing import Protocol

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_SECONDS = 1


class Nudged(Protocol):
    """What the tick wakes."""

    def nudge(self) -> None: ...
    async def tidy(self) -> None: ...


def ticking(app: Nudged) -> AsyncIOScheduler:
    """Nudges the app every second, and lets it tidy up at night; late runs become one run, none is ever dropped."""
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": MemoryJobStore()})
    scheduler.add_job(
        app.nudge, "interval", seconds=EVERY_SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    scheduler.add_job(app.tidy, "cron", hour=2, minute=17, coalesce=True, max_instances=1, misfire_grace_time=None)
    return scheduler
