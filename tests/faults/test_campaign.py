"""Bad nights, a few deaths long: five hundred on each channel with `python -m tests.faults`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.campaign import night
from tests.faults.night import load
from tests.faults.plan import End

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")


async def test_killed_on_telegram_nothing_is_lost_and_only_alerts_may_come_twice_marked(tmp_path: Path) -> None:
    found = await night(tmp_path, "telegram", kills=3, seed=7, sends=load(20))

    assert found.wrong == []
    assert (found.figures["in handled"], found.figures["alerts"], found.figures["reminders"]) == (
        found.figures["in"], 6, 24,
    )  # fmt: skip


async def test_stopped_politely_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    found = await night(tmp_path, "telegram", kills=2, seed=8, sends=load(20), troubles=False, ends=(End.TERM,))

    assert found.wrong == []
    assert (found.figures["alerts twice"], found.figures["out unknown"]) == (0, 0)


async def test_killed_while_encrypting_nothing_is_lost_doubled_or_unreadable(tmp_path: Path) -> None:
    found = await night(tmp_path, "matrix", kills=2, seed=5, sends=load(12))

    assert found.wrong == []


async def test_killed_while_browsers_send_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    found = await night(tmp_path, "web", kills=3, seed=5, sends=load(20))

    assert found.wrong == []
