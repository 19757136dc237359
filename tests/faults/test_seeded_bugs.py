"""The model says nothing of the program as it is, and finds what was put into it: two of eight here, all of them with
`python -m tests.faults.seeded_bugs`.
"""

from __future__ import annotations

import pytest

from tests.faults.seeded_bugs import Bug, case_without_a_next_attempt, found, wall_between_schools_is_open


def test_without_a_fault_the_model_has_nothing_to_say() -> None:
    assert found(None, lives=1, steps=12) == (1, "")


@pytest.mark.parametrize(
    ("bug", "rule", "seed"),
    [(case_without_a_next_attempt, "no next attempt", 5), (wall_between_schools_is_open, "reads of", 1)],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_fault_that_was_put_in_is_found(bug: Bug, rule: str, seed: int) -> None:
    """The seeds are those with which it is found soonest, of a few that were tried."""
    assert rule in found(bug, lives=20, steps=12, seed=seed)[1]
