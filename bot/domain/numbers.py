"""The number that stands for each choice, where choices are typed or tapped as numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence


def numbers(labels: Sequence[str]) -> tuple[int, ...]:
    """Its place, from 1; or the number that it is, where all of them are: "3" then means three and nothing else."""
    told = tuple(int(label) for label in labels if re.fullmatch(r"[0-9]{1,2}", label.strip()))
    return told if len(set(told)) == len(labels) else tuple(range(1, len(labels) + 1))
