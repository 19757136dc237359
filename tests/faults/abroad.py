"""Three learners abroad, their adults, and a platform that may fail: what the lives of the model begin with."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections import deque
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.demo.world import QuietChannel
from bot.domain.channel import NotSent, Outcome, Sent, Unknown
from bot.domain.messages import Outgoing
from tests.example import example
from tests.faults.crash_points import Death, prepare
from tests.journeys.driver import PARIS, Journey
from tests.journeys.people import join, settle_in, small

NAMES = {"lina": "Lina", "noemie": "Noémie", "jules": "Jules"}
SCHOOLS = {"lina": "valmer", "noemie": "valmer", "jules": "ombelle"}
TEAMS = {"valmer": ("nadia", "luc", "cathy"), "ombelle": ("yann", "thierry"), "": ("helene",)}
ADULTS = tuple(adult for team in TEAMS.values() for adult in team)
PROGRAMME = small(example())
BEGINNING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("2027-03-01 09:00", ("yes", "have")),
    ("2027-03-06 20:05", ("yes", "as_planned", "yes")),
    ("2027-03-10 18:30", ("so_so", "good", "interesting", "fine", "fine", "none", "no")),
)
START = "2027-03-11 09:00"
"""A Thursday; the learners have been abroad since Saturday."""


class Platform(QuietChannel):
    """A platform that cannot repeat. `coming` is what befalls the next messages: `full` what there is room for."""

    repeatable = False

    def __init__(self, shown: list[tuple[str, Outgoing]]) -> None:
        super().__init__()
        self.coming: deque[str] = deque()
        self.shown = shown

    async def send(self, message: Outgoing) -> Outcome:
        what = self.coming.popleft() if self.coming else "well"
        if what == "refused":
            return NotSent()
        if what == "dies before":
            raise Death
        self.shown.append((message.native, message))
        if what == "dies after":
            raise Death
        return Unknown() if what == "unknown" else Sent()


@cache
def beginning() -> tuple[Path, list[Outgoing]]:
    """A database in which the learners have been abroad for five days, and adults are there; and what all of them were shown."""
    folder = Path(tempfile.mkdtemp(prefix="compagnon-model-"))
    atexit.register(shutil.rmtree, folder)
    path, _programme = prepare(folder)
    journey = Journey(path, PROGRAMME, "2027-03-01 09:00")
    asyncio.run(_begin(journey))
    return path, journey.channel.sent


async def _begin(journey: Journey) -> None:
    """They have said that they arrived, and how the first days were: nothing is open."""
    await journey.do(settle_in, tuple(NAMES))
    await journey.do(join, *ADULTS, *NAMES)
    for until, presses in BEGINNING:
        await journey.go_to(local(until))
        for ref in NAMES:
            for choice in presses:
                await journey.press(ref, choice)
    for ref in NAMES:
        await journey.say(ref, "I saw the sea")
    journey.close()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)
