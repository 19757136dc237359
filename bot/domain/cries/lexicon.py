"""The lists of every language at once, ready for a word to be looked up in them.

Typing errors are forgiven in long words, and words written as one are taken apart; both only where nothing else fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from bot.domain.cries.deobfuscation import REMEMBERED, Forms
from bot.domain.cries.misspellings import SHORTEST_SLIP, is_slip, may_be, near_halves, taken_apart
from bot.domain.cries.packed import ENDING, INNER, STEM, WHOLE, Packed, Shape

SHORTEST_JOINED = 9
"""Letters of a word that may be several written as one."""
MOST_JOINED = 6
REST = 4
"""Letters after a stem that make no word of their own."""
LONGEST_ENDING = 5
"""Letters of an ending that says of whom a verb speaks."""
CLITIC = 3
"""Letters that may stand before a stem: articles and conjunctions of Semitic languages."""
EVERY = "any"
"""The list of what is a cry in every language."""
Place = int


class Entry(NamedTuple):
    """A pattern: what it has in common with others, the numbers of its first word and of the further ones, its language."""

    shape: Shape
    first: int
    further: tuple[int, ...]
    language: str


class Met(NamedTuple):
    """A word that was met: the places of patterns that it fills, each with its language; of those it fills but for a typing
    error, the letters of the right word; whether it is several words; the languages to which it belongs.
    """

    numbers: tuple[tuple[int, str], ...]
    slipped: Mapping[int, int]
    several: bool
    languages: frozenset[str]


class Lexicon:
    """Lists of several languages, ready to be looked up."""

    def __init__(self, lists: Packed) -> None:
        self._lists, self._words = lists, lists.words
        self._languages = lists.languages
        self.fillers, self.alone = lists.fillers, lists.alone
        self._begun = cache(self._begin)
        """The patterns that begin with a place: of the words that were met, since people use the same few again and again."""
        self.meet = lru_cache(maxsize=REMEMBERED)(self._meet)
        """What the lists know of a word."""

    def _meet(self, forms: Forms) -> Met:
        sure, slipped, several = self._numbers(forms)
        languages = frozenset(map(self._language, sure or slipped)) - {EVERY}
        slips = {number: size for number, size in slipped.items() if number not in sure}
        numbers = frozenset(sure) | slipped.keys() if slipped else frozenset(sure)
        return Met(tuple((number, self._language(number)) for number in numbers), slips, several, languages)

    def _language(self, number: int) -> str:
        return self._languages[self._lists.spoken[number]]

    def _numbers(self, forms: Forms) -> tuple[set[int], dict[int, int], bool]:
        several = frozenset[str]().union(*(self._lists.spellings.get(form, ()) for form in forms))
        sure = set[int]().union(*map(self._known, forms | several))
        if several or not self._lists.forgiving or any(WHOLE + form in self._words.words for form in forms):
            return sure, {}, bool(several)
        apart = [piece for form in forms if len(form) >= SHORTEST_JOINED for piece in self._taken_apart(form)]
        sure = sure.union(*map(self._known, apart)) if apart else sure
        slipped = {} if apart else {number: size for form in forms for number, size in self._nearly(form)}
        return sure, slipped, bool(apart)

    def _known(self, word: str) -> set[int]:
        words = self._words
        found = set(words[WHOLE + word])
        for stem, numbers in words.beginnings(STEM + word):
            if len(stem) > 2:
                found.update(numbers)
        for end in range(2, min(len(word) - 1, LONGEST_ENDING) + 1):
            found.update(words[ENDING + word[-end:]])
        if word and "\u0600" <= word[0] <= "\u06ff":
            for start in range(min(CLITIC, len(word)) + 1):
                for inner, numbers in words.beginnings(INNER + word[start:]):
                    if len(inner) > 2:
                        found.update(numbers)
        return found

    def _nearly(self, word: str) -> Iterator[tuple[int, int]]:
        """What a word is but for one typing error."""
        for known in self._near(word):
            for number in self._words[known]:
                yield number, len(word) if "*" in word else len(known) - 1

    def _near(self, word: str) -> Iterator[str]:
        if "*" in word or "#" in word:
            yield from self._starred(word)
        if len(word) < SHORTEST_SLIP or not word.isalpha():
            return
        for end in range(SHORTEST_SLIP, len(word) + 1):
            part, whole = word[:end], end == len(word)
            for known in self._halved(part):
                stem, right = known[0] == STEM, known[1:]
                if (stem or whole) and is_slip(right, part) and (whole or right[-1] == part[-1]):
                    yield known

    def _halved(self, part: str) -> Iterator[str]:
        """Words that have one half of this one."""
        restored = self._words.words.restore_key
        return (restored(number) for half in near_halves(part) for number in self._lists.halves[half])

    def _starred(self, word: str) -> Iterator[str]:
        """Words in which a letter was hidden behind a star."""
        shown = min(place for place, char in enumerate(word) if char in "*#")
        for mark in (WHOLE, STEM):
            for known in self._words.words.iterkeys(mark + word[:shown]):
                right = known[1:]
                enough = len(right) == len(word) if mark == WHOLE else len(right) <= len(word)
                if len(right) > 3 and enough and all(map(may_be, word, right)):
                    yield known

    def _taken_apart(self, word: str) -> tuple[str, ...]:
        """The words of one language that a word is made of."""
        stems = (len(stem) - 1 for stem, _ in self._words.beginnings(STEM + word))
        if WHOLE + word in self._words.words or any(max(5, len(word) - REST) <= stem < len(word) for stem in stems):
            return ()
        pieces = self._pieces(word)
        for language in self._languages:
            found = taken_apart(word, pieces[language], MOST_JOINED) if language in pieces else ()
            if len(found) > 1 and max(map(len, found)) > 3:
                return found
        return ()

    def _pieces(self, word: str) -> Mapping[str, dict[str, bool]]:
        """The words of each language that stand anywhere within a word, each with whether it may go on."""
        found: dict[str, dict[str, bool]] = defaultdict(dict)
        for start in range(len(word)):
            for mark in (WHOLE, STEM, INNER):
                for known, numbers in self._words.beginnings(mark + word[start:]):
                    piece = known[1:]
                    for language in {self._lists.spoken[number] for number in numbers}:
                        pieces = found[self._languages[language]]
                        pieces[piece] = pieces.get(piece, False) or (mark != WHOLE and "*" not in piece)
        return found

    def unsaid(self, language: str) -> frozenset[str]:
        """Slots for which a language needs no word of their own."""
        return self._lists.unsaid[language]

    def near(self, language: str) -> int:
        """Words between one slot of a frame and the next."""
        return self._lists.near[language]

    def filled(self, found: Mapping[int, object]) -> Iterator[Entry]:
        """The patterns of which every place is found, in any order."""
        is_found = found.__contains__
        for number in found:
            for entry in self._begun(number):
                if not entry.further or all(map(is_found, entry.further)):
                    yield entry

    def _begin(self, number: int) -> tuple[Entry, ...]:
        lists, language = self._lists, self._language(number)
        return tuple(
            Entry(lists.shapes[lists.shaped[row]], number, tuple(lists.places[row][1:]), language)
            for row in lists.first[number]
        )
