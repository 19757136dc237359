"""Whether a message says that somebody is not well. Words are found, nothing is diagnosed."""

from __future__ import annotations

from functools import lru_cache

from bot.domain.level import Level, worst
from bot.domain.programme.model import Programme
from bot.domain.programme.walk import texts
from bot.domain.spelling import plain


def distress_in(text: str, programme: Programme) -> Level | None:
    """The gravest level of the words of distress in a text; None where there are none, or where a button says the same:
    it has its own level, and its own answer.
    """
    if plain(text) in _labels(programme):
        return None
    typed = f" {plain(text)} "
    found = [level for phrase, level in _phrases(programme) if phrase in typed]
    return worst(found) if found else None


@lru_cache(maxsize=4)
def _phrases(programme: Programme) -> tuple[tuple[str, Level], ...]:
    """Every phrase as it stands in a plain text, between spaces: whole words only."""
    return tuple(
        (f" {plain(word)} ", kind.level)
        for kind in programme.distress.values()
        for words in kind.words.values()
        for word in words
    )


@lru_cache(maxsize=4)
def _labels(programme: Programme) -> frozenset[str]:
    """What learners may type because a button says it."""
    labels = [written.words for written in texts(programme) if written.field == "label"]
    every = (word for label in labels for word in ([label] if isinstance(label, str) else label.values()))
    return frozenset(plain(word) for word in every)
