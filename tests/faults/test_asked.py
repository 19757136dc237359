"""When a night's morning is over: nothing waits any more, now or because it failed before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.messages import Letter
from bot.handlers.say.post import post
from bot.store.db import Database, Tx
from bot.store.messages import Lane
from tests.faults.asked import waiting
from tests.faults.real_bot import know, prepare

LATER = timedelta(seconds=5)


@pytest.fixture
def db(tmp_path: Path, clock: SimulatedClock) -> Iterator[Database]:
    made = prepare(tmp_path, "", clock)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("lane", "attempts", "later"),
    [(Lane.ALERT, 1, 1), (Lane.ALERT, 0, 1), (Lane.ANSWER, 1, 1), (Lane.PROMPT, 2, 1), (Lane.PROMPT, 0, 0)],
)
def test_what_failed_before_is_waited_for_and_so_is_every_alert(
    db: Database, tmp_path: Path, lane: Lane, attempts: int, later: int
) -> None:
    def due_later(tx: Tx) -> None:
        row = post(tx, know(tx, "Ines", "web", "ines"), Letter("Call 112"), lane, due_at=tx.now + LATER)
        row.attempts = attempts

    db.run(due_later)

    left = [
        astuple(waiting(tmp_path / "data" / "compagnon.db", at, ())) for at in (db.clock.now(), db.clock.now() + LATER)
    ]

    assert left == [(0, later), (1, later)]
