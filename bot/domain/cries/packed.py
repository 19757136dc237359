"""The lists of several languages as they are kept: words in a trie, and rows of numbers that they lead to.

As Python's own objects they take thirty-five megabytes and a second to make; so packed one, and they are read at once.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from typing import NamedTuple

from marisa_trie import Trie

from bot.domain.cries.frames import BEFORE
from bot.domain.cries.misspellings import SHORTEST_SLIP, halves
from bot.domain.cries.word_list import SLOT, Pattern, Table

WHOLE, STEM, INNER, ENDING = "=", "^", "~", "$"
"""Before a word of the lists: it is the word, its beginning, what stands after a clitic, its end."""
Row = Sequence[int]


class Rows:
    """Rows of numbers, one after the other."""

    def __init__(self, rows: Iterable[Row]) -> None:
        found = list(rows)
        self._starts = array("I", accumulate(map(len, found), initial=0))
        self._numbers = array("I", (number for row in found for number in row))

    def __getitem__(self, place: int) -> Row:
        return self._numbers[self._starts[place] : self._starts[place + 1]]


class Index:
    """What words lead to: each to a row of numbers. A word has a number of its own, too, by which it is found again."""

    def __init__(self, found: Mapping[str, Row]) -> None:
        self.words = Trie(found)
        self._rows = Rows(found[self.words.restore_key(number)] for number in range(len(self.words)))

    def __getitem__(self, word: str) -> Row:
        number = self.words.get(word)
        return () if number is None else self._rows[number]

    def beginnings(self, word: str) -> Iterator[tuple[str, Row]]:
        """The words that this one begins with, the shortest first."""
        for known, number in self.words.iter_prefixes_with_ids(word):
            yield known, self._rows[number]


class Shape(NamedTuple):
    """What patterns have in common: their kind, the gaps before their words, and whether a negation is part of them."""

    kind: str
    gaps: tuple[int, ...]
    denies: bool


@dataclass(frozen=True)
class Packed:
    """Lists of several languages. Each place of a pattern has a number, which every word leads to that may stand there."""

    forgiving: bool
    words: Index
    halves: Index
    """Where one letter of a word is wrong, one half is right: each leads to the words it is half of."""
    languages: tuple[str, ...]
    spoken: Row
    """Of each number, the place of its language among `languages`."""
    shapes: tuple[Shape, ...]
    shaped: Row
    """Of each pattern, the place of its shape."""
    places: Rows
    """Of each pattern, the numbers of its words."""
    first: Rows
    """Of each number, the patterns that begin there."""
    spellings: Mapping[str, frozenset[str]]
    fillers: frozenset[str]
    unsaid: Mapping[str, frozenset[str]]
    near: Mapping[str, int]
    alone: frozenset[str]
    """Every way to say what is a cry by itself, in plain words."""


def packed(tables: Sequence[Table], *, forgiving: bool = True) -> Packed:
    """The lists of these languages as one; typing errors can be looked up in them where they are `forgiving`."""
    words: dict[str, list[int]] = defaultdict(list)
    spoken, rows, begun = array("B"), list[Row](), defaultdict[int, list[int]](list)
    shapes: dict[Shape, int] = {}
    shaped = array("I")
    for language, table in enumerate(tables):
        numbers: dict[frozenset[str], int] = {}
        negations = _negations(table)
        for pattern in table.patterns:
            for place in pattern.words:
                if place not in numbers:
                    numbers[place] = len(spoken)
                    spoken.append(language)
                    _lead(words, place, numbers[place])
            begun[numbers[pattern.words[0]]].append(len(rows))
            rows.append([numbers[place] for place in pattern.words])
            shaped.append(shapes.setdefault(_shape(pattern, negations), len(shapes)))
    index = Index(words)
    return Packed(
        forgiving,
        index,
        Index(_halves(index.words) if forgiving else {}),
        tuple(table.language for table in tables),
        spoken,
        tuple(shapes),
        shaped,
        Rows(rows),
        Rows(begun[number] for number in range(len(spoken))),
        _spellings(tables),
        frozenset[str]().union(*(table.fillers for table in tables)),
        {table.language: table.unsaid for table in tables},
        {table.language: table.near for table in tables},
        frozenset(_alone(tables)),
    )


def _lead(words: dict[str, list[int]], place: frozenset[str], number: int) -> None:
    """Each of the words of a place leads to its number."""
    for word in place:
        mark = WHOLE if "*" not in word else STEM if word[0] != "*" else INNER if word[-1] == "*" else ENDING
        leading = words[mark + word.strip("*")]
        if number not in leading[-1:]:
            leading.append(number)


def _negations(table: Table) -> frozenset[str]:
    """The words that deny what stands after them."""
    single = (each.words[0] for each in table.patterns if each.kind == SLOT + BEFORE and len(each.words) == 1)
    return frozenset[str]().union(*single)


def _shape(pattern: Pattern, negations: frozenset[str]) -> Shape:
    return Shape(pattern.kind, pattern.gaps, any(not negations.isdisjoint(place) for place in pattern.words))


def _halves(words: Trie) -> Mapping[str, Row]:
    """The halves of all words that are long enough to be mistyped; of a stem more is needed, or it would fit everything."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in range(len(words)):
        known = words.restore_key(number)
        if known[0] in (WHOLE, STEM) and len(known[1:]) >= SHORTEST_SLIP + (known[0] == STEM) and known[1:].isalpha():
            for half in halves(known[1:]):
                found[half].append(number)
    return found


def _spellings(tables: Iterable[Table]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for table in tables:
        for short, long in table.spellings.items():
            found[short] = found.get(short, frozenset()) | frozenset(long)
    return found


def _alone(tables: Iterable[Table]) -> Iterator[str]:
    for table in tables:
        for pattern in table.patterns:
            if pattern.kind == "alone":
                yield from map(" ".join, product(*pattern.words))
