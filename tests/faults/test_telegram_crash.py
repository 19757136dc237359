"""The real process on Telegram, killed while it works: a few times here, 120 times with `python -m tests.faults.telegram_crash`."""

from __future__ import annotations

from pathlib import Path

from tests.faults.telegram_crash import trial


async def test_killed_at_random_nothing_is_lost_and_only_alerts_may_come_twice_marked(tmp_path: Path) -> None:
    told = await trial(tmp_path, kills=5, seed=7)

    assert (told.handled, told.answered, told.violations) == (told.updates, told.updates, [])
    assert (told.alerts_lost, told.alerts_twice_unmarked) == (0, 0)
    assert (told.reminders_lost, told.reminders_twice) == (0, 0)


async def test_stopped_politely_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    told = await trial(tmp_path, kills=4, seed=8, gently=True, faults=False)

    assert (told.handled, told.answered, told.violations) == (told.updates, told.updates, [])
    assert (told.alerts_lost, told.alerts_twice, told.reminders_lost) == (0, 0, 0)
    assert (told.reminders_twice, told.reminders_unknown, told.arrived) == (0, 0, told.outbound)
