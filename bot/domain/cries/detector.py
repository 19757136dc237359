"""What a message cries for: the lists that come with Compagnon, and what a school adds to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from bot.domain.cries.classifier import likeness
from bot.domain.cries.deobfuscation import Forms, read
from bot.domain.cries.lexicon import Lexicon
from bot.domain.cries.matches import Found
from bot.domain.cries.packed import packed
from bot.domain.cries.shipped import shipped_lists
from bot.domain.cries.word_list import Table, phrase

LAUGHED_OFF = frozenset({"injury", "lost", "lost_documents"})
"""What nobody says with a laugh who means it. Whatever somebody else does to them is heard, laugh or not."""
WHOLE = frozenset({"alone", "sos"})
"""What may be spread over a message; everything else stands in one of its sentences, too: two that have nothing to do with
each other say nothing together."""
_SENTENCES = re.compile(r"(?<=[.!?…؟。！？])\s+|\n+")
_LAUGHTER = re.compile(
    r"\b(?:lo+l|mdr+|ptdr+|lmf?ao|xd+|(?:ha){2,}h?|(?:he){2,}|(?:hi){2,}|(?:ja){2,}j?|a?(?:ah){2,}a?|k{4,}|(?:rs){2,}"
    r"|(?:ха){2,}х?|а?(?:ах){2,}а?|(?:χα){2,}|ه{3,}|(?:sj){3,})\b|[哈]{2,}|笑死|[😂🤣😆😹]",
    re.IGNORECASE,
)


@cache
def shipped() -> Lexicon:
    """The lists that come with Compagnon. Read once, at start: a cry must not wait for it."""
    return Lexicon(shipped_lists())


@dataclass(frozen=True)
class Added:
    """What a school listens for besides, and the words of each phrase of it."""

    lexicon: Lexicon
    phrases: tuple[frozenset[str], ...]

    def kinds(self, words: Sequence[Forms], whole: Found) -> frozenset[str]:
        """What is said of it. What only sounds like a cry is none either where a school listens for one of its words."""
        said = frozenset[str]().union(*words)
        if not any(map(said.issuperset, self.phrases)):
            return frozenset()
        plain = whole.without_idioms()
        own = Found(self.lexicon, plain).kinds()
        if plain != words:
            own |= Found(self.lexicon, words).kinds() & {"alone"}
        return own


def kinds_in(text: str, more: Added | None = None) -> frozenset[str]:
    """The kinds of cry in a message; `sos` is a call for help, `alone` one that says nothing else."""
    found = hear(text, more)
    return found.kinds | found.own


def cry_for_help(text: str, more: Added | None = None) -> frozenset[str]:
    """Of the kinds in a message those that are a cry for help, and nothing else: most messages have no word of one."""
    words, whole = _whole(text)
    found = whole.kinds() & WHOLE if whole.may_say(WHOLE) else frozenset[str]()
    return found | more.kinds(words, whole) if more is not None else found


@dataclass(frozen=True)
class Heard:
    """How many words a text has, the kinds of cry that the lists of Compagnon hear in it, those that a school's `own` words
    say, and what is found in the whole text and in each of its sentences.
    """

    words: int
    kinds: frozenset[str]
    own: frozenset[str]
    whole: tuple[str, Found]
    sentences: tuple[tuple[str, Found], ...]

    @property
    def like(self) -> float:
        """How like a cry it is: one of its sentences by itself is, and all the rest of it weighs as much."""
        best = max(likeness(text, found.meanings()) for text, found in self.sentences)
        if len(self.sentences) == 1:
            return best
        text, found = self.whole
        return min(best, (best + likeness(text, found.meanings())) / 2)


def hear(text: str, more: Added | None = None) -> Heard:
    """What is heard in a message."""
    words, shipped_only = _listen(text)
    if more is None or not (own := more.kinds(words, shipped_only.whole[1])):
        return shipped_only
    return replace(shipped_only, own=own)


@lru_cache(maxsize=32)
def _whole(text: str) -> tuple[tuple[Forms, ...], Found]:
    """The words of a text, and what the lists of Compagnon find in them as a whole."""
    words = read(text)
    return words, Found(shipped(), words)


@lru_cache(maxsize=32)
def _listen(text: str) -> tuple[tuple[Forms, ...], Heard]:
    """The words of a text, and what the lists of Compagnon alone hear in it.

    Asked again and again while one message is decided, for one reason and another: the last few answers are remembered.
    """
    words, whole = _whole(text)
    split = [each for each in _SENTENCES.split(text) if each]
    sentences = tuple((one, Found(shipped(), read(one))) for one in split) if len(split) > 1 else ((text, whole),)
    kinds = _shipped_kinds(text, whole, [found for _, found in sentences])
    return words, Heard(len(words), kinds, frozenset(), (text, whole), sentences)


def _shipped_kinds(text: str, whole: Found, sentences: Sequence[Found]) -> frozenset[str]:
    """What the lists of Compagnon hear in a message."""
    laughed = LAUGHED_OFF if _LAUGHTER.search(text) else frozenset()
    found = whole.kinds(laughed)
    if len(sentences) == 1:
        return found
    said = frozenset[str]().union(*(each.kinds(laughed) for each in sentences)) - WHOLE
    surer = "doubt" in found  # one of them alone may say more
    return (found & WHOLE) | (said if surer else said & found)


def added(phrases: tuple[tuple[str, str], ...]) -> Added | None:
    """What a school adds, as pairs of a phrase and its kind."""
    patterns = tuple(found for words, kind in phrases if (found := phrase(words, kind)).words)
    if not patterns:
        return None
    words = tuple(frozenset[str]().union(*pattern.words) for pattern in patterns)
    return Added(Lexicon(packed((Table("school", patterns, {}, frozenset()),), forgiving=False)), words)


@lru_cache(maxsize=4)
def alone(words: tuple[str, ...]) -> Added | None:
    """A school's own words for a cry that says nothing else."""
    return added(tuple((word, "alone") for word in words))


def calls() -> frozenset[str]:
    """Every way to call for help and say nothing else, in plain words: for what listens by itself, as the web page."""
    return shipped().alone
