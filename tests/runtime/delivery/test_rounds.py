"""How often delivery goes round, and what waits for that: any mix of messages, on a loop whose clock goes on when nothing is to do."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import pytest
from sqlalchemy import select

from bot.clock import SimulatedClock
from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.messages import Letter, Outgoing
from bot.domain.pace import Pace
from bot.domain.programme import Programme
from bot.handlers.say.post import post
from bot.runtime.delivery import MOMENT, SEVERAL, Delivery
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from tests.properties import tried
from tests.runtime.delivery.conftest import Office

RATE, BURST = 25.0, 10.0
PEOPLE = ("lina", "noemie", "jules", "nadia", "luc", "yann")


class VirtualTime(asyncio.SelectorEventLoop):
    """Its clock stands still while there is anything to do, and then goes on to what is next."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0]._cancelled:  # type: ignore[attr-defined]
            heapq.heappop(self._scheduled)._scheduled = False  # type: ignore[attr-defined]
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, self._scheduled[0]._when)  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class Carried(NamedTuple):
    person: str
    text: str
    urgent: bool
    began: float
    ended: float


class Line(Channel):
    """Takes its time for each message, and notes when it had it."""

    name, repeatable = "web", False

    def __init__(self, takes: float) -> None:
        self.pace = Pace(rate=RATE, burst=BURST, chat_rate=1000, chat_burst=1000, slots=16)
        self.takes, self.carried = takes, list[Carried]()

    async def send(self, message: Outgoing) -> Outcome:
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(self.takes)
        ended = asyncio.get_running_loop().time()
        self.carried.append(Carried(message.native, message.text, message.urgent, began, ended))
        return Sent("7")


class Put(NamedTuple):
    at: float
    person: str
    lane: Lane


@pytest.fixture
def here(sqlite_url: str, clock: SimulatedClock, programme: Programme) -> Iterator[Office]:
    """Nobody waits for a thread: all that happens happens on the loop's own clock."""
    opened = Database(sqlite_url, clock, programme, durable=False, alone=True)
    office = Office(opened, clock, opened.engine)
    yield office
    opened.close()


class Trial:
    """So many messages are put in at their instants; what became of each of them, and when."""

    def __init__(self, office: Office, takes: float, puts: list[Put]) -> None:
        self.office, self.puts, self.line = office, sorted(puts), Line(takes)
        self.delivery = Delivery(office.db, {"web": self.line})
        self.rounds = 0
        self.settled = dict[str, float]()

    def play(self) -> None:
        loop = VirtualTime()
        try:
            loop.run_until_complete(asyncio.wait_for(self._play(loop), 600))
        finally:
            loop.close()

    async def _play(self, loop: VirtualTime) -> None:
        self.office.db.witness = lambda point: self._look(loop.now) if point == "committed" else None
        async with asyncio.TaskGroup() as group:
            group.create_task(self.delivery.run())
            began = loop.now
            for at, puts in groupby(enumerate(self.puts), lambda each: each[1].at):
                await asyncio.sleep(began + at - loop.now)
                self.office.db.witness, witness = lambda _point: None, self.office.db.witness
                self.office.db.run(_put_in, self.office.people, puts)
                self.office.db.witness = witness
                self.delivery.nudge()
            while len(self.settled) < len(self.puts):  # noqa: ASYNC110 - virtual seconds
                await asyncio.sleep(1)
            self.delivery.stop()
        self.began = began

    def _look(self, now: float) -> None:
        self.rounds += 1
        for row in self.office.ask(select(OutboxRow.id).where(OutboxRow.state == "sent").order_by(OutboxRow.id)):
            self.settled.setdefault(str(row[0] - 1), now)


def _put_in(tx: Tx, people: dict[str, int], puts: Iterable[tuple[int, Put]]) -> None:
    """What is put in at one instant is one decision, as a broadcast is."""
    for number, put in puts:
        post(tx, people[put.person], Letter(str(number)), put.lane)


def _checked(trial: Trial) -> None:
    """What holds however often it goes round."""
    sent = {each.text.removeprefix("(perhaps a repeat) "): each for each in trial.line.carried}
    assert len(trial.line.carried) == len(sent) == len(trial.puts)
    for number, put in enumerate(trial.puts):
        each, at = sent[str(number)], trial.began + put.at
        others = [other for other in sent.values() if other.person == each.person and other is not each]
        assert not any(other.began < each.ended and each.began < other.ended for other in others)
        if put.lane == Lane.ALERT:  # at once, or as soon as what was on its way to the same person has arrived
            before = [other.ended for other in others if other.began <= at < other.ended]
            alerts = [other.ended for other in others if other.urgent and at <= other.ended <= each.began]
            assert each.began == pytest.approx(max([at, *before, *alerts]))
        # Written down at once where it is an alert, else in a moment at the latest.
        assert trial.settled[str(number)] - each.ended <= (0 if put.lane == Lane.ALERT else MOMENT) + 1e-6
    begins = sorted(each.began for each in sent.values() if not each.urgent)
    for first, begin in enumerate(begins):
        for last in range(first, len(begins)):
            assert last - first + 1 <= BURST + RATE * (begins[last] - begin) + 1e-6


@pytest.mark.parametrize("seed", range(tried(6, 60)))
def test_whatever_comes_when_alerts_go_at_once_and_nobody_is_written_to_twice_at_a_time(
    here: Office, seed: int
) -> None:
    chance = random.Random(seed)
    lanes = [Lane.ALERT, Lane.ANSWER, Lane.PROMPT, Lane.PROMPT, Lane.BROADCAST]
    puts = [
        Put(round(chance.choice((0.0, chance.uniform(0, 2))), 3), chance.choice(PEOPLE), chance.choice(lanes))
        for _ in range(60)
    ]
    trial = Trial(here, chance.choice((0.001, 0.03, 0.15)), puts)

    trial.play()

    _checked(trial)


def test_a_backlog_leaves_as_fast_as_the_platform_allows_in_a_round_for_several(here: Office) -> None:
    puts = [Put(0.0, PEOPLE[number % 6], Lane.PROMPT) for number in range(100)]
    trial = Trial(here, 0.002, puts)

    trial.play()

    _checked(trial)
    last = max(each.began for each in trial.line.carried) - trial.began
    assert last <= (len(puts) - BURST) / RATE + MOMENT
    in_between = [each.began for each in trial.line.carried if 1 < each.began - trial.began < 3]
    steady = Counter(round(began, 3) for began in in_between)  # at the end few recipients are left
    assert set(steady.values()) == {SEVERAL}


def test_a_message_that_leaves_alone_takes_two_transactions(here: Office) -> None:
    trial = Trial(here, 0.1, [Put(1.0, "lina", Lane.ANSWER)])

    trial.play()

    _checked(trial)
    assert trial.rounds == 1 + 2  # the first finds nothing yet


def test_an_answer_in_a_broadcast_goes_with_the_first_that_may_go(here: Office) -> None:
    prompts = [Put(0.0, person, Lane.BROADCAST) for person in PEOPLE[:5] * tried(16, 30)]
    answers = [Put(0.5 + number * 0.087, "yann", Lane.ANSWER) for number in range(20)]
    trial = Trial(here, 0.002, prompts + answers)

    trial.play()

    _checked(trial)
    sent = {each.text: each.began - trial.began for each in trial.line.carried}
    waits = [sent[str(number)] - put.at for number, put in enumerate(trial.puts) if put.lane == Lane.ANSWER]
    assert max(waits) <= 1 / RATE + 1e-6
    assert max(sent.values()) > trial.puts[-1].at  # the broadcast was still leaving
