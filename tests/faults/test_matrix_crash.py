"""Killed on Matrix: twice here, thirty times and more with `python -m tests.faults.matrix_crash`."""

from __future__ import annotations

from pathlib import Path

from tests.faults.matrix_crash import trial


async def test_killed_while_encrypting_nothing_is_lost_doubled_or_unreadable(tmp_path: Path) -> None:
    told = await trial(tmp_path, messages=12, kills=2, seed=5)

    assert (told["in handled"], told["out lost"], told["out twice"], told["unreadable"]) == (12, 0, 0, 0)
