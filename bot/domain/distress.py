"""Whether a message says that somebody is not well. Words are found, nothing is diagnosed."""

from __future__ import annotations

from functools import lru_cache

from bot.domain.cries.heard import added, kinds_in
from bot.domain.cries.lexicon import Lexicon
from bot.domain.level import Level, worst
from bot.domain.programme.model import Programme
from bot.domain.programme.walk import texts
from bot.domain.spelling import plain

LEVELS = {
    "self_harm": Level.NOW,
    "violence": Level.NOW,
    "sexual_violence": Level.NOW,
    "threat": Level.NOW,
    "locked_in": Level.NOW,
    "no_roof": Level.NOW,
    "injury": Level.NOW,
    "run_away": Level.NOW,
    "hunger": Level.TODAY,
    "harassment": Level.TODAY,
    "exploitation": Level.TODAY,
    "lost": Level.TODAY,
    "fear": Level.TODAY,
    "lost_documents": Level.FOLLOW_UP,
    "go_home": Level.FOLLOW_UP,
    "low": Level.NONE,
    "doubt": Level.NONE,
}
"""What Compagnon listens for by itself, and how grave it takes it to be. A school's table of the same name decides
otherwise, and adds its own words; `none` only offers an adult."""
ADULT_WANTED = SPEAK, SPEAK_TO_ADULT = "speak", "speak_to_adult"
"""No distress: somebody wishes to speak to a person, or says that it is an adult of theirs."""


def distress_in(text: str, programme: Programme, *, asked: bool = True) -> Level | None:
    """The gravest level of the words of distress in a text; None where there are none, or where a question stands and a
    button says the same: it has its own level, and its own answer.
    """
    if asked and plain(text) in _labels(programme):
        return None
    levels = LEVELS | {name: kind.level for name, kind in programme.distress.items()}
    found = [levels[kind] for kind in kinds_in(text, _own(programme)) if kind in levels]
    return worst(found) if found else None


@lru_cache(maxsize=4)
def _own(programme: Programme) -> Lexicon | None:
    """The school's words: whole words and phrases, as they are written."""
    written = [
        (word, name) for name, kind in programme.distress.items() for words in kind.words.values() for word in words
    ]
    return added(tuple(written))


@lru_cache(maxsize=4)
def _labels(programme: Programme) -> frozenset[str]:
    """What learners may type because a button says it."""
    labels = [written.words for written in texts(programme) if written.field == "label"]
    every = (word for label in labels for word in ([label] if isinstance(label, str) else label.values()))
    return frozenset(plain(word) for word in every)
