"""The programme as it is shipped: its text, and what it says, read once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.domain.programme import Programme
from bot.domain.programme.load import load

EXAMPLE = (Path(__file__).parents[1] / "programme.example.toml").read_text("utf-8")


@cache
def example() -> Programme:
    return load(EXAMPLE, "programme.example.toml")
