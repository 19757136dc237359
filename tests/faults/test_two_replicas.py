"""Two real processes on one PostgreSQL, one of them killed: once each here, 60 times with `python -m tests.faults.two_replicas`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.two_replicas import trial

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")


async def test_one_of_two_killed_the_other_takes_over_and_nothing_is_lost_or_doubled(
    tmp_path: Path, postgres: Callable[[str | None], str], postgres_template: str
) -> None:
    lease = timedelta(seconds=10)  # what the dead one had in hand is waited for; with a minute it is most of the time
    told = await trial(tmp_path, postgres(postgres_template), kills=2, seed=1, lease=lease)

    assert (told.kills, told.of_who_polled, told.updates, told.handled, told.answered, told.violations) == (
        2, 1, 20, 20, 20, [],
    )  # fmt: skip
    assert (told.alerts_lost, told.alerts_twice_unmarked, told.reminders_lost, told.reminders_twice) == (0, 0, 0, 0)
    assert (told.at_most_one_turn, told.right) == (True, True)
