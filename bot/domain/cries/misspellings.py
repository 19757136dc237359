"""Words that are not written as they should be: a letter wrong or hidden, or several words without a space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

SHORTEST_SLIP = 5
"""Letters of a word in which a typing error is forgiven; of a word that says it all alone, `SURE_SLIP`."""
SURE_SLIP = 7
SHORTEST_EXCHANGE = 10
"""Letters of a word in which another letter may stand for the right one: in shorter ones it makes another word."""


def may_be(shown: str, letter: str) -> bool:
    return shown in {letter, "*", "#"}


def is_slip(known: str, typed: str) -> bool:
    """One letter wrong, too many, missing or swapped."""
    if known[0] != typed[0] or OSA.distance(known, typed, score_cutoff=1) > 1:
        return False
    return len(known) >= SHORTEST_EXCHANGE or len(known) != len(typed) or sorted(known) == sorted(typed)


def halves(word: str) -> tuple[str, str]:
    """The two halves that a word is made of, each with the letters that the whole has."""
    size, half = len(word), len(word) // 2
    return f"{size}{word[:half]}-", f"{size}-{word[half:]}"


def near_halves(part: str) -> Iterator[str]:
    """The halves that a word may have of which this is a slip, and a few more: where one letter is wrong, one half is right."""
    size = len(part)
    for long in (size - 1, size, size + 1):
        half = long // 2
        yield f"{long}{part[:half]}-"
        yield f"{long}-{part[half - long :]}"
    half = size // 2
    yield f"{size}{part[: half - 1]}{part[half]}-"


def taken_apart(word: str, pieces: Mapping[str, bool], most: int) -> tuple[str, ...]:
    """The pieces a word is made of, longest first; the last may be longer than its stem."""
    if not word or most == 0:
        return ()
    if word in pieces:
        return (word,)
    for end in range(min(len(word) - 1, 14), 0, -1):
        if word[:end] in pieces and (end > 1 or word[0] in "ijmdlnstc"):
            rest = taken_apart(word[end:], pieces, most - 1)
            if rest:
                return (word[:end], *rest)
    stems = [word[:end] for end in range(4, len(word)) if pieces.get(word[:end])]
    return (stems[-1],) if stems else ()
