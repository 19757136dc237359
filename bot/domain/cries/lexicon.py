"""What is found in a text of the lists of every language at once: words are looked up, then put together as patterns.

Typing errors are forgiven in long words, and words written as one are taken apart; both only where nothing else fits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.cries.frames import AFTER, BEFORE, ENDED, IDIOMS, ON, Span, denied, headed
from bot.domain.cries.reading import Forms
from bot.domain.cries.slips import SHORTEST_SLIP, SURE_SLIP, Halves, is_slip, may_be, taken_apart
from bot.domain.cries.table import SLOT, Pattern, Table

SHORTEST_JOINED = 9
"""Letters of a word that may be several written as one."""
MOST_JOINED = 6
ENDING = 4
"""Letters after a stem that make no word of their own."""
SPOKEN = 0.6
"""A text is in the language of which it has the most words, and in those of which it has nearly as many."""
SURE_WORDS = 4
"""With so many known words of a language it is no other; with fewer, any could be meant."""
CLITIC = 3
"""Letters that may stand before a stem: articles and conjunctions of Semitic languages."""
NEVER_DENIED = frozenset({"sos", "alone", "speak", "speak_to_adult"})
EVERY = "any"
"""The list of what is a cry in every language."""
Place = int
Spans = list[Span]
Entry = tuple[Pattern, tuple[int, ...], str]
"""A pattern, the numbers of its words, and its language."""


class Lexicon:
    """Lists of several languages, ready to be looked up."""

    def __init__(self, tables: Sequence[Table], *, forgiving: bool = True) -> None:
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._stems: dict[str, set[int]] = defaultdict(set)
        self._inner: dict[str, set[int]] = defaultdict(set)
        self._patterns: dict[int, list[Entry]] = defaultdict(list)
        self._spellings: dict[str, set[str]] = defaultdict(set)
        self._pieces: dict[str, dict[str, bool]] = {}
        self._languages: list[str] = []
        self._tables = {table.language: table for table in tables}
        self._denials: dict[str, set[str]] = defaultdict(set)
        self._fillers = frozenset[str]().union(*(table.fillers for table in tables))
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
            self._patterns[ids[0]].append((pattern, ids, table.language))
            if pattern.kind == SLOT + BEFORE:
                self._denials[table.language] |= pattern.words[0] if len(pattern.words) == 1 else set()
        for short, long in table.spellings.items():
            self._spellings[short].update(long)

    def _number(self, words: frozenset[str], pieces: dict[str, bool]) -> int:
        """A number for one place of a pattern, known by each of its words."""
        number = len(self._languages)
        for word in words:
            if "*" not in word:
                self._whole[word].add(number)
                pieces.setdefault(word, False)
                continue
            bare = word.strip("*")
            index = self._inner if word.startswith("*") else self._stems
            index[bare].add(number)
            pieces[bare] = pieces.get(bare, False) or word.endswith("*")
        return number

    def kinds(self, reading: Sequence[Forms]) -> frozenset[str]:
        """The kinds of cry in a text; `alone` where it is nothing but what is one by itself."""
        found = _Found(self, reading)
        kinds = {kind for kind, spans in found.spans.items() if spans and kind not in {"alone", IDIOMS}}
        covered = {place for first, last in found.spans.get("alone", ()) for place in range(first, last + 1)}
        rest = [forms for place, forms in enumerate(reading) if place not in covered]
        if covered and all(forms & self._fillers for forms in rest):
            kinds.add("alone")
        return frozenset(kinds)

    def without_idioms(self, reading: Sequence[Forms]) -> tuple[Forms, ...]:
        """A text in which what only sounds like a cry has gone."""
        found = _Found(self, reading).spans.get(IDIOMS, ())
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
            for stem, known in self._slips.near(part):
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

    def language_of(self, number: int) -> str:
        return self._languages[number]

    def table_of(self, language: str) -> Table:
        return self._tables[language]

    def starting(self, number: int) -> Iterable[Entry]:
        return self._patterns.get(number, ())


class _Found:
    """The patterns that a text fills."""

    def __init__(self, lexicon: Lexicon, reading: Sequence[Forms]) -> None:
        self._places: dict[int, list[Place]] = defaultdict(list)
        self._slipped: dict[tuple[int, Place], int] = {}
        self._several: set[Place] = set()
        self._masked: dict[str, set[Place]] = defaultdict(set)
        self._known: Counter[str] = Counter()
        self._slots: dict[str, dict[str, Spans]] = defaultdict(lambda: defaultdict(list))
        self.spans: dict[str, Spans] = defaultdict(list)
        for place, forms in enumerate(reading):
            self._look_up(lexicon, place, forms)
        most = max(self._known.values(), default=0)
        self._spoken = {language for language, words in self._known.items() if words >= SPOKEN * most} | {EVERY}
        self._main = {language for language, words in self._known.items() if words == most}
        self._sure = most >= SURE_WORDS
        self._fill(lexicon)

    def _look_up(self, lexicon: Lexicon, place: Place, forms: Forms) -> None:
        sure, slipped, several = lexicon.numbers(forms)
        self._known.update({lexicon.language_of(number) for number in sure or slipped} - {EVERY})
        for number in sure | slipped.keys():
            self._places[number].append(place)
        self._slipped |= {(number, place): size for number, size in slipped.items() if number not in sure}
        if several:
            self._several.add(place)

    def _fill(self, lexicon: Lexicon) -> None:
        """Idioms first, and what is made of slots: the words of an idiom belong to no cry."""
        idioms: list[Entry] = []
        slots: list[Entry] = []
        cries: list[Entry] = []
        for number in tuple(self._places):
            for entry in lexicon.starting(number):
                pattern, ids, language = entry
                if not all(each in self._places for each in ids):
                    continue
                if language not in self._spoken and (self._sure or len(ids) == 1):
                    continue  # what is a word of one language is another word of another
                (idioms if pattern.kind == IDIOMS else slots if pattern.kind[0] == SLOT else cries).append(entry)
        for pattern, ids, language in slots:
            self._slots[language][pattern.kind[1:]] += self._spans(pattern, ids, set())
        for pattern, ids, language in idioms:
            going_on = self._going_on(language) if lexicon.denies(pattern, language) else frozenset()
            for first, last in self._spans(pattern, ids, self._masked[language]):
                if going_on.isdisjoint(range(first, last + 1)):
                    self._mask(language, range(first, last + 1))
                    self.spans[IDIOMS].append((first, last))
        for language, found in self._slots.items():
            self._put_together(language, found, lexicon.table_of(language))
        for pattern, ids, language in cries:
            spans = self._spans(pattern, ids, self._hidden(language))
            self.spans[pattern.kind] += self._meant(pattern, spans, language, lexicon)

    def _put_together(self, language: str, found: dict[str, Spans], table: Table) -> None:
        """What slots make together: idioms, and then the cries that no word of an idiom is part of."""
        ended = {slot: [span for span in found.get(slot, ()) if not denied(span, found)] for slot in ENDED}
        said = {**found, **ended}
        idioms = headed(table.unsaid, idioms=True)
        for frame in (frame for slot in found for frame in idioms.get(slot, ())):
            for spans in frame.spans(said, table.near):
                self._mask(language, (place for first, last in spans for place in range(first, last + 1)))
        hidden = self._hidden(language)
        open_ = {
            slot: spans
            if slot in (BEFORE, AFTER)
            else [span for span in spans if hidden.isdisjoint(range(span[0], span[1] + 1))]
            for slot, spans in found.items()
        }
        cries = headed(table.unsaid, idioms=False)
        for frame in (frame for slot in found for frame in cries.get(slot, ())):
            self.spans[frame.kind] += [
                (min(first for first, _ in spans), max(last for _, last in spans))
                for spans in frame.spans(open_, table.near)
            ]

    def _meant(self, pattern: Pattern, spans: Iterable[Span], language: str, lexicon: Lexicon) -> Iterator[Span]:
        """What is denied was not cried, but for a pattern that has a denial in itself."""
        found = self._slots.get(language)
        denying = found is None or pattern.kind in NEVER_DENIED or lexicon.denies(pattern, language)
        return (span for span in spans if denying or not denied(span, found or {}, inside=True))

    def _going_on(self, language: str) -> frozenset[Place]:
        """Where a negation denies something else than a cry: `does not stop hitting me`."""
        spans = self._slots[language].get(ON, ()) if language in self._slots else ()
        return frozenset(place for first, last in spans for place in range(first, last + 1))

    def _mask(self, language: str, places: Iterable[Place]) -> None:
        self._masked[EVERY if language in self._main else language].update(places)

    def _hidden(self, language: str) -> set[Place]:
        return self._masked[language] | self._masked[EVERY]

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


def _follows(distance: int, gap: int) -> bool:
    return 0 < distance <= gap + 1 or (gap < 0 and 0 < abs(distance) <= -gap)
