"""Words that are not written as they should be: a letter wrong or hidden, or several words without a space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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


Known = tuple[tuple[str, bool], ...]
"""Words, each with whether it is only the beginning of one."""


class Halves:
    """Words by the halves they are made of: where one letter is wrong, one half is right."""

    def __init__(self, known: Iterable[tuple[str, bool]]) -> None:
        self._heads: dict[tuple[int, str], Known] = {}
        self._tails: dict[tuple[int, str], Known] = {}
        for each in known:
            word, stem = each
            size = len(word)
            if size >= SHORTEST_SLIP + stem and word.isalpha():  # stems are longer, or they would fit everything
                head, tail = (size, word[: size // 2]), (size, word[size // 2 :])
                self._heads[head] = (*self._heads.get(head, ()), each)
                self._tails[tail] = (*self._tails.get(tail, ()), each)

    def near(self, part: str) -> Iterator[tuple[str, bool]]:
        """What a word may be but for one letter, and a little more."""
        size = len(part)
        for long in (size - 1, size, size + 1):
            half = long // 2
            yield from self._heads.get((long, part[:half]), ())
            yield from self._tails.get((long, part[half - long :]), ())
        half = size // 2
        swapped = part[: half - 1] + part[half] + part[half - 1]
        yield from self._heads.get((size, swapped[:half]), ())


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
