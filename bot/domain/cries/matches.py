"""What is found in a text: its words are looked up in the lists, then put together as patterns and frames."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain

from bot.domain.cries.deobfuscation import Forms
from bot.domain.cries.frames import AFTER, BEFORE, ENDED, FIRST, IDIOMS, ON, Span, denied, fitting, headed
from bot.domain.cries.lexicon import EVERY, Entry, Lexicon, Met, Place
from bot.domain.cries.misspellings import SURE_SLIP
from bot.domain.cries.word_list import SLOT

SPOKEN = 0.6
"""A text is in the language of which it has the most words, and in those of which it has nearly as many."""
SURE_WORDS = 4
"""With so many known words of a language it is no other; with fewer, any could be meant."""
NEVER_DENIED = frozenset({"sos", "alone", "speak", "speak_to_adult"})
ASIDE = TOLD, ELSEWHERE = "told", "elsewhere"
"""What says that something is told rather than lived: beside it a cry is asked about, or is none at all."""
MILD = frozenset({"low", "doubt"})
"""What is asked about, not alarmed: beside what is told it is nothing."""
CLOSE = ("me", FIRST, "friend")
"""Slots of whom a message is about: its author, or somebody whom they know."""
SHORT = 3
"""Words of a message that says nothing else than the one that was found."""
BESIDE = 12
"""Words between a cry and what says that it is only told."""
LONG = 4
"""Words of a slot that say more than an idiom among them."""
Spans = list[Span]
Masked = dict[str, set[Place]]
"""Of each language, the words that belong to an idiom."""


class Found:
    """The patterns that a text fills."""

    def __init__(self, lexicon: Lexicon, reading: Sequence[Forms]) -> None:
        self._lexicon, self._reading = lexicon, reading
        self._places: dict[int, list[Place]] = defaultdict(list)
        self._slipped: dict[tuple[int, Place], int] = {}
        self._several: set[Place] = set()
        met = [lexicon.meet(forms) for forms in reading]
        known = Counter(chain.from_iterable(word.languages for word in met))
        most = max(known.values(), default=0)
        self._spoken = {language for language, words in known.items() if words >= SPOKEN * most} | {EVERY}
        self._main = {language for language, words in known.items() if words == most}
        self._place(met, sure=most >= SURE_WORDS)
        self._idioms: list[Entry] = []
        self._meaning: list[Entry] = []
        self._cries: list[Entry] = []
        self._sort(lexicon)

    def may_say(self, kinds: Set[str]) -> bool:
        """Whether a pattern of one of these kinds is filled, be it hidden by an idiom or denied: most texts have none, and need
        not be looked at any further. Kinds that are made of slots are not among what is asked here.
        """
        return any(entry.shape.kind in kinds for entry in self._cries)

    def kinds(self, but: frozenset[str] = frozenset()) -> frozenset[str]:
        """The kinds of cry in the text, `but` some; `alone` where it is nothing but what is one by itself."""
        cries = self.spans.keys() - {"alone", IDIOMS, *ASIDE, *but}
        weighed = {kind for each in cries if (kind := self._weighed(each))}
        return frozenset(weighed | ({"alone"} if self._is_alone() else set()))

    def meanings(self) -> frozenset[str]:
        """What the words of the text mean, in the languages that it may be in."""
        languages = (self._main | self._spoken) & self._slots.keys()
        return frozenset(slot for language in languages for slot, spans in self._slots[language].items() if spans)

    def _is_alone(self) -> bool:
        covered = {place for first, last in self.spans.get("alone", ()) for place in range(first, last + 1)}
        rest = (forms for place, forms in enumerate(self._reading) if place not in covered)
        return bool(covered) and all(forms & self._lexicon.fillers for forms in rest)

    def _weighed(self, kind: str) -> str | None:
        """A kind as it is meant: itself, `doubt` where it may be only told, None where it is."""
        if kind in NEVER_DENIED:
            return kind if self.spans[kind] else None
        lived = [span for span in self.spans[kind] if not self._beside(span, ELSEWHERE)]
        plain = [span for span in lived if not self._beside(span, TOLD)]
        if kind in MILD:
            return kind if plain else None
        return kind if any(map(self._is_sure, plain)) else "doubt" if lived else None

    def _is_sure(self, span: Span) -> bool:
        """One word says it all only in a short message, or of somebody: `slavery` may be a lesson."""
        return span[0] < span[1] or len(self._reading) <= SHORT or self._is_personal

    @property
    def _is_personal(self) -> bool:
        return any(self._slots[language].get(slot) for language in self._main & self._slots.keys() for slot in CLOSE)

    def _beside(self, span: Span, aside: str) -> bool:
        return any(first - span[1] <= BESIDE and span[0] - last <= BESIDE for first, last in self.spans.get(aside, ()))

    def without_idioms(self) -> tuple[Forms, ...]:
        """The text in which what only sounds like a cry has gone."""
        gone = {place for first, last in self.spans.get(IDIOMS, ()) for place in range(first, last + 1)}
        return tuple(frozenset() if place in gone else forms for place, forms in enumerate(self._reading))

    def _place(self, met: Sequence[Met], *, sure: bool) -> None:
        """Where the words stand that the lists know: those of other languages say nothing, where it is `sure` which is spoken."""
        for place, (numbers, slipped, several, _) in enumerate(met):
            for number, language in numbers:
                if not sure or language in self._spoken:
                    self._places[number].append(place)
            for number, size in slipped.items():
                self._slipped[number, place] = size
            if several:
                self._several.add(place)

    def _sort(self, lexicon: Lexicon) -> None:
        """The patterns that are filled: idioms, meanings, and what is a cry by itself."""
        for entry in lexicon.filled(self._places):
            (kind, _, _), _, further, language = entry
            if not further and language not in self._spoken:
                continue  # what is a word of one language is another word of another
            (self._idioms if kind == IDIOMS else self._meaning if kind[0] == SLOT else self._cries).append(entry)

    @cached_property
    def _slots(self) -> dict[str, dict[str, Spans]]:
        """Of each language, where its slots are said."""
        slots: dict[str, dict[str, Spans]] = defaultdict(lambda: defaultdict(list))
        for entry in self._meaning:
            slots[entry.language][entry.shape.kind[1:]] += self._spans(entry, set())
        return slots

    @cached_property
    def spans(self) -> dict[str, Spans]:
        """Where each kind is said. Idioms first, and what is made of slots: the words of an idiom belong to no cry.

        Two threads may ask at once: what is noted on the way is their own.
        """
        spans: dict[str, Spans] = defaultdict(list)
        masked: Masked = defaultdict(set)
        for entry in self._idioms:
            language = entry.language
            going_on = self._going_on(language) if entry.shape.denies else frozenset()
            for first, last in self._spans(entry, masked[language]):
                if going_on.isdisjoint(range(first, last + 1)):
                    self._mask(masked, language, range(first, last + 1))
                    spans[IDIOMS].append((first, last))
        for language, found in self._slots.items():
            for kind, span in self._put_together(language, found, masked):
                spans[kind].append(span)
        for entry in self._cries:
            spans[entry.shape.kind] += self._meant(entry, self._spans(entry, _hidden(masked, entry.language)))
        return spans

    def _put_together(self, language: str, found: dict[str, Spans], masked: Masked) -> Iterator[tuple[str, Span]]:
        """What slots make together: idioms, and then the cries that no word of an idiom is part of."""
        unsaid, near = self._lexicon.unsaid(language), self._lexicon.near(language)
        ended = {slot: [span for span in found.get(slot, ()) if not denied(span, found)] for slot in ENDED}
        said = {**found, **ended}
        for frame in fitting(headed(unsaid, idioms=True), said):
            for spans in frame.spans(said, near):
                self._mask(masked, language, (place for first, last in spans for place in range(first, last + 1)))
        hidden = _hidden(masked, language)
        open_ = _open(found, hidden) if hidden else found
        for frame in fitting(headed(unsaid, idioms=False), open_):
            for spans in frame.spans(open_, near):
                yield frame.kind, (min(first for first, _ in spans), max(last for _, last in spans))

    def _meant(self, entry: Entry, spans: Iterable[Span]) -> Iterator[Span]:
        """What is denied was not cried, but for a pattern that has a denial in itself."""
        found = self._slots.get(entry.language)
        denying = found is None or entry.shape.kind in NEVER_DENIED or entry.shape.denies
        return (span for span in spans if denying or not denied(span, found or {}, inside=True))

    def _going_on(self, language: str) -> frozenset[Place]:
        """Where a negation denies something else than a cry: `does not stop hitting me`."""
        spans = self._slots[language].get(ON, ()) if language in self._slots else ()
        return frozenset(place for first, last in spans for place in range(first, last + 1))

    def _mask(self, masked: Masked, language: str, places: Iterable[Place]) -> None:
        masked[EVERY if language in self._main else language].update(places)

    def _spans(self, entry: Entry, masked: set[Place]) -> Iterable[Span]:
        """From the first word of a pattern to its last, wherever it stands."""
        if entry.further:
            return self._in_a_row(entry, masked)
        said, slipped = self._unmasked(entry.first, masked), self._slipped
        return [(place, place) for place in said if slipped.get((entry.first, place), SURE_SLIP) >= SURE_SLIP]

    def _in_a_row(self, entry: Entry, masked: set[Place]) -> Iterator[Span]:
        _, *gaps = entry.shape.gaps
        for first in self._unmasked(entry.first, masked):
            ends = {first}
            for number, gap in zip(entry.further, gaps, strict=True):
                ends = {
                    place
                    for place in self._unmasked(number, masked)
                    for before in ends
                    if _follows(place - before, gap) or (place == before and place in self._several)
                }
            if ends:
                yield min(first, *ends), max(first, *ends)

    def _unmasked(self, number: int, masked: set[Place]) -> list[Place]:
        places = self._places[number]
        return [place for place in places if place not in masked] if masked else places


def _follows(distance: int, gap: int) -> bool:
    return 0 < distance <= gap + 1 or (gap < 0 and 0 < abs(distance) <= -gap)


def _hidden(masked: Masked, language: str) -> set[Place]:
    return masked[language] | masked[EVERY]


def _open(found: Mapping[str, Spans], hidden: set[Place]) -> dict[str, Spans]:
    """The slots of a text but for words that belong to an idiom; a negation may."""
    return {
        slot: spans if slot in (BEFORE, AFTER) else [span for span in spans if not _is_hidden(span, hidden)]
        for slot, spans in found.items()
    }


def _is_hidden(span: Span, hidden: set[Place]) -> bool:
    """Whether the words of a slot belong to an idiom: a long way to say something is more than the idiom in it."""
    places = set(range(span[0], span[1] + 1))
    return not places.isdisjoint(hidden) and (len(places) < LONG or places <= hidden)
