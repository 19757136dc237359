"""Typed words as the press they mean: a number, a label, a keyword, an emoji, in any language on offer."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.messages import numbers
from bot.domain.spelling import plain
from bot.engine.advance import Press, Session, Words, standing
from bot.engine.flow import Flow
from bot.engine.step import Choose, Number, Upload, Write
from bot.i18n import LANGUAGES, Text, Values, render

LONGEST_TYPED = 80
"""Longer texts are stories, not the label of a button."""


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
    options = [Option(choice.id, choice.label, choice.keywords) for choice in question.choices]
    meant = pick(options, text, session.facts, by_place=isinstance(question, Choose | Upload))
    if meant is None and isinstance(question, Number):
        meant = _number(question, text)
    if meant is not None:
        return Press(question.id, meant)
    return Words(text) if isinstance(question, Write) and text.strip() else None


def pick(options: Sequence[Option], text: str, values: Values | None = None, *, by_place: bool = True) -> str | None:
    """The one option a text means, or None when it means none or more than one."""
    if not text.strip() or len(text) > LONGEST_TYPED:
        return None
    typed = plain(text)
    if by_place and re.fullmatch(r"\d{1,2}", typed):
        known = numbers([render(option.label, LANGUAGES[0], values) for option in options])
        if int(typed) in known:
            return options[known.index(int(typed))].id
    named = [(option.id, way) for option in options for way in _ways(option, values) if way]
    exact = {meant for meant, way in named if way == (typed or _emoji(text))}
    if len(exact) == 1:
        return exact.pop()
    close = set(difflib.get_close_matches(typed, [way for _meant, way in named], n=3, cutoff=0.88)) if typed else set()
    near = {meant for meant, way in named if way in close}
    return near.pop() if len(near) == 1 and not exact else None


def _ways(option: Option, values: Values | None) -> Iterable[str]:
    """Every way to type an option: its label in each language, with and without its emoji, and its keywords."""
    own = option.label if isinstance(option.label, Mapping) else ()
    for language in dict.fromkeys((*LANGUAGES, *own)):
        label = render(option.label, language, values)
        yield from (plain(label), _emoji(label))
    yield from (plain(word) for word in option.keywords)


def _emoji(text: str) -> str:
    """The symbols of a text alone, without what colours or joins them."""
    return "".join(char for char in text if unicodedata.category(char) == "So")


def _number(question: Number, text: str) -> str | None:
    found = re.search(r"\d+", text)
    if not found or len(re.findall(r"\d+", text)) != 1:
        return None
    return str(int(found[0])) if question.low <= int(found[0]) <= question.high else None
