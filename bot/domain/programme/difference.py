"""What distinguishes two programmes, line by line, for whoever compares theirs with Compagnon's or with last year's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.programme.inherit import is_words
from bot.domain.programme.model import Programme
from bot.i18n import Sentence, _, joined, say

SHOWN = 60
"""Characters of a value that are shown."""


def difference(earlier: Programme, later: Programme) -> list[Sentence]:
    """What is new, what is gone, what says something else; in the order of the later one.

    Of texts only in the languages that one of them promises: what Compagnon knows besides is nobody's change.
    """
    spoken = {*earlier.programme.languages, *later.programme.languages}
    before, after = (_spoken(each.model_dump(mode="json"), spoken) for each in (earlier, later))
    return list(_between(before, after, ""))


def _spoken(value: Any, languages: set[str]) -> Any:
    if isinstance(value, list):
        return [_spoken(each, languages) for each in value]
    if not isinstance(value, dict):
        return value
    if is_words(value):
        return {language: words for language, words in value.items() if language in languages}
    return {key: _spoken(inner, languages) for key, inner in value.items()}


def _between(earlier: Any, later: Any, where: str) -> Iterator[Sentence]:
    if earlier == later:
        return
    before, after = _parts(earlier), _parts(later)
    if before is None or after is None:
        yield joined([where, say(_("{earlier} is now {later}"), earlier=_shown(earlier), later=_shown(later))], ": ")
        return
    for name, value in after.items():
        place = _below(where, name)
        if name in before:
            yield from _between(before[name], value, place)
        elif value not in (None, [], {}):
            yield joined([place, say(_("new: {later}"), later=_shown(value))], ": ")
    for name, value in before.items():
        if name not in after and value not in (None, [], {}):
            yield joined([_below(where, name), say(_("no longer there: {earlier}"), earlier=_shown(value))], ": ")


def _parts(value: Any) -> Mapping[str, Any] | None:
    """What is compared one by one: the keys of a table, the ids of a list of tables."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(each, dict) and "id" in each for each in value):
        return {f'"{each["id"]}"': each for each in value}
    return None


def _below(where: str, name: str) -> str:
    return name if not where else f"{where} {name}" if name.startswith('"') else f"{where}.{name}"


def _shown(value: Any) -> str:
    """The value, or the text in the first of its languages, cut where it is long."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("title", "text", "label") if value.get(key)), value)
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
    words = str(value)
    return f'"{words[:SHOWN]}…"' if len(words) > SHOWN else f'"{words}"'
