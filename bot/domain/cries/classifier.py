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
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations_with_replacement, pairwise, starmap
from pathlib import Path
from zlib import crc32

from bot.domain.cries.deobfuscation import LONGEST, LONGEST_REMEMBERED, REMEMBERED, folded, undrawn

SIZE = 1 << 18
"""Rows of the table of weights."""
PIECES = range(2, 6)
"""Letters of a piece of a word."""
WEIGHTS = Path(__file__).parent / "likeness.bin"
HEAD = struct.Struct("<dd")
"""The bias, and what one step of a weight is worth."""
_TOKEN = re.compile(r"\w+|[^\w\s.,]")
"""A full stop says nothing: a sentence is the same with or without."""
PAIRS = 4096
"""Meanings two by two whose rows are remembered."""


def likeness(text: str, meanings: Collection[str]) -> float:
    """Above 0 where a text is more like a cry than not, in the unit of its logarithmic odds."""
    bias, step, weights = _weights()
    groups = (_rows_of_text(text), _rows_of_meanings(meanings))
    return bias + step * sum(sum(map(weights.__getitem__, rows)) / math.sqrt(len(rows)) for rows in groups if rows)


def features(text: str, meanings: Collection[str]) -> tuple[set[str], set[str]]:
    """What is looked at: pieces of the text as it is written, and what its words mean, alone and two by two. Each of the two
    weighs the same, however much there is of it.
    """
    return pieces(text), set(starmap(_both, _by_two(meanings)))


def _by_two(meanings: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each meaning with itself, and with every other."""
    return combinations_with_replacement(sorted(meanings), 2)


def _both(one: str, other: str) -> str:
    return f"<{one}>" if one == other else f"<{one}+{other}>"


def rows_of(found: Iterable[str]) -> frozenset[int]:
    """The rows of the table that features fill."""
    return frozenset(_rows(found))


def pieces(text: str) -> set[str]:
    """Pieces of words, whole words, and which stand together."""
    tokens = _tokens(text)
    return set(_together(tokens)).union(*map(_pieces_of, tokens))


def _rows_of_text(text: str) -> frozenset[int]:
    """The rows of its `pieces`."""
    tokens = _tokens(text)
    return rows_of(_together(tokens)).union(*map(_rows_of_token, tokens))


def _rows_of_meanings(meanings: Collection[str]) -> frozenset[int]:
    return frozenset(starmap(_row_of_both, _by_two(meanings)))


@lru_cache(maxsize=PAIRS)
def _row_of_both(one: str, other: str) -> int:
    (row,) = _rows((_both(one, other),))
    return row


def _tokens(text: str) -> list[str]:
    return [undrawn(token) for token in _TOKEN.findall(folded(text[:LONGEST]))]


def _together(tokens: Sequence[str]) -> list[str]:
    """Which words stand one after the other, and with one between."""
    nearly = zip(tokens, tokens[2:], strict=False)
    return [*map(" ".join, pairwise(tokens)), *(f"{first} _ {last}" for first, last in nearly)]


def _pieces_of(token: str) -> set[str]:
    """A word, and all that it is made of."""
    bordered = f" {token} "
    starts = range(len(bordered))
    return {bordered, *(bordered[start : start + length] for length in PIECES for start in starts[: 1 - length])}


def _rows_of_token(token: str) -> Iterable[int]:
    return _rows_of_word(token) if len(token) <= LONGEST_REMEMBERED else rows_of(_pieces_of(token))


@lru_cache(maxsize=REMEMBERED)
def _rows_of_word(token: str) -> array[int]:
    """Packed, since as a set each takes three kilobytes."""
    return array("I", rows_of(_pieces_of(token)))


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
