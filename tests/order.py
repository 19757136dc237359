"""In which order the workers of a run collect the tests, and in which they run them."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SLOW_TO_START = ("homeserver", "chromium")
"""Fixtures that start a server: their tests are the longest, too."""
FORKING = {
    "test_campaign", "test_consortia", "test_kill", "test_run", "test_run_desk", "test_run_email", "test_run_telegram",
    "test_two_replicas", "test_webhook_catch_up",
}  # fmt: skip
"""Files whose tests fork processes, all from one that has imported everything: it costs a worker six seconds of a core."""
OF_THEIR_OWN = {"test_homeserver", "test_sign_in"}
"""Files whose tests start homeservers of their own: the first of a worker costs it two seconds of a core."""


def from_another_end() -> list[str]:
    """All there is below `tests/`, for a worker: with that first with which no other worker begins. What one has compiled in a
    fresh clone the others find; each in its own order would compile all of it.
    """
    found = sorted({"/".join(path.relative_to(ROOT).parts[:2]) for path in ROOT.glob("tests/**/test_*.py")})
    begin = len(found) * int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) // _workers()
    return found[begin:] + found[:begin]


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Longest first, and one server of a kind for the whole run.

    Each worker begins with a share of its own, and takes from the end of another's when it has done that. What needs the
    same server therefore stands together, at the beginning of a share.
    """
    workers, items = _workers(), sorted(items, key=lambda item: item.nodeid.partition("::")[0])
    together = {name: [item for item in items if name in _needed(item)] for name in (*SLOW_TO_START, "forking")}
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for place, group in enumerate(together.values()):
        shares[place % workers] += group
    heavy = {item for share in shares for item in share}
    light = (item for item in items if item not in heavy)
    for place, share in enumerate(shares, 1):
        room = len(items) * place // workers - len(items) * (place - 1) // workers
        share += islice(light, max(room - len(share), 0) if place < workers else None)
    return [item for share in shares for item in share]


def _workers() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def _needed(item: pytest.Item) -> set[str]:
    """What a test is grouped by."""
    forking = {"forking"} if item.path.stem in FORKING else set()
    homeserver = {"homeserver"} if item.path.stem in OF_THEIR_OWN else set()
    return forking | homeserver | set(getattr(item, "fixturenames", ()))
