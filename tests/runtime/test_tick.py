"""The tick: in the event loop, at once whatever somebody sets the machine's clock to."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.clock import SystemClock
from bot.runtime.tick import Clockwork, ticking
from tests.waiting import wait_for

NOON = datetime(2027, 4, 14, 12, tzinfo=UTC)


class Seen:
    """Stands for the app and its chores: notes what was asked of it, and on which thread."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []

    def _note(self, what: str) -> None:
        self.done.append((what, threading.get_ident()))

    def look_now(self) -> None:
        self._note("look")

    def put_away(self) -> None:
        self._note("put away")

    def put_all_away(self) -> None:
        self._note("put all away")

    async def audit(self) -> None:
        self._note("audit")

    async def follow_programme(self) -> None:
        self._note("programme")

    async def beat(self) -> None:
        self._note("beat")

    async def erase(self) -> None:
        self._note("erase")

    async def look_ahead(self) -> None:
        self._note("look ahead")

    async def tidy(self) -> None:
        self._note("tidy")


@pytest.fixture
def machine() -> Iterator[time_machine.Traveller]:
    """The machine's clock: it goes on, and somebody may set it."""
    with time_machine.travel(NOON, tick=True) as clock:
        yield clock


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
async def scheduler(machine: time_machine.Traveller, seen: Seen) -> AsyncIterator[Clockwork]:
    scheduler = ticking(seen, seen)
    scheduler.start()
    yield scheduler
    scheduler.shutdown(wait=False)


def pauses(scheduler: Clockwork) -> list[int]:
    """Whole minutes until each job has its turn."""
    now = SystemClock().now()
    return sorted(round((job.next_run_time - now) / timedelta(minutes=1)) for job in scheduler.get_jobs())


async def test_the_tick_comes_in_the_event_loop(scheduler: Clockwork, seen: Seen) -> None:
    await wait_for(lambda: seen.done)
    assert seen.done[0] == ("look", threading.get_ident())


async def test_a_clock_that_is_set_back_stops_no_tick(
    scheduler: Clockwork, seen: Seen, machine: time_machine.Traveller
) -> None:
    machine.move_to(NOON - timedelta(hours=8))
    await wait_for(lambda: len(seen.done) > 1)
    assert sorted(what for what, _thread in seen.done[:2]) == ["beat", "look"]
    assert pauses(scheduler) == [0, 0, 5, 5, 5, 5, 90, 22 * 60 + 17, 22 * 60 + 43]


async def test_a_clock_that_was_wrong_by_half_a_century_is_not_made_up_for(
    scheduler: Clockwork, seen: Seen, machine: time_machine.Traveller
) -> None:
    machine.move_to(NOON + timedelta(days=365 * 56))
    await wait_for(lambda: ("look", threading.get_ident()) in seen.done)
    assert len([what for what, _thread in seen.done if what == "look"]) == 1
    assert {"tidy", "put all away", "look ahead"} <= {what for what, _thread in seen.done}
