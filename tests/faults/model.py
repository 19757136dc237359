"""What must hold of three learners whatever happens to them, told by a model that knows nothing of how the program does it.

The model is a dictionary per learner: since when they cry for help, who has to have been told by when, whether their stay has
ended. Everything else it reads from two places: what people were shown, and plain SQL on the committed rows. Hypothesis plays:
people cry, answer, press old buttons; the platform is full, refuses, takes a message and says nothing; the process dies in the
middle of a send; time passes.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.pace import Pace
from bot.runtime.app import App
from tests.faults.abroad import NAMES, PROGRAMME, SCHOOLS, START, TEAMS, Platform, beginning, local
from tests.faults.asked import ask, instant, text_of
from tests.faults.crash_points import Death
from tests.journeys.driver import PARIS, Journey, cancel

CLIMBED: dict[str, tuple[tuple[str, timedelta], ...]] = {
    "valmer": (("luc", timedelta(0)), ("cathy", timedelta(minutes=25)), ("helene", timedelta(minutes=50))),
    "ombelle": (("thierry", timedelta(0)), ("helene", timedelta(minutes=50))),
}
"""Who has heard of a cry by when, where nobody takes it: the programme's ladder, with some minutes to spare."""
A_MINUTE = timedelta(minutes=1)
AGAIN = timedelta(hours=5)
"""A cry that nobody takes is told again after four hours at the latest."""


@dataclass
class Learner:
    """What the model holds to be true of one."""

    cried: datetime | None = None
    """Since when, as long as no adult has taken it."""
    ended: datetime | None = None


@dataclass
class Expected:
    """All of them."""

    learners: dict[str, Learner] = field(default_factory=lambda: {ref: Learner() for ref in NAMES})


class Lives(RuleBasedStateMachine):
    """Run it with `hypothesis.stateful.run_state_machine_as_test`."""

    programme = PROGRAMME

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="compagnon-model-"))
        self.expected = Expected()

    def play(self, acting: Coroutine[Any, Any, Any]) -> None:
        """Do it; whatever dies of it comes to life again, and goes on."""
        try:
            self.runner.run(acting)
        except (Death, BaseExceptionGroup):
            self.runner.run(self._reborn())

    async def _reborn(self) -> None:
        """The process is another one, on the same file."""
        self.journey.db.close()
        self.journey.open()
        self._work()
        await self.app.start()
        await self.app.settle()

    def _work(self) -> None:
        self.app = App(self.journey.db, {"web": self.platform})

    @initialize()
    def begin(self) -> None:
        """The three are abroad and have said yes; it was played once, and is copied."""
        template, shown = beginning()
        self.journey = Journey(Path(shutil.copy(template, self.folder / "life.db")), self.programme, START)
        self.platform = Platform([(each.native, each) for each in shown])
        self._work()
        [(self.before,)] = self._ask("SELECT max(id) FROM outbox")

    # What happens.

    @rule(ref=st.sampled_from(list(NAMES)))
    def a_learner_cries(self, ref: str) -> None:
        learner = self.expected.learners[ref]
        if learner.ended is None and learner.cried is None:
            learner.cried = self.now
            self.play(self._bring(ref, {"text": "SOS"}))

    @rule(ref=st.sampled_from(list(NAMES)), place=st.integers(0, 4))
    def a_learner_answers(self, ref: str, place: int) -> None:
        """The newest question."""
        self._press(ref, 0, place)

    @rule(ref=st.sampled_from(list(NAMES)), back=st.integers(1, 8), place=st.integers(0, 4))
    def a_learner_presses_an_old_button(self, ref: str, back: int, place: int) -> None:
        """It changes that conversation and no other."""
        messages = self._questions(ref)
        if len(messages) <= back:
            return
        old = messages[back][1]
        others = (
            "SELECT s.id, s.answers FROM sessions s JOIN people p ON p.id = s.person_id WHERE p.ref = ? AND s.id <> ?"
        )
        before = dict(self._ask(others, ref, old))
        self._press(ref, back, place)
        after = dict(self._ask(others, ref, old))
        assert {row: after[row] for row in before} == before, "an answer counted for another question"

    @rule(ref=st.sampled_from(("luc", "thierry", "nadia", "yann")))
    def an_adult_takes_a_case(self, ref: str) -> None:
        taken = "SELECT o.id, c.stay_id FROM outbox o JOIN people p ON p.id = o.person_id JOIN cases c ON c.id = o.case_id WHERE p.ref = ? AND o.state = 'sent' AND o.lane = 0 AND c.closed_at IS NULL AND c.owner_id IS NULL ORDER BY o.id DESC LIMIT 1"
        for message, stay in self._ask(taken, ref):
            [(learner,)] = self._ask(
                "SELECT p.ref FROM stays s JOIN people p ON p.id = s.person_id WHERE s.id = ?", stay
            )
            self.play(self._bring(ref, {"token": f"{message}.0"}))
            if self._ask("SELECT 1 FROM cases WHERE stay_id = ? AND owner_id IS NOT NULL", stay):
                self.expected.learners[learner].cried = None

    @rule(ref=st.sampled_from(list(NAMES)))
    def a_stay_ends(self, ref: str) -> None:
        learner = self.expected.learners[ref]
        if learner.ended is None:
            learner.ended, learner.cried = self.now, None
            self.play(self._do(cancel, self.journey.stay(ref)))

    @rule(minutes=st.sampled_from((3, 30, 120)))
    def time_passes(self, minutes: int) -> None:
        self.play(self._until(self.now + timedelta(minutes=minutes)))

    @rule()
    def sunday_comes(self) -> None:
        """On Sunday at half past six whoever is abroad, and with whom nothing else is open, was asked how the week was."""
        here = self.now.astimezone(PARIS)
        sunday = (here + timedelta(days=(6 - here.weekday()) % 7 or 7)).replace(hour=17, minute=50, second=0)
        if sunday > local("2027-03-24 12:00"):
            return
        self.play(self._until(sunday))
        free = [ref for ref in NAMES if self._asked_nothing(ref)]
        self.play(self._until(sunday + timedelta(minutes=40)))
        asked = "SELECT count(*) FROM sessions s JOIN people p ON p.id = s.person_id JOIN outbox o ON o.session_id = s.id WHERE p.ref = ? AND s.touchpoint = 'check_in' AND o.created_at BETWEEN ? AND ?"
        for ref in free:
            [(count,)] = self._ask(asked, ref, text_of(sunday + timedelta(minutes=10)), text_of(self.now))
            assert count, f"{ref} was not asked on Sunday evening"

    @rule(what=st.sampled_from(("unknown", "refused", "dies before", "dies after")), count=st.integers(1, 3))
    def the_platform_fails(self, what: str, count: int) -> None:
        self.platform.coming.extend([what] * (1 if what.startswith("dies") else count))

    @rule(full=st.booleans())
    def the_platform_is_full(self, full: bool) -> None:
        """Whoever is not crying waits until it has room again."""
        self.platform.pace = Pace(rate=1, burst=1, chat_rate=1, chat_burst=1, slots=0) if full else None

    # What must hold.

    @invariant()
    def who_must_be_told_is_told(self) -> None:
        """As the model's own ladder says; a platform that failed may have put it off by a few minutes."""
        if not hasattr(self, "app"):
            return
        for ref, learner in self.expected.learners.items():
            for adult, wait in CLIMBED[SCHOOLS[ref]] if learner.cried else ():
                due = (learner.cried or self.now) + wait
                told = any(native == adult and NAMES[ref] in each.text for native, each in self.platform.shown)
                assert told or self.now <= due + self._slack, f"{adult} has not heard of {ref}"

    @invariant()
    def an_open_case_goes_on(self) -> None:
        if hasattr(self, "app"):
            for case, wake, level in self._ask("SELECT id, wake_at, level FROM cases WHERE closed_at IS NULL"):
                assert wake is not None, f"case {case} has no next attempt"
                assert level.casefold() != "now" or instant(wake) < self.now + AGAIN, f"case {case} sleeps until {wake}"

    @invariant()
    def what_is_called_sent_was_shown(self) -> None:
        if hasattr(self, "app"):
            shown = {each.id for _native, each in self.platform.shown}
            sent = "SELECT id FROM outbox WHERE state = 'sent' AND edit_of IS NULL AND id > ?"
            lost = [row for (row,) in self._ask(sent, self.before) if row not in shown]
            assert lost == [], "called sent, and never shown"

    @invariant()
    def an_alert_does_not_expire(self) -> None:
        if hasattr(self, "app"):
            lost = "SELECT o.id FROM outbox o JOIN cases c ON c.id = o.case_id WHERE o.lane = 0 AND o.state IN ('expired', 'failed') AND c.closed_at IS NULL"
            assert self._ask(lost) == [], "an alert of an open case was dropped"

    @invariant()
    def no_question_comes_twice(self) -> None:
        if hasattr(self, "app"):
            prompts = {row for (row,) in self._ask("SELECT id FROM outbox WHERE lane = 2 AND edit_of IS NULL")}
            counts = Counter(
                each.id for _native, each in self.platform.shown if each.id in prompts and not each.edit_of
            )
            assert [row for row, count in counts.items() if count > 1] == [], "a question came twice"

    @invariant()
    def nobody_reads_of_strangers(self) -> None:
        if hasattr(self, "app"):
            for native, message in self.platform.shown:
                for ref, name in NAMES.items():
                    may = native == ref or native in (*TEAMS[SCHOOLS[ref]], *TEAMS[""])
                    assert may or name not in message.text, f"{native} reads of {ref}"

    @invariant()
    def whose_stay_has_ended_is_asked_nothing(self) -> None:
        if hasattr(self, "app"):
            asked = "SELECT o.id FROM outbox o JOIN people p ON p.id = o.person_id WHERE p.ref = ? AND o.lane = 2 AND o.session_id IS NOT NULL AND o.created_at > ?"
            for ref, learner in self.expected.learners.items():
                assert learner.ended is None or self._ask(asked, ref, text_of(learner.ended)) == [], (
                    f"{ref} is still asked"
                )

    # How it is done.

    @property
    def now(self) -> datetime:
        return self.journey.clock.now()

    @property
    def _slack(self) -> timedelta:
        """A send that fails is tried again after five seconds, then ten, …: a few minutes after several failures."""
        return timedelta(minutes=6)

    def _ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return ask(self.journey.path, sql, *values)

    def _questions(self, ref: str) -> list[tuple[str, int]]:
        """What asked somebody something, as they saw it, the newest first: its first button, and its conversation."""
        seen = [each for native, each in self.platform.shown if native == ref and each.buttons and not each.edit_of]
        rows = dict(self._ask("SELECT id, session_id FROM outbox WHERE session_id IS NOT NULL AND state = 'sent'"))
        return [(str(each.id), rows[each.id]) for each in reversed(seen) if each.id in rows]

    def _press(self, ref: str, back: int, place: int) -> None:
        messages = self._questions(ref)
        if len(messages) > back:
            self.play(self._bring(ref, {"token": f"{messages[back][0]}.{place}"}))

    def _asked_nothing(self, ref: str) -> bool:
        learner = self.expected.learners[ref]
        open_ones = "SELECT count(*) FROM sessions s JOIN people p ON p.id = s.person_id WHERE p.ref = ? AND s.state IN ('open', 'queued')"
        cases = "SELECT count(*) FROM cases c JOIN stays s ON s.id = c.stay_id JOIN people p ON p.id = s.person_id WHERE p.ref = ? AND c.closed_at IS NULL"
        return learner.ended is None and self._ask(open_ones, ref) == self._ask(cases, ref) == [(0,)]

    async def _bring(self, ref: str, sent: dict[str, Any]) -> None:
        self.journey.received += 1
        await self.app.receive("web", f"life-{self.journey.received}", {"address": ref, **sent})
        await self.app.settle()

    async def _do(self, handle: Any, *args: Any) -> None:
        await self.journey.db.transact(handle, *args)
        await self.app.settle()

    async def _until(self, end: datetime) -> None:
        """Wherever something has to happen, it happens; what waits for room is looked at every minute."""
        wake = await self.app.next_wake()
        while self.now < end and wake is not None and wake <= end:
            self.journey.clock.move_to(wake if wake > self.now else min(self.now + A_MINUTE, end))
            wake = await self.app.settle()
        self.journey.clock.move_to(end)
        await self.app.settle()

    def teardown(self) -> None:
        if hasattr(self, "journey"):
            self.journey.close()
        self.runner.close()
        shutil.rmtree(self.folder)
