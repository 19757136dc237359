"""Texts: every language of the programme has its words, and every {placeholder} is one that is filled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.programme.item import Item
from bot.domain.programme.journey import CheckIn
from bot.domain.programme.model import Programme
from bot.domain.programme.problem import Problem
from bot.domain.programme.walk import Written, places, texts
from bot.domain.spelling import nearest
from bot.i18n import Sentence, _, catalog, say

_OF_THE_STAY = {
    "city",
    "country",
    "host",
    "emergency",
    "numbers",
    "days",
    "due",
    "departure",
    "start",
    "end",
    "back",
    "page",
}
PLACEHOLDERS = frozenset({"name", "school", "coordinator"} | _OF_THE_STAY)
"""What a text to a learner may name. The handlers freeze these values when a conversation begins."""

OWN_REMINDERS = 2
"""Words of Compagnon's own in which an item is asked again, after the school's."""

SPOKEN = frozenset({"text", "help", "reply", "opening", "nudge"})
"""Fields that are said to one learner. Titles, labels and names are shown without a learner at hand."""

_BRACES = re.compile(r"\{([^{}]*)\}")


def text_errors(programme: Programme) -> Iterator[Problem]:
    """Languages that are promised and lack words, and placeholders that nobody fills."""
    languages = programme.programme.languages
    if programme.programme.language not in languages:
        yield Problem(
            "programme",
            "language",
            say(_('"{language}" is not among languages: add it there'), language=programme.programme.language),
        )
    for written in texts(programme):
        if isinstance(written.words, str):
            yield from _braces(written, "", written.words)
            continue
        yield from _missing(written, languages)
        for language, words in written.words.items():
            if "{" in words or "}" in words:
                yield from _braces(written, f".{language}", words)


def text_warnings(programme: Programme) -> Iterator[Problem]:
    """Plain texts are message ids: English, found in the catalogs of the other languages."""
    others = [language for language in programme.programme.languages if language != "en"]
    for written in texts(programme):
        if not isinstance(written.words, str) or not written.words:
            continue
        lacking = [language for language in others if catalog(language).gettext(written.words) == written.words]
        if lacking:
            says = say(
                _("Compagnon knows no {languages} for this text: write one line per language, {field}.fr = …"),
                languages=_list(lacking),
                field=written.field,
            )
            yield Problem(written.where, written.field, says)


def wording_warnings(programme: Programme) -> Iterator[Problem]:
    """What comes so often that its words come back: a form, no question."""
    for place in places(programme):
        match place.part:
            case Item(asks_learner=True, remind=remind, again=again) if len(remind) > len(again) + OWN_REMINDERS + 1:
                says = say(
                    _("it is asked {times} times, in {words} wordings: write others, [[…again]] with id and text"),
                    times=len(remind),
                    words=len(again) + OWN_REMINDERS + 1,
                )
                yield Problem(place.where, "again", says)
            case CheckIn(openings=openings) if not openings:
                says = say(_("it is asked in the same words every time: write others, [[…openings]] with id and text"))
                yield Problem(place.where, "openings", says)


def _missing(written: Written, languages: Sequence[str]) -> Iterator[Problem]:
    lacking = [language for language in languages if not written.words.get(language)]  # type: ignore[union-attr]
    if lacking:
        add = {"list": [f"{written.field}.{language}" for language in lacking]}
        yield Problem(
            written.where,
            written.field,
            say(_("there are no words in {languages}: add {add}"), languages=_list(lacking), add=add),
        )


def _braces(written: Written, language: str, words: str) -> Iterator[Problem]:
    known = PLACEHOLDERS if written.field in SPOKEN else frozenset[str]()
    named = _BRACES.findall(words)
    for name in dict.fromkeys(named):
        if name not in known:
            says = (
                _unknown(name)
                if known
                else say(
                    _("{name} is not filled here: titles, labels and names are the same for all"), name=f"{{{name}}}"
                )
            )
            yield Problem(written.where, written.field + language, says)
    if words.count("{") + words.count("}") != 2 * len(named):
        yield Problem(
            written.where,
            written.field + language,
            say(_("a curly bracket stands alone: two of them enclose a {name}"), name="{placeholder}"),
        )


def _unknown(name: str) -> Sentence:
    near, named = nearest(name, PLACEHOLDERS), f"{{{name}}}"
    if near:
        return say(_("nothing fills {name}"), hint=near, name=named)
    return say(_("nothing fills {name}: see the list at the top of programme.example.toml"), name=named)


def _list(languages: Sequence[str]) -> str:
    return ", ".join(f'"{language}"' for language in languages)
