"""Typed words as the press they mean: a number, a label, a keyword, an emoji, a yes, in any language on offer.

Exact before generous: a word more or less may turn an answer round, so typing errors are forgiven within words only.
In doubt nothing is pressed, and the question is asked again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.domain.messages import numbers
from bot.domain.spelling import plain
from bot.engine.advance import Press, Session, Words, standing
from bot.engine.answer_words import DAYS_WORKED, DOUBT, NO, NO_ALONE, YES
from bot.engine.flow import Flow
from bot.engine.step import Choose, Number, Upload, Write, on_offer
from bot.i18n import LANGUAGES, Text, Values, render

LONGEST_TYPED = 80
"""Longer texts are stories, not the label of a button."""
LONGEST_YES = 7
"""Words: somebody who says yes and then more than this says something else too."""
SLIPS = ((9, 2), (5, 1))
"""Letters of a word, and how many of them may be wrong. In shorter words one letter makes another word."""
_MINUS = re.compile(r"\s*[-−–]\s*\d")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Option:
    """Something that can be meant: its label, and further words for it."""

    id: str
    label: Text
    keywords: tuple[str, ...] = ()


def understand(flow: Flow, session: Session, text: str) -> Press | Words | None:
    """What a typed text means to the question that stands; None when it is no answer to it."""
    question = flow.question(standing(session))
    if question is None:
        return None
    options = [Option(choice.id, choice.label, choice.keywords) for choice in on_offer(question, session.facts)]
    by_place = isinstance(question, Choose | Upload) or (isinstance(question, Write) and bool(question.among))
    meant = pick(options, text, session.facts, by_place=by_place)
    if meant is None and isinstance(question, Number):
        meant = _number(question, text)
    if meant is not None:
        return Press(question.id, meant, typed=True)
    return Words(text) if isinstance(question, Write) and text.strip() else None


def pick(options: Sequence[Option], text: str, values: Values | None = None, *, by_place: bool = True) -> str | None:
    """The one option a text means, or None when it means none or more than one."""
    if not text.strip() or len(text) > LONGEST_TYPED or _MINUS.match(text):
        return None
    typed = plain(text)
    if by_place and re.fullmatch(r"\d{1,2}", typed):
        known = numbers([render(option.label, LANGUAGES[0], values) for option in options])
        if int(typed) in known:
            return options[known.index(int(typed))].id
    named = [(option.id, way) for option in options for way in _ways(option, values) if way]
    exact = {meant for meant, way in named if way == (typed or _emoji(text))}
    if exact or not typed:
        return _only(exact)
    slipped = {meant for meant, way in named if is_slip(typed, way)}
    return _only(slipped) if slipped else _yes_or_no(options, named, text, values)


def is_slip(typed: str, way: str) -> bool:
    """Whether two plain texts are the same words, but for typing errors within words, letters drawn out, spaces."""
    if typed.replace(" ", "") == way.replace(" ", ""):
        return True
    mine, theirs = typed.split(), way.split()
    return len(mine) == len(theirs) and all(map(_is_slip_of_word, mine, theirs))


def _is_slip_of_word(mine: str, theirs: str) -> bool:
    if mine == theirs or (_DRAWN_OUT.search(mine) and _TWICE.sub(r"\1", mine) == _TWICE.sub(r"\1", theirs)):
        return True
    allowed = next((wrong for letters, wrong in SLIPS if min(len(mine), len(theirs)) >= letters), 0)
    return mine[0] == theirs[0] and OSA.distance(mine, theirs, score_cutoff=allowed) <= allowed


def _yes_or_no(
    options: Sequence[Option], named: Sequence[tuple[str, str]], text: str, values: Values | None
) -> str | None:
    """The only choice that begins with yes, for whoever says yes and nothing against it; of several the one that is a bare yes
    as well. The same for a bare no.
    """
    first, *more = (_DRAWN_OUT.sub(r"\1", word) for word in plain(text).split())
    if first in NO and all(word in NO for word in more):
        spoken = [(option.id, render(option.label, lang, values)) for option in options for lang in _languages(option)]
        return _only({meant for meant, label in spoken if NO_ALONE.match(plain_start(label))})
    begins = {meant for meant, way in named if way.split()[0] in YES}
    bare = {meant for meant, way in named if way in YES}
    meant = _only(begins if len(begins) == 1 else begins & bare) if _says_yes(first, more, text) else None
    elsewhere = {word for other, way in named if other not in begins for word in way.split() if len(word) > 3}
    own = {word for other, way in named if other == meant for word in way.split()}
    return meant if not (elsewhere - own).intersection(more) else None


def _says_yes(first: str, more: Sequence[str], text: str) -> bool:
    """Yes, and nothing after it that doubts it. « si » is also "if": followed by more it needs its accent."""
    if first not in YES or "?" in text or len(more) >= LONGEST_YES:
        return False
    if first == "si" and not text.strip().casefold().startswith("sí") and any(word not in YES for word in more):
        return False
    return not any(word in DOUBT or any(map(str.isdigit, word)) for word in more)


def plain_start(label: str) -> str:
    """A label without what stands before its first letter, lower case."""
    return re.sub(r"^[\W_]+", "", label).casefold()


def _only(meant: set[str]) -> str | None:
    return meant.pop() if len(meant) == 1 else None


def _languages(option: Option) -> Iterable[str]:
    own = option.label if isinstance(option.label, Mapping) else ()
    return dict.fromkeys((*LANGUAGES, *own))


def _ways(option: Option, values: Values | None) -> Iterable[str]:
    """Every way to type an option: its label in each language, with and without its emoji, and its keywords."""
    for language in _languages(option):
        yield from _ways_of(render(option.label, language, values))
    yield from (_ways_of(word)[0] for word in option.keywords)


@lru_cache(maxsize=2048)
def _ways_of(label: str) -> tuple[str, str]:
    """Words in plain, and their emoji: the same few dozen labels are on offer each time that somebody types."""
    return plain(label), _emoji(label)


def _emoji(text: str) -> str:
    """The symbols of a text alone, without what colours or joins them."""
    return "".join(char for char in text if unicodedata.category(char) == "So")


def _number(question: Number, text: str) -> str | None:
    """A number that is the whole answer, or "3 days": one within a sentence may count what was missed."""
    found = DAYS_WORKED.fullmatch(plain(text))
    if not found or _MINUS.match(text):
        return None
    return str(int(found[1])) if question.low <= int(found[1]) <= question.high else None
