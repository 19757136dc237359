"""The tick: one interval job in memory. It stores nothing and decides nothing; it only wakes the app."""

from __future__ import annotations

from datetime import UTC
from typing import Protocol

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY_SECONDS = 1


class Nudged(Protocol):
    """What the tick wakes."""

    def nudge(self) -> None: ...


def ticking(app: Nudged) -> AsyncIOScheduler:
    """A scheduler that nudges the app every second; late runs become one run, none is ever dropped."""
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": MemoryJobStore()})
    scheduler.add_job(
        app.nudge, "interval", seconds=EVERY_SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
    )
    return scheduler
