"""The example programme with one passage changed, and what `programme check` says of it."""

from __future__ import annotations

from bot.domain.programme.check import check, warnings
from bot.domain.programme.load import load
from tests.example import EXAMPLE


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1)


def after(marker: str, old: str, new: str) -> str:
    """The example with the first `old` after `marker` changed."""
    start = EXAMPLE.index(marker)
    assert old in EXAMPLE[start:]
    return EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1)


def errors(text: str) -> tuple[str, ...]:
    return tuple(str(problem) for problem in check(load(text, "p.toml")))


def notes(text: str) -> tuple[str, ...]:
    return tuple(str(problem) for problem in warnings(load(text, "p.toml")))
