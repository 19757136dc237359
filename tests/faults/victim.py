"""A process made to be killed.

It plays the steps of a plan that are not yet done, on the real clock of the plan, and notes in `DONE` each step
that is over and in `SCREEN` each message that was sent, as a platform would have it.
"""

from __future__ import annotations

import asyncio
import json
import os
from multiprocessing.connection import Connection
from pathlib import Path

from bot.clock import SimulatedClock
from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.cries.detector import shipped
from bot.domain.messages import Outgoing
from bot.runtime.app import App
from bot.store.db import Database
from tests.example import example
from tests.faults.story import Step, play
from tests.journeys.people import small

shipped()  # read before anything is forked: that takes longer than all else of a start


class Screen(Channel):
    """A channel whose people live outside this process."""

    name = "web"
    repeatable = True

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def send(self, message: Outgoing) -> Outcome:
        os.write(self.file, (json.dumps([message.id, message.native, message.text]) + "\n").encode())
        return Sent()


def live(up: Connection, database: Path, plan: Path, done: Path, screen: Path) -> None:
    """The whole of the process; it says when it has come up."""
    asyncio.run(_play(up, database, plan, done, screen))


async def _play(up: Connection, database: Path, plan: Path, done: Path, screen: Path) -> None:
    steps = [Step.from_json(line) for line in plan.read_text("utf-8").splitlines()]  # noqa: ASYNC240
    over = os.open(done, os.O_RDWR | os.O_APPEND | os.O_CREAT)
    played = os.fstat(over).st_size
    programme = small(example())
    clock = SimulatedClock(steps[max(played - 1, 0)].at)
    db = Database(f"sqlite:///{database}", clock, programme)
    app = App(db, {"web": Screen(screen)})
    await app.start()
    up.send("up")
    for step in steps[played:]:
        await play(app, clock, step)
        os.write(over, b".")
    db.close()
