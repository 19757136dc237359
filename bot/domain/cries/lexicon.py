"""What is found in a text of the lists of every language at once: words are looked up, then put together as patterns.

Typing errors are forgiven in long words, and words written as one are taken apart; both only where nothing else fits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from bot.domain.cries.reading import Forms
from bot.domain.cries.table import Pattern, Table

SHORTEST_SLIP = 5
"""Letters of a word in which a typing error is forgiven; of a word that says it all alone, `SURE_SLIP`."""
SURE_SLIP = 7
SHORTEST_EXCHANGE = 10
"""Letters of a word in which another letter may stand for the right one: in shorter ones it makes another word."""
SHORTEST_JOINED = 9
"""Letters of a word that may be several written as one."""
MOST_JOINED = 6
SPOKEN = 0.6
"""A text is in the language of which it has the most words, and in those of which it has nearly as many."""
SURE_WORDS = 4
"""With so many known words of a language it is no other; with fewer, any could be meant."""
CLITIC = 3
"""Letters that may stand before a stem: articles and conjunctions of Semitic languages."""
EVERY = "any"
"""The list of what is a cry in every language."""
Place = int
Spans = list[tuple[Place, Place]]


class Lexicon:
    """Lists of several languages, ready to be looked up."""

    def __init__(self, tables: Sequence[Table], *, forgiving: bool = True) -> None:
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._stems: dict[str, set[int]] = defaultdict(set)
        self._inner: dict[str, set[int]] = defaultdict(set)
        self._patterns: dict[int, list[tuple[Pattern, tuple[int, ...], str]]] = defaultdict(list)
        self._spellings: dict[str, set[str]] = defaultdict(set)
        self._pieces: dict[str, dict[str, bool]] = {}
        self._languages: list[str] = []
        self._fillers = frozenset[str]().union(*(table.fillers for table in tables))
        for table in tables:
            self._add(table)
        self._forgiving = forgiving
        known = [*((word, False) for word in self._whole), *((stem, True) for stem in self._stems)]
        self._slips = _slips(known if forgiving else [])

    def _add(self, table: Table) -> None:
        numbers: dict[frozenset[str], int] = {}
        pieces = self._pieces.setdefault(table.language, {})
        for pattern in table.patterns:
            for words in pattern.words:
                if words not in numbers:
                    numbers[words] = self._number(words, pieces)
                    self._languages.append(table.language)
            ids = tuple(numbers[words] for words in pattern.words)
            self._patterns[ids[0]].append((pattern, ids, table.language))
        for short, long in table.spellings.items():
            self._spellings[short].update(long)

    def _number(self, words: frozenset[str], pieces: dict[str, bool]) -> int:
        """A number for one place of a pattern, known by each of its words."""
        number = len(self._languages)
        for word in words:
            bare = word.strip("*")
            index = self._inner if word.startswith("*") else self._stems if word.endswith("*") else self._whole
            index[bare].add(number)
            pieces[bare] = pieces.get(bare, False) or word.endswith("*")
        return number

    def kinds(self, reading: Sequence[Forms]) -> frozenset[str]:
        """The kinds of cry in a text; `alone` where it is nothing but what is one by itself."""
        found = _Found(self, reading)
        kinds = {kind for kind in found.spans if kind not in {"alone", "idioms"}}
        covered = {place for first, last in found.spans.get("alone", ()) for place in range(first, last + 1)}
        rest = [forms for place, forms in enumerate(reading) if place not in covered]
        if covered and all(forms & self._fillers for forms in rest):
            kinds.add("alone")
        return frozenset(kinds)

    def without_idioms(self, reading: Sequence[Forms]) -> tuple[Forms, ...]:
        """A text in which what only sounds like a cry has gone."""
        found = _Found(self, reading).spans.get("idioms", ())
        gone = {place for first, last in found for place in range(first, last + 1)}
        return tuple(frozenset() if place in gone else forms for place, forms in enumerate(reading))

    def numbers(self, forms: Forms) -> tuple[set[int], dict[int, int], bool]:
        """The places of patterns that a word fills; those it fills but for a typing error, with the letters of the
        right word; whether it is several words.
        """
        several = frozenset[str]().union(*(self._spellings.get(form, ()) for form in forms))
        sure = set[int]().union(*map(self._known, forms | several))
        if several or not self._forgiving or any(form in self._whole for form in forms):
            return sure, {}, bool(several)
        apart = [piece for form in forms if len(form) >= SHORTEST_JOINED for piece in self._taken_apart(form)]
        sure = sure.union(*map(self._known, apart)) if apart else sure
        slipped = {} if apart else {number: size for form in forms for number, size in self._nearly(form)}
        return sure, slipped, bool(apart)

    def _known(self, word: str) -> set[int]:
        found = set(self._whole.get(word, ()))
        for end in range(2, len(word) + 1):
            found |= self._stems.get(word[:end], set())
        if self._inner and word and "\u0600" <= word[0] <= "\u06ff":
            for start in range(min(CLITIC, len(word)) + 1):
                for end in range(start + 2, len(word) + 1):
                    found |= self._inner.get(word[start:end], set())
        return found

    def _nearly(self, word: str) -> Iterator[tuple[int, int]]:
        """What a word is but for one typing error."""
        for stem, known in self._near(word):
            for number in self._stems[known] if stem else self._whole[known]:
                yield number, len(word) if "*" in word else len(known)

    def _near(self, word: str) -> Iterator[tuple[bool, str]]:
        if "*" in word or "#" in word:
            yield from self._starred(word)
        if len(word) < SHORTEST_SLIP or not word.isalpha():
            return
        for end in range(SHORTEST_SLIP, len(word) + 1):
            part, whole = word[:end], end == len(word)
            for key in (part, *_shortened(part)):
                for stem, known in self._slips.get(key, ()):
                    if (stem or whole) and _is_slip(known, part) and (whole or known[-1] == part[-1]):
                        yield stem, known

    def _starred(self, word: str) -> Iterator[tuple[bool, str]]:
        """Words in which a letter was hidden behind a star."""
        for stem, index in ((False, self._whole), (True, self._stems)):
            for known in index:
                shown = word[: len(known)] if stem else word
                if len(known) > 3 and len(known) == len(shown) and all(map(_may_be, shown, known)):
                    yield stem, known

    def _taken_apart(self, word: str) -> tuple[str, ...]:
        """The words of one language that a word is made of."""
        if word in self._whole:
            return ()
        for pieces in self._pieces.values():
            found = _split(word, pieces, MOST_JOINED)
            if len(found) > 1 and max(map(len, found)) > 3:
                return found
        return ()

    def language_of(self, number: int) -> str:
        return self._languages[number]

    def starting(self, number: int) -> Iterable[tuple[Pattern, tuple[int, ...], str]]:
        return self._patterns.get(number, ())


class _Found:
    """The patterns that a text fills."""

    def __init__(self, lexicon: Lexicon, reading: Sequence[Forms]) -> None:
        self._places: dict[int, list[Place]] = defaultdict(list)
        self._slipped: dict[tuple[int, Place], int] = {}
        self._several: set[Place] = set()
        self._masked: dict[str, set[Place]] = defaultdict(set)
        self._known: Counter[str] = Counter()
        self.spans: dict[str, Spans] = defaultdict(list)
        for place, forms in enumerate(reading):
            self._look_up(lexicon, place, forms)
        most = max(self._known.values(), default=0)
        self._spoken = {language for language, words in self._known.items() if words >= SPOKEN * most} | {EVERY}
        self._main = {language for language, words in self._known.items() if words == most}
        self._sure = most >= SURE_WORDS
        self._fill(lexicon, idioms=True)
        self._fill(lexicon, idioms=False)

    def _look_up(self, lexicon: Lexicon, place: Place, forms: Forms) -> None:
        sure, slipped, several = lexicon.numbers(forms)
        self._known.update({lexicon.language_of(number) for number in sure or slipped} - {EVERY})
        for number in sure | slipped.keys():
            self._places[number].append(place)
        self._slipped |= {(number, place): size for number, size in slipped.items() if number not in sure}
        if several:
            self._several.add(place)

    def _fill(self, lexicon: Lexicon, *, idioms: bool) -> None:
        for number in tuple(self._places):
            for pattern, ids, language in lexicon.starting(number):
                if (pattern.kind == "idioms") is not idioms or not all(each in self._places for each in ids):
                    continue
                if language not in self._spoken and (self._sure or len(ids) == 1):
                    continue  # what is a word of one language is another word of another
                masked = self._masked[language] | (set() if idioms else self._masked[EVERY])
                for first, last in self._spans(pattern, ids, masked):
                    self.spans[pattern.kind].append((first, last))
                    if idioms:
                        self._masked[EVERY if language in self._main else language].update(range(first, last + 1))

    def _spans(self, pattern: Pattern, ids: tuple[int, ...], masked: set[Place]) -> Iterator[tuple[Place, Place]]:
        """From the first word of a pattern to its last, wherever it stands."""
        for first in self._open(ids[0], masked):
            if len(ids) == 1 and self._slipped.get((ids[0], first), SURE_SLIP) < SURE_SLIP:
                continue
            ends = {first}
            for number, gap in zip(ids[1:], pattern.gaps[1:], strict=True):
                ends = {
                    place
                    for place in self._open(number, masked)
                    for before in ends
                    if _follows(place - before, gap) or (place == before and place in self._several)
                }
            if ends:
                yield min(first, *ends), max(first, *ends)

    def _open(self, number: int, masked: set[Place]) -> list[Place]:
        return [place for place in self._places[number] if place not in masked]


def _may_be(shown: str, letter: str) -> bool:
    return shown in {letter, "*", "#"}


def _is_slip(known: str, typed: str) -> bool:
    """One letter wrong, too many, missing or swapped."""
    if known[0] != typed[0] or OSA.distance(known, typed, score_cutoff=1) > 1:
        return False
    return len(known) >= SHORTEST_EXCHANGE or len(known) != len(typed) or sorted(known) == sorted(typed)


def _follows(distance: int, gap: int) -> bool:
    return 0 < distance <= gap + 1 or (gap < 0 and 0 < abs(distance) <= -gap)


def _shortened(word: str) -> Iterator[str]:
    """A word without each one of its letters: two words that differ by one slip share one of these."""
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _slips(known: Iterable[tuple[str, bool]]) -> Mapping[str, list[tuple[bool, str]]]:
    """From words that lack a letter to what they may be; stems are a little longer, or they would fit everything."""
    index: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for word, stem in known:
        if len(word) >= SHORTEST_SLIP + stem and word.isalpha():
            for key in {word, *_shortened(word)}:
                index[key].append((stem, word))
    return index


def _split(word: str, pieces: Mapping[str, bool], most: int) -> tuple[str, ...]:
    """The pieces a word is made of, longest first; the last may be longer than its stem."""
    if not word or most == 0:
        return ()
    if word in pieces:
        return (word,)
    for end in range(min(len(word) - 1, 14), 0, -1):
        if word[:end] in pieces and (end > 1 or word[0] in "ijmdlnstc"):
            rest = _split(word[end:], pieces, most - 1)
            if rest:
                return (word[:end], *rest)
    stems = [word[:end] for end in range(4, len(word)) if pieces.get(word[:end])]
    return (stems[-1],) if stems else ()
