"""The list of one language: patterns of words, as they stand in a TOML file of `words/`.

A pattern is a line of words. `a/b` is either, `stem*` any word that begins so, `*end` one that ends so, `*stem*` one
that has it after a clitic, `@name` a class of the file, `..` up to three words in between, `...` up to six, `~` up to eight
before or after. Under `idioms` stands what only sounds like a cry; under `alone` what is one when nothing else is said, but for `fillers`. Under
`[slots]` stand meanings that cries are put together of (`frames.py`): each with its words, single ones as `a/b`, then a
comma before each way to say it that takes several; empty where the language says it with another word.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import NamedTuple

from bot.domain.cries.deobfuscation import letters_of, split
from bot.domain.cries.frames import NEAR

FOLDER = Path(__file__).parent / "words"
Ways = list[tuple[frozenset[str], ...]]
FIRST_HAN = "\u3400"
GAPS = {"..": 3, "...": 6, "~": -8}
SLOT = "@"
"""Before the name of a slot: what is no kind of cry, but part of what makes one."""


class Pattern(NamedTuple):
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
    unsaid: frozenset[str] = frozenset()
    """Slots that need no word of their own: a verb that says who."""
    near: int = NEAR


def tables() -> tuple[Table, ...]:
    """The lists that come with Compagnon, read anew: whoever looks words up in them asks for `heard.shipped`."""
    read = tuple(_table(path) for path in sorted(FOLDER.glob("*.toml")))
    for remembered in (_plain, folded, _same):  # while they were read: nobody asks again
        remembered.cache_clear()
    return read


@cache
def heard_languages() -> frozenset[str]:
    """The languages in which Compagnon listens by itself."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml")) - {"any"}


def _table(path: Path) -> Table:
    lists = tomllib.loads(letters_of(path.read_text("utf-8")))
    classes = {name: _each(words) for name, words in lists.pop("classes", {}).items()}
    spellings = {folded(short): tuple(map(folded, long.split())) for short, long in lists.pop("spellings", {}).items()}
    fillers = _each(lists.pop("fillers", ""))
    slots = lists.pop("slots", {})
    near = lists.pop("near", NEAR)
    lines = [(line, kind) for kind, written in lists.items() for line in written.splitlines() if line.strip()]
    lines += [(line, SLOT + name) for name, written in slots.items() for line in _slot(written)]
    found = chain.from_iterable(patterns(line, kind, classes) for line, kind in lines)
    unsaid = frozenset(name for name, written in slots.items() if not written)
    return Table(path.stem, tuple(found), spellings, fillers, unsaid, near)


def _slot(written: str) -> list[str]:
    """The ways to say what a slot means, with commas between them; those of one word are one."""
    ways = [way.strip() for way in written.split(",") if way.strip()]
    single = [way for way in ways if " " not in way]
    return [*(["/".join(single)] if single else []), *(way for way in ways if " " in way)]


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
    if all(len(ways) == 1 and len(ways[0]) == 1 for ways in places):
        yield Pattern(kind, tuple(ways[0][0] for ways in places), _same(tuple(before)))
        return
    for way in product(*places):
        gaps = [gap if first else 0 for words, gap in zip(way, before, strict=True) for first in _first(words)]
        yield Pattern(kind, tuple(chain.from_iterable(way)), _same(tuple(gaps)))


@cache
def _same(gaps: tuple[int, ...]) -> tuple[int, ...]:
    """One of all that are alike: twenty thousand patterns have a hundred."""
    return gaps


def _first(words: tuple[frozenset[str], ...]) -> list[bool]:
    return [place == 0 for place in range(len(words))]


def _ways(written: str, classes: Mapping[str, frozenset[str]]) -> Ways:
    """What may stand at one place: any of some words, or several in a row, as the characters of a Chinese word."""
    if "@" not in written:
        return _plain(written)
    ways = (classes[word[1:]] if word[0] == "@" else (folded(word),) for word in written.split("/"))
    return _each_way(frozenset(chain.from_iterable(ways)))


@cache
def _plain(written: str) -> Ways:
    return _each_way(frozenset(map(folded, written.split("/"))))


def _each_way(ways: frozenset[str]) -> Ways:
    rows = sorted(way for way in ways if " " in way)
    if not rows:
        return [(ways,)]
    words = ways.difference(rows)
    return [*([(words,)] if words else []), *(tuple(frozenset({char}) for char in row.split()) for row in rows)]


def phrase(words: str, kind: str) -> Pattern:
    """Words as a school writes them: each as it is, one after the other."""
    forms = tuple(frozenset({word}) for word in split(words))
    return Pattern(kind, forms, (0,) * len(forms))


def _each(words: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words.replace("/", " ").split())


@cache
def folded(word: str) -> str:
    """A word of `letters_of` a list as `read` would write it, its stars kept."""
    bare = word.strip("*")
    if not bare.isalpha() or max(bare) >= FIRST_HAN:
        bare = " ".join(split(bare))
    return "*" * (word[:1] == "*") + bare + "*" * (word[-1:] == "*")
