"""How much a text is like a cry: learnt from sentences of cries and of everyday messages, for what no list names.

A linear classifier. It looks at pieces of words (two to five letters, whole words, which stand together) and at what the lists found the
words to mean, alone and two by two; the meanings are the same in every language, so that each learns from all the others.
Its weights are `likeness.bin`, written by `python3 run.py dev -m tests.domain.phrases.train`; features are hashed into a table of fixed
size (Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009), so that the time a message takes has a bound.
Nothing of a text is stored, and what spoke for a cry can be named (`reasons`).
"""

from __future__ import annotations

import math
import re
import struct
from array import array
from collections.abc import Collection, Iterable
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from zlib import crc32

from bot.domain.cries.reading import LONGEST, folded, undrawn

SIZE = 1 << 18
"""Rows of the table of weights."""
PIECES = range(2, 6)
"""Letters of a piece of a word."""
WEIGHTS = Path(__file__).parent / "likeness.bin"
HEAD = struct.Struct("<dd")
"""The bias, and what one step of a weight is worth."""
_TOKEN = re.compile(r"\w+|[^\w\s.,]")
"""A full stop says nothing: a sentence is the same with or without."""


def likeness(text: str, meanings: Collection[str]) -> float:
    """Above 0 where a text is more like a cry than not, in the unit of its logarithmic odds."""
    bias, step, weights = _weights()
    groups = (rows for each in features(text, meanings) if (rows := rows_of(each)))
    return bias + step * sum(sum(map(weights.__getitem__, rows)) / math.sqrt(len(rows)) for rows in groups)


def features(text: str, meanings: Collection[str]) -> tuple[set[str], set[str]]:
    """What is looked at: pieces of the text as it is written, and what its words mean, alone and two by two. Each of the two
    weighs the same, however much there is of it.
    """
    alone = {f"<{meaning}>" for meaning in meanings}
    return pieces(text), alone | {f"<{one}+{other}>" for one, other in combinations(sorted(meanings), 2)}


def rows_of(found: Iterable[str]) -> frozenset[int]:
    """The rows of the table that features fill."""
    return frozenset(_rows(found))


def pieces(text: str) -> set[str]:
    """Pieces of words, whole words, and which stand together."""
    tokens = [undrawn(token) for token in _TOKEN.findall(folded(text[:LONGEST]))]
    bordered = [f" {token} " for token in tokens]
    found = {
        token[start : start + length]
        for token in bordered
        for length in PIECES
        for start in range(len(token) - length + 1)
    }
    found.update(bordered)
    found.update(map(" ".join, pairwise(tokens)))
    found.update(f"{first} _ {last}" for first, last in zip(tokens, tokens[2:], strict=False))
    return found


def reasons(text: str, meanings: Collection[str], most: int = 8) -> list[tuple[str, float]]:
    """What speaks most for a cry, each with its part of the likeness."""
    _, step, weights = _weights()
    groups = features(text, meanings)
    parts = (
        (each, step * weights[row] / math.sqrt(len(group)))
        for group in groups
        for each, row in zip(group, _rows(group), strict=True)
    )
    return sorted(parts, key=lambda part: (-part[1], part[0]))[:most]


def _rows(found: Iterable[str]) -> list[int]:
    """The row of each: a message has hundreds, and a call for every one took as long as the rest."""
    return [crc32(each.encode()) % SIZE for each in found]


@cache
def _weights() -> tuple[float, float, array[int]]:
    written = WEIGHTS.read_bytes()
    bias, step = HEAD.unpack_from(written)
    return bias, step, array("b", written[HEAD.size :])
