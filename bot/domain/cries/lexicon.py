"""The lists of every language at once, ready for a word to be looked up in them.

Typing errors are forgiven in long words, and words written as one are taken apart; both only where nothing else fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.domain.cries.frames import BEFORE
from bot.domain.cries.reading import Forms
from bot.domain.cries.slips import SHORTEST_SLIP, Halves, is_slip, may_be, taken_apart
from bot.domain.cries.table import SLOT, Pattern, Table

SHORTEST_JOINED = 9
"""Letters of a word that may be several written as one."""
MOST_JOINED = 6
ENDING = 4
"""Letters after a stem that make no word of their own."""
LONGEST_ENDING = 5
"""Letters of an ending that says of whom a verb speaks."""
CLITIC = 3
"""Letters that may stand before a stem: articles and conjunctions of Semitic languages."""
EVERY = "any"
"""The list of what is a cry in every language."""
Place = int
Numbers = tuple[int, ...]
"""Nearly always one or two: a set of them takes four times the room, and there are forty thousand."""
Entry = tuple[Pattern, Numbers, str]
"""A pattern, the numbers of its words, and its language."""


class Lexicon:
    """Lists of several languages, ready to be looked up."""

    def __init__(self, tables: Sequence[Table], *, forgiving: bool = True) -> None:
        self._whole: dict[str, Numbers] = {}
        self._stems: dict[str, Numbers] = {}
        self._inner: dict[str, Numbers] = {}
        self._endings: dict[str, Numbers] = {}
        self._patterns: dict[int, tuple[Entry, ...]] = {}
        self._spellings: dict[str, set[str]] = defaultdict(set)
        self._pieces: dict[str, dict[str, bool]] = {}
        self._languages: list[str] = []
        self._tables = {table.language: table for table in tables}
        self._denials: dict[str, set[str]] = defaultdict(set)
        self.fillers = frozenset[str]().union(*(table.fillers for table in tables))
        for table in tables:
            self._add(table)
        self._forgiving = forgiving
        known = [*((word, False) for word in self._whole), *((stem, True) for stem in self._stems)]
        self._slips = Halves(known if forgiving else [])

    def _add(self, table: Table) -> None:
        numbers: dict[frozenset[str], int] = {}
        pieces = self._pieces.setdefault(table.language, {})
        for pattern in table.patterns:
            for words in pattern.words:
                if words not in numbers:
                    numbers[words] = self._number(words, pieces)
                    self._languages.append(table.language)
            ids = tuple(numbers[words] for words in pattern.words)
            self._patterns[ids[0]] = (*self._patterns.get(ids[0], ()), (pattern, ids, table.language))
            if pattern.kind == SLOT + BEFORE:
                self._denials[table.language] |= pattern.words[0] if len(pattern.words) == 1 else set()
        for short, long in table.spellings.items():
            self._spellings[short].update(long)

    def _number(self, words: frozenset[str], pieces: dict[str, bool]) -> int:
        """A number for one place of a pattern, known by each of its words."""
        number = len(self._languages)
        for word in words:
            if "*" not in word:
                self._whole[word] = (*self._whole.get(word, ()), number)
                pieces.setdefault(word, False)
                continue
            bare = word.strip("*")
            index = self._stems if word[0] != "*" else self._inner if word[-1] == "*" else self._endings
            if number not in (before := index.get(bare, ())):
                index[bare] = (*before, number)
            if index is not self._endings:
                pieces[bare] = pieces.get(bare, False) or word.endswith("*")
        return number

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
        stems, endings = self._stems, self._endings
        for end in range(2, len(word) + 1):
            if (stem := word[:end]) in stems:
                found.update(stems[stem])
        for end in range(2, min(len(word) - 1, LONGEST_ENDING) + 1):
            if (ending := word[-end:]) in endings:
                found.update(endings[ending])
        if self._inner and word and "\u0600" <= word[0] <= "\u06ff":
            for start in range(min(CLITIC, len(word)) + 1):
                for end in range(start + 2, len(word) + 1):
                    found.update(self._inner.get(word[start:end], ()))
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
            for known, stem in self._slips.near(part):
                if (stem or whole) and is_slip(known, part) and (whole or known[-1] == part[-1]):
                    yield stem, known

    def _starred(self, word: str) -> Iterator[tuple[bool, str]]:
        """Words in which a letter was hidden behind a star."""
        for stem, index in ((False, self._whole), (True, self._stems)):
            for known in index:
                shown = word[: len(known)] if stem else word
                if len(known) > 3 and len(known) == len(shown) and all(map(may_be, shown, known)):
                    yield stem, known

    def _taken_apart(self, word: str) -> tuple[str, ...]:
        """The words of one language that a word is made of."""
        if word in self._whole or any(
            word[:end] in self._stems for end in range(max(5, len(word) - ENDING), len(word))
        ):
            return ()
        for pieces in self._pieces.values():
            found = taken_apart(word, pieces, MOST_JOINED)
            if len(found) > 1 and max(map(len, found)) > 3:
                return found
        return ()

    def denies(self, pattern: Pattern, language: str) -> bool:
        """Whether a negation is part of what a pattern says."""
        return any(not self._denials[language].isdisjoint(words) for words in pattern.words)

    def languages_of(self, numbers: Collection[int]) -> set[str]:
        """The languages to which a word belongs."""
        return set(map(self._languages.__getitem__, numbers)) - {EVERY}

    def table_of(self, language: str) -> Table:
        return self._tables[language]

    def filled(self, found: Mapping[int, object]) -> Iterator[Entry]:
        """The patterns of which every place is found, in any order."""
        places = found.keys()
        for number in tuple(found):
            for entry in self._patterns.get(number, ()):
                if all(map(places.__contains__, entry[1][1:])):
                    yield entry
