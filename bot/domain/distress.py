"""Whether a message says that somebody is not well. Words are found, nothing is diagnosed."""

from __future__ import annotations

from functools import lru_cache

from bot.domain.command_words import said_in
from bot.domain.cries.detector import Added, added, hear
from bot.domain.level import Level, worst
from bot.domain.programme.model import Programme
from bot.domain.programme.walk import texts
from bot.domain.sos import is_sos
from bot.domain.spelling import plain

DOUBT = "doubt"
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
    DOUBT: Level.NONE,
}
"""What Compagnon listens for by itself, and how grave it takes it to be. A school's table of the same name decides
otherwise, and adds its own words; `none` only offers an adult."""
SURELY, LIKELY, MAYBE, UNLIKELY, HARDLY = 3.0, 1.5, 0.0, 0.0, -2.0
"""How like a cry a text is (`cries.classifier`), in logarithmic odds."""
FEWEST = 3
"""Words; fewer of which no list knows any say too little to be like anything: they put off, or stop, or answer."""
ADULT_WANTED = SPEAK, SPEAK_TO_ADULT = "speak", "speak_to_adult"
"""No distress: somebody wishes to speak to a person, or says that it is an adult of theirs."""


def distress_in(text: str, programme: Programme, *, asked: bool = True) -> Level | None:
    """The gravest level of the words of distress in a text, `none` where its author is asked; None where there are none, or
    where a question stands and a button says the same: it has its own level, and its own answer.
    """
    if asked and plain(text) in _labels(programme):
        return None
    levels = LEVELS | {name: kind.level for name, kind in programme.distress.items()}
    heard = hear(text, _own(programme))
    listed, own = ([levels[kind] for kind in kinds if kind in levels] for kinds in (heard.kinds, heard.own))
    like = heard.like if listed or heard.words >= FEWEST else MAYBE
    weighed = weigh(heard.kinds, worst(listed) if listed else None, like)
    found = [level for level in (weighed, *own) if level is not None]
    return worst(found) if found else None


def in_danger(text: str, programme: Programme, least: Level = Level.NOW) -> bool:
    """Whether words are a cry for help, or of distress that is as grave as this at `least`: all that counts of words from
    somebody whom nobody has confirmed, or with whom Compagnon does not converse. They cannot be asked what they mean.
    """
    if is_sos(text, programme.sos.words):
        return True
    level = distress_in(said_in(text), programme, asked=False)
    return level is not None and level.rank >= least.rank


def weigh(kinds: frozenset[str], listed: Level | None, like: float) -> Level | None:
    """The level of words whose kinds the lists hold for `listed`, and which are `like` a cry: either alone asks, both alarm.

    Each bound stands where, of sentences that were not learnt, most on one side are cries and most on the other are not
    (`python3 run.py dev -m tests.domain.phrases.train` prints them). What is only to be followed up stays so; who says how low
    they are is asked; and who wishes to speak to somebody is handed to them.
    """
    if listed is None:
        at_least = Level.TODAY if like > SURELY else Level.NONE if like > MAYBE else None
        return at_least if kinds.isdisjoint(ADULT_WANTED) else None
    if listed is Level.NONE:
        return Level.TODAY if like > LIKELY and DOUBT in kinds else listed if like > HARDLY else None
    return listed if like > UNLIKELY or listed is Level.FOLLOW_UP else Level.NONE


@lru_cache(maxsize=4)
def _own(programme: Programme) -> Added | None:
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
