"""The list of one language: patterns of words, as they stand in a TOML file of `words/`.

A pattern is a line of words. `a/b` is either, `stem*` any word that begins so, `*stem*` one that has it after a clitic,
`@name` a class of the file, `..` up to three words in between, `...` up to six, `~` up to eight before or after. Under `idioms` stands what only sounds
like a cry; under `alone` what is one when nothing else is said, but for `fillers`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from pathlib import Path

from bot.domain.cries.reading import split

FOLDER = Path(__file__).parent / "words"
GAPS = {"..": 3, "...": 6, "~": -8}
APART = frozenset({"classes", "spellings", "idioms", "alone", "fillers"})
"""What is no kind of cry."""


@dataclass(frozen=True)
class Pattern:
    """Words in their order; before each, how many others may stand between it and the one before; below nought on either
    side.
    """

    kind: str
    words: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """What is listened for in one language."""

    language: str
    patterns: tuple[Pattern, ...]
    spellings: Mapping[str, tuple[str, ...]]
    """Ways to write several words as one: `jsuis` is `je suis`."""
    fillers: frozenset[str]


@cache
def tables() -> tuple[Table, ...]:
    """The lists that come with Compagnon."""
    return tuple(_table(path) for path in sorted(FOLDER.glob("*.toml")))


def _table(path: Path) -> Table:
    lists = tomllib.loads(path.read_text("utf-8"))
    classes = {name: _each(words) for name, words in lists.pop("classes", {}).items()}
    spellings = {folded(short): tuple(map(folded, long.split())) for short, long in lists.pop("spellings", {}).items()}
    fillers = _each(lists.pop("fillers", ""))
    lines = [(line, kind) for kind, written in lists.items() for line in written.splitlines() if line.strip()]
    found = chain.from_iterable(patterns(line, kind, classes) for line, kind in lines)
    return Table(path.stem, tuple(found), spellings, fillers)


def patterns(line: str, kind: str, classes: Mapping[str, frozenset[str]]) -> Iterator[Pattern]:
    """What one line of a list means.

    Raises:
        KeyError: it names a class that the file does not have.
    """
    places: list[list[tuple[frozenset[str], ...]]] = []
    before: list[int] = []
    gap = 0
    for written in line.split():
        if written in GAPS:
            gap += GAPS[written]
            continue
        places.append(_ways(written, classes))
        before.append(gap)
        gap = 0
    for way in product(*places):
        gaps = [gap if first else 0 for words, gap in zip(way, before, strict=True) for first in _first(words)]
        yield Pattern(kind, tuple(chain.from_iterable(way)), tuple(gaps))


def _first(words: tuple[frozenset[str], ...]) -> list[bool]:
    return [place == 0 for place in range(len(words))]


def _ways(written: str, classes: Mapping[str, frozenset[str]]) -> list[tuple[frozenset[str], ...]]:
    """What may stand at one place: any of some words, or several in a row, as the characters of a Chinese word."""
    ways = {way for word in written.split("/") for way in (classes[word[1:]] if word[0] == "@" else [folded(word)])}
    rows = [tuple(frozenset({char}) for char in way.split()) for way in sorted(ways) if " " in way]
    words = frozenset(way for way in ways if " " not in way)
    return [(words,), *rows] if words else rows


def phrase(words: str, kind: str) -> Pattern:
    """Words as a school writes them: each as it is, one after the other."""
    forms = tuple(frozenset({word}) for word in split(words))
    return Pattern(kind, forms, (0,) * len(forms))


def _each(words: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words.replace("/", " ").split())


def folded(word: str) -> str:
    """A word of a list as `read` would write it, its stars kept."""
    bare = " ".join(split(word.strip("*")))
    return "*" * (word[:1] == "*") + bare + "*" * (word[-1:] == "*")
