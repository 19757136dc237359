"""How many examples a property is tried on: a few in each run of the tests, thousands with `HYPOTHESIS_PROFILE=thorough`.

Each run draws others, and what failed once is tried first the next time: what few examples miss today others find tomorrow.
"""

from __future__ import annotations

import os

from hypothesis import settings

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def tried(usually: int, thoroughly: int) -> int:
    """So many examples, or seeds, of what takes longer than other properties, or needs more of them."""
    return thoroughly if THOROUGH else usually


def register() -> None:
    """What holds for every property that says nothing else. A busy machine is no fault: nothing is timed."""
    settings.register_profile("compagnon", deadline=None, max_examples=tried(30, 1000))
    settings.load_profile("compagnon")
