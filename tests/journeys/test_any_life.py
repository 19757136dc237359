"""Whatever three learners and three adults do, in whatever order, the invariants hold after every step.

`HYPOTHESIS_PROFILE=thorough` plays twenty times as many lives, and shortens one that fails: that takes many minutes.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from bot.store import migrate
from bot.store.db import connect
from bot.store.messages import OutboxRow
from bot.store.people import Person
from tests.example import example
from tests.journeys.driver import Journey, cancel
from tests.journeys.people import join, settle_in, small
from tests.journeys.remembered import scene
from tests.properties import THOROUGH, tried

PEOPLE = ("lina", "noemie", "jules", "nadia", "luc", "yann")
LEARNERS = PEOPLE[:3]
WORDS = ("oui", "1", "2", "ça va", "SOS", "hello", "/start", "/stop", "/checkin", "/checklist", "/next", "/tasks", "😭")
STARTS = ("2027-02-01 09:00", "2027-03-05 19:00", "2027-03-12 22:00", "2027-03-26 12:00")
people = st.sampled_from(PEOPLE)


@cache
def _template() -> Path:
    """A migrated database to begin from: made when the first life begins, not by every worker that reads this file."""
    path = Path(tempfile.mkdtemp(prefix="compagnon-life-")) / "template.db"
    engine = connect(f"sqlite:///{path}", durable=False)
    migrate.upgrade(engine)
    engine.dispose()
    return path


@scene
async def all_here(journey: Journey) -> None:
    """Two of the three learners have said yes."""
    await journey.do(settle_in, LEARNERS)
    await journey.do(join, *PEOPLE)
    for ref in LEARNERS[:2]:
        await journey.press(ref, "yes")


class AnyLife(RuleBasedStateMachine):
    """Presses, words, and time that passes in steps or in one leap as after downtime."""

    programme = small(example())

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="compagnon-life-"))

    def play(self, acting: Coroutine[Any, Any, object]) -> None:
        self.runner.run(acting)

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: str) -> None:
        self.journey = Journey(Path(shutil.copy(_template(), self.folder / "life.db")), self.programme, start)
        self.play(all_here(self.journey))

    @rule(ref=people, words=st.sampled_from(WORDS))
    def somebody_writes(self, ref: str, words: str) -> None:
        self.play(self.journey.say(ref, words))

    @rule(ref=people, owner=people, back=st.integers(0, 4), place=st.integers(0, 4))
    def somebody_presses(self, ref: str, owner: str, back: int, place: int) -> None:
        """One of the last messages of their own, or of somebody else's."""
        wanted = select(OutboxRow.id).join(Person, Person.id == OutboxRow.person_id).where(OutboxRow.state == "sent")
        sent = self.journey.ask(wanted.where(Person.ref == owner).order_by(OutboxRow.id.desc()).limit(5))
        if sent:
            token = f"{sent[min(back, len(sent) - 1)][0]}.{place}"
            self.play(self.journey.bring(ref, {"token": token}))

    @rule(ref=people, back=st.integers(0, 2), place=st.integers(0, 4))
    def somebody_answers(self, ref: str, back: int, place: int) -> None:
        self.somebody_presses(ref, ref, back, place)

    @rule(hours=st.sampled_from((0.05, 1, 8, 26, 72, 200)))
    def time_passes(self, hours: float) -> None:
        self.play(self.journey.go_to(self.journey.clock.now() + timedelta(hours=hours)))

    @rule(hours=st.sampled_from((3, 30, 300)))
    def nobody_is_there_for_a_while(self, hours: float) -> None:
        self.journey.clock.move_to(self.journey.clock.now() + timedelta(hours=hours))
        self.play(self.journey.settle())

    @rule(ref=st.sampled_from(LEARNERS))
    def a_stay_is_cancelled(self, ref: str) -> None:
        self.play(self.journey.do(cancel, self.journey.stay(ref)))

    def teardown(self) -> None:
        if hasattr(self, "journey"):
            self.journey.close()
        self.runner.close()
        shutil.rmtree(self.folder)


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(
    max_examples=tried(6, 200),
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
    phases=tuple(Phase) if THOROUGH else (Phase.explicit, Phase.generate),
)
