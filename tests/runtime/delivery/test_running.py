"""Delivery beside everything else: slow sends, lanes, a platform's pace, its waits, and stopping."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.clock import SimulatedClock
from bot.domain.channel import Channel, NotSent, Outcome, Sent
from bot.domain.messages import Outgoing
from bot.domain.pace import Pace
from bot.domain.stay import Ended
from bot.handlers.say.post import About
from bot.handlers.sending.claim import Room
from bot.runtime.delivery import Delivery
from bot.store.messages import Lane
from bot.store.stays import StayRow
from tests.runtime.delivery.conftest import Office

ALL = ("lina", "noemie", "jules", "nadia", "luc", "yann")


class Slow(Channel):
    """Takes a message and holds it until told to let go."""

    name = "web"
    repeatable = False

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace
        self.began: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.outcomes: list[Outcome] = []
        self.changed = asyncio.Event()

    def hold(self, text: str) -> asyncio.Event:
        self.held[text] = asyncio.Event()
        return self.held[text]

    async def send(self, message: Outgoing) -> Outcome:
        self.began.append(message.text)
        self.changed.set()
        if message.text in self.held:
            await self.held[message.text].wait()
        outcome = self.outcomes.pop(0) if self.outcomes else Sent("7")
        if isinstance(outcome, NotSent) and outcome.retry_after and self.pace:
            now = asyncio.get_running_loop().time()
            self.pace.stop(now, outcome.retry_after.total_seconds(), urgent=message.urgent)
        return outcome

    async def until(self, *texts: str) -> None:
        """Until sending these has begun."""
        async with asyncio.timeout(10):
            while not set(texts) <= set(self.began):
                await self.changed.wait()
                self.changed.clear()


@asynccontextmanager
async def running(office: Office, channel: Slow) -> AsyncIterator[Delivery]:
    delivery = Delivery(office.db, {"web": channel})
    async with asyncio.TaskGroup() as group:
        group.create_task(delivery.run())
        try:
            yield delivery
        finally:
            for event in channel.held.values():
                event.set()
            delivery.stop()


def wide(burst: float = 100) -> Pace:
    return Pace(rate=1000, burst=burst, chat_rate=1000, chat_burst=1000, slots=100)


async def test_a_send_that_hangs_holds_up_nobody_else(office: Office) -> None:
    channel = Slow()
    channel.hold("slow")
    office.put("lina", "slow")
    office.put("lina", "behind it")
    async with running(office, channel) as delivery:
        await channel.until("slow")
        office.put("noemie", "quick")
        office.put("nadia", "alert", Lane.ALERT)
        delivery.nudge()
        await channel.until("quick", "alert")

        assert "behind it" not in channel.began


async def test_what_stands_behind_more_to_one_person_than_are_looked_at_goes_all_the_same(office: Office) -> None:
    channel = Slow()
    channel.hold("first")
    for text in ("first", *(f"behind it {number}" for number in range(Room().limit))):
        office.put("lina", text)
    office.put("noemie", "quick")
    async with running(office, channel):
        await channel.until("first", "quick")

        assert channel.began == ["first", "quick"]


async def test_what_follows_something_that_is_not_wanted_any_more_goes_all_the_same(office: Office) -> None:
    channel = Slow()
    office.put("lina", "not wanted", Lane.PROMPT, About(stay=1))
    office.put("lina", "wanted", Lane.PROMPT)
    office.db.run(lambda tx: tx.rows.execute(update(StayRow).values(ended=Ended.WITHDRAWN)))
    async with running(office, channel):
        await channel.until("wanted")

    assert (channel.began, office.states()) == (["wanted"], ["expired", "sent"])


async def test_stopping_waits_for_what_is_on_its_way(office: Office) -> None:
    channel = Slow()
    let_go = channel.hold("on its way")
    office.put("lina", "on its way")
    delivery = Delivery(office.db, {"web": channel})
    async with asyncio.TaskGroup() as group:
        group.create_task(delivery.run())
        await channel.until("on its way")
        delivery.stop()
        let_go.set()

    assert office.states() == ["sent"]


async def test_a_broadcast_at_the_platforms_pace_does_not_delay_an_answer(office: Office) -> None:
    channel = Slow(Pace(rate=5, burst=2, chat_rate=100, chat_burst=100, slots=100))
    for person in ALL[:5]:
        office.put(person, f"prompt {person}", Lane.PROMPT)
    async with running(office, channel) as delivery:
        await channel.until("prompt lina", "prompt noemie")
        office.put("yann", "answer", Lane.ANSWER)
        delivery.nudge()
        await channel.until("answer")

    assert channel.began[2] == "answer"


async def test_what_waits_for_the_pace_goes_on_by_itself(office: Office) -> None:
    channel = Slow(Pace(rate=100, burst=1, chat_rate=100, chat_burst=1, slots=100))
    texts = [f"{person} {number}" for number in range(5) for person in ALL]
    for text in texts:
        office.put(text.split()[0], text, Lane.PROMPT)
    async with running(office, channel):
        await channel.until(*texts)

    assert sorted(channel.began) == sorted(texts)


async def test_an_alert_does_not_wait_for_the_pace(office: Office) -> None:
    channel = Slow(Pace(rate=0.001, burst=1, chat_rate=100, chat_burst=100, slots=100))
    office.put("lina", "prompt", Lane.PROMPT)
    office.put("noemie", "never now", Lane.PROMPT)
    async with running(office, channel) as delivery:
        await channel.until("prompt")
        office.put("nadia", "alert", Lane.ALERT)
        delivery.nudge()
        await channel.until("alert")

    assert channel.began == ["prompt", "alert"]


async def test_a_chat_that_had_enough_rests_and_the_others_do_not(office: Office) -> None:
    channel = Slow(Pace(rate=1000, burst=1000, chat_rate=0.001, chat_burst=2, slots=100))
    for number in range(4):
        office.put("lina", f"lina {number}")
    office.put("noemie", "noemie 0")
    async with running(office, channel):
        await channel.until("lina 0", "lina 1", "noemie 0")

    assert sorted(channel.began) == ["lina 0", "lina 1", "noemie 0"]


async def test_a_wait_that_the_platform_names_holds_everything_but_alerts_to_others(
    office: Office, clock: SimulatedClock
) -> None:
    channel = Slow(wide())
    channel.outcomes = [NotSent(timedelta(hours=1))]
    office.put("lina", "one", Lane.PROMPT)
    async with running(office, channel) as delivery:
        await channel.until("one")
        await _written_down(office, "pending")
        office.put("noemie", "two", Lane.ANSWER)
        office.put("nadia", "alert", Lane.ALERT)
        delivery.nudge()
        await channel.until("alert")

    assert channel.began == ["one", "alert"]


async def test_an_alert_that_is_told_to_wait_holds_alerts_too(office: Office) -> None:
    channel = Slow(wide())
    channel.outcomes = [NotSent(timedelta(hours=1))]
    office.put("nadia", "alert", Lane.ALERT)
    delivery = Delivery(office.db, {"web": channel})
    await delivery.deliver()
    office.put("luc", "another alert", Lane.ALERT)
    await delivery.deliver()

    assert channel.began == ["alert"]


async def test_a_database_that_does_not_answer_for_a_moment_costs_no_outcome(office: Office) -> None:
    channel = Slow()
    let_go = channel.hold("one")
    office.put("lina", "one")
    failures = iter([OperationalError("COMMIT", None, Exception("disk full"))])

    def witness(point: str) -> None:
        if point == "commit" and let_go.is_set():
            for failure in failures:
                raise failure

    office.db.witness = witness
    async with running(office, channel):
        await channel.until("one")
        let_go.set()
        await _written_down(office, "sent")

    assert office.states() == ["sent"]


async def _written_down(office: Office, state: str) -> None:
    """Until the first message is in this state, looked at as rows are committed."""
    async with asyncio.timeout(10):
        while office.states()[0] != state:  # noqa: ASYNC110 - it is the file on disk that is looked at
            await asyncio.sleep(0.01)
