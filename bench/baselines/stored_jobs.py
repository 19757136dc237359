"""One stored APScheduler job for each reminder: what most bots do."""

from __future__ import annotations

import asyncio
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot

from bench.baselines.bare_telegram import Prompt, send
from bench.figures import seconds
from bot.clock import SystemClock

BOT: list[Bot] = []
"""A stored job is a name and its arguments: what it works with is found here."""
LEFT: list[int] = []


async def remind(prompt: Prompt) -> None:
    """The job."""
    await send(BOT[0], prompt)
    LEFT.pop()


async def run(bot: Bot, prompts: list[Prompt]) -> float:
    """Seconds until all jobs, due at one instant, have sent."""
    BOT[:], LEFT[:] = [bot], [1] * len(prompts)
    with TemporaryDirectory(prefix="compagnon-bench-") as folder:
        store = SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / 'jobs.db'}")
        late = {"misfire_grace_time": None, "coalesce": True}
        scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": store}, executors={"default": AsyncIOExecutor()}, job_defaults=late)  # fmt: skip
        scheduler.start(paused=True)
        due = SystemClock().now()
        for prompt in prompts:
            scheduler.add_job(remind, "date", run_date=due, args=[prompt])

        async def all_of_them() -> None:
            scheduler.resume()
            while LEFT:  # noqa: ASYNC110 - the jobs find it by its name
                await asyncio.sleep(0.005)

        spent = await seconds(all_of_them)
        scheduler.shutdown(wait=False)
        return spent
