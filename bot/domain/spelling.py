"""Comparing what people write: without accents, case and punctuation; the nearest word; people and classes by name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TypeVar

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

K = TypeVar("K")
_POLITE = {"merci", "stp", "svp", "please", "thanks", "thank", "you", "por", "favor", "gracias"}
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
SHORTEST_PART, SHORTEST_SLIP = 3, 5
"""Letters of a part of a name that is looked for in words, and of one in which a typing error is forgiven."""
ALIKE = 84
"""Names that resemble each other so much (of 100) are two spellings of one."""
LONGEST = 5
"""A name at the beginning of a message is so many words at the most."""


def folded(written: str) -> str:
    """Lower-case letters and digits, single spaces: `E-mail du n° 1` gives `e mail du n 1`."""
    if written.isascii():  # nearly all that a sheet holds, at a fifth of the cost
        return _BETWEEN_WORDS.sub(" ", written.lower()).strip()
    bare = unicodedata.normalize("NFKD", written.replace("°", " ")).casefold().translate(LIGATURES)
    letters = (char if char.isalnum() else " " for char in bare if not unicodedata.combining(char))
    return " ".join("".join(letters).split())


def plain(text: str) -> str:
    """`folded`, without politeness unless there is nothing else."""
    words = folded(text).split()
    kept = [word for word in words if word not in _POLITE]
    return " ".join(kept or words)


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known word that is most like what was written; None when none is."""
    words = {folded(word): word for word in known}
    found = difflib.get_close_matches(folded(written), words, n=1, cutoff=0.7)
    return words[found[0]] if found else None


def named(words: str, names: Mapping[K, tuple[str, str]]) -> list[K]:
    """Whose first and last name (a part of each, a typing error forgiven) stand in somebody's words; else whose name one
    word is, where it is nobody else's.
    """
    said = set(folded(words).split())
    slips = [word for word in said if len(word) >= SHORTEST_SLIP - 1]
    called = {name: _said(name, said, slips) for name in {name for both in names.values() for name in both}}
    parts = {key: (called[first], called[last]) for key, (first, last) in names.items()}
    whole = [key for key, both in parts.items() if all(both)]
    half = [key for key, both in parts.items() if any(both)]
    return whole or (half if len(half) == 1 else [])


def _said(name: str, said: Set[str], slips: Sequence[str]) -> bool:
    """Whether a part of a name is one of the words; or but for a typing error one of those long enough to have one."""
    known = [part for part in folded(name).split() if len(part) >= SHORTEST_PART]
    if not said.isdisjoint(known):
        return True
    long = [part for part in known if len(part) >= SHORTEST_SLIP] if slips else ()
    return any(OSA.distance(part, word, score_cutoff=1) <= 1 for part in long for word in slips)


def find(typed: str, names: Mapping[K, str]) -> list[K]:
    """Whose name this is: the whole name, else a part of it, else the name most like it."""
    wanted = folded(typed).split()
    if not wanted:
        return []
    whole = [key for key, name in names.items() if sorted(folded(name).split()) == sorted(wanted)]
    parts = whole or [key for key, name in names.items() if _begins(wanted, folded(name).split())]
    return parts or _like(typed, names)


def letters_apart(names: Sequence[tuple[str, str]]) -> list[int]:
    """How many letters of each last name tell it from those of everybody with the same first name: mostly one.

    Of two people with the same name, all letters.
    """
    alike: dict[str, list[str]] = {}
    for first, last in names:
        alike.setdefault(folded(first), []).append(last.casefold())
    return [_apart(last.casefold(), alike[folded(first)]) for first, last in names]


def _apart(last: str, among: list[str]) -> int:
    counts = (sum(other[:letters] == last[:letters] for other in among) for letters in range(1, len(last)))
    return next((letters for letters, alike in enumerate(counts, 1) if alike == 1), max(1, len(last)))


def addressed(text: str, names: Mapping[K, str]) -> tuple[list[K], str]:
    """Who is named at the beginning of a text, and the words that follow.

    Of several readings the longest name counts. Its first word may be a half; a further one is a whole word
    of the name or an initial with its full stop, so that the message itself is never taken for a name.
    """
    words = text.split()
    for length in range(min(LONGEST, len(words)), 0, -1):
        found = [key for key, name in names.items() if _is_called(words[:length], folded(name).split())]
        if found:
            return _whole(words[:length], found, names), _after(text, length)
    return [], _after(text, 1)


def class_of(text: str, classes: Sequence[str]) -> tuple[str | None, str]:
    """The class named at the beginning of a text, and the words that follow; a class may have spaces."""
    words = text.split()
    known = {folded(name).replace(" ", ""): name for name in classes if name}
    for length in range(min(LONGEST, len(words)), 0, -1):
        found = known.get(folded(" ".join(words[:length])).replace(" ", ""))
        if found:
            return found, _after(text, length)
    return None, text


def _begins(wanted: Sequence[str], name: Sequence[str]) -> bool:
    """Every word typed begins a word of the name, each a different one."""
    if not wanted:
        return True
    return any(
        word.startswith(wanted[0]) and _begins(wanted[1:], [*name[:place], *name[place + 1 :]])
        for place, word in enumerate(name)
    )


def _is_called(words: Sequence[str], name: Sequence[str]) -> bool:
    first, *further = words
    sure = all(folded(word) in name or (word.endswith(".") and len(folded(word)) == 1) for word in further)
    wanted = [part for word in words for part in folded(word).split()]
    return sure and bool(folded(first)) and len(wanted) >= len(words) and _begins(wanted, name)


def _whole(words: Sequence[str], found: list[K], names: Mapping[K, str]) -> list[K]:
    """Those who bear the very words, where some do."""
    wanted = {folded(word) for word in words}
    return [key for key in found if wanted <= set(folded(names[key]).split())] or found


def _like(typed: str, names: Mapping[K, str]) -> list[K]:
    """Misspelt: the whole name, or one word of it."""
    spelt = nearest(typed, names.values()) or nearest(typed, {word for name in names.values() for word in name.split()})
    return [key for key, name in names.items() if spelt and (name == spelt or spelt in name.split())]


def _after(text: str, words: int) -> str:
    """What follows so many words, as it was written."""
    parts = text.split(maxsplit=words)
    return parts[words].strip() if len(parts) > words else ""


def spelt(name: str) -> str:
    """First and last name in whichever order, without accents and case."""
    return " ".join(sorted(plain(name).replace("-", " ").split()))


def same_name(one: str, other: str) -> bool:
    """Two spellings of one name: a part was left out, or a letter is other. A brother's first name is another name."""
    first, second = spelt(one), spelt(other)
    parts, others = set(first.split()), set(second.split())
    return parts <= others or others <= parts or fuzz.ratio(first, second) >= ALIKE
