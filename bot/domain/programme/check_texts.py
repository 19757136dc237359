"""Texts: every language of the programme has its words, and every {placeholder} is one that is filled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem
from bot.domain.programme.walk import Written, texts
from bot.domain.spelling import did_you_mean
from bot.i18n import catalog

_OF_THE_STAY = {"city", "country", "host", "emergency", "days", "due", "departure", "start", "end", "back"}
PLACEHOLDERS = frozenset({"name", "school", "coordinator"} | _OF_THE_STAY)
"""What a text to a learner may name. The handlers freeze these values when a conversation begins."""

SPOKEN = frozenset({"text", "help", "reply", "opening", "nudge"})
"""Fields that are said to one learner. Titles, labels and names are shown without a learner at hand."""

_BRACES = re.compile(r"\{([^{}]*)\}")


def text_errors(programme: Programme) -> Iterator[Problem]:
    """Languages that are promised and lack words, and placeholders that nobody fills."""
    languages = programme.programme.languages
    if programme.programme.language not in languages:
        yield Problem("programme", "language", f'"{programme.programme.language}" is not among languages: add it there')
    for written in texts(programme):
        if isinstance(written.words, str):
            yield from _braces(written, "", written.words)
            continue
        yield from _missing(written, languages)
        for language, words in written.words.items():
            yield from _braces(written, f".{language}", words)


def text_warnings(programme: Programme) -> Iterator[Problem]:
    """Plain texts are message ids: English, found in the catalogs of the other languages."""
    others = [language for language in programme.programme.languages if language != "en"]
    for written in texts(programme):
        if not isinstance(written.words, str) or not written.words:
            continue
        lacking = [language for language in others if catalog(language).gettext(written.words) == written.words]
        if lacking:
            says = f"Compagnon knows no {_list(lacking)} for this text: write one line per language, {written.field}.fr = …"
            yield Problem(written.where, written.field, says)


def _missing(written: Written, languages: Sequence[str]) -> Iterator[Problem]:
    lacking = [language for language in languages if not written.words.get(language)]  # type: ignore[union-attr]
    if lacking:
        add = " and ".join(f"{written.field}.{language}" for language in lacking)
        yield Problem(written.where, written.field, f"there are no words in {_list(lacking)}: add {add}")


def _braces(written: Written, language: str, words: str) -> Iterator[Problem]:
    known = PLACEHOLDERS if written.field in SPOKEN else frozenset[str]()
    for name in dict.fromkeys(_BRACES.findall(words)):
        if name not in known:
            says = (
                _unknown(name)
                if known
                else f"{{{name}}} is not filled here: titles, labels and names are the same for all"
            )
            yield Problem(written.where, written.field + language, says)
    if re.search(r"[{}]", _BRACES.sub("", words)):
        yield Problem(written.where, written.field + language, "a { or } stands alone: they enclose a {placeholder}")


def _unknown(name: str) -> str:
    hint = did_you_mean(name, PLACEHOLDERS)
    return f"nothing fills {{{name}}}{hint or ': see the list at the top of programme.example.toml'}"


def _list(languages: Sequence[str]) -> str:
    return ", ".join(f'"{language}"' for language in languages)
