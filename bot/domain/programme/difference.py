"""What distinguishes two programmes, line by line, for whoever compares theirs with Compagnon's or with last year's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.programme.inherit import is_words
from bot.domain.programme.model import Programme
from bot.i18n import Sentence, Text, _, joined, say

SHOWN = 60
"""Characters of a value that are shown."""
CHANGED = _("{earlier} is now {later}")
NEW = _("new: {later}")
ORDERED = _("in another order")
GONE = _("no longer there: {earlier}")


@dataclass(frozen=True)
class Step:
    """A key of a table; or the id of a row, with what the row says."""

    name: str
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Different:
    """What says something else, is new or gone, and where it stands."""

    path: tuple[Step, ...]
    how: Text
    earlier: Any = None
    later: Any = None

    def worded(self, place: str, shown: Callable[[Any], str]) -> Sentence:
        """The line about it: where, then what it said and what it says."""
        return joined([place, say(self.how, earlier=shown(self.earlier), later=shown(self.later))], ": ")


def difference(earlier: Programme, later: Programme) -> list[Sentence]:
    """What is new, what is gone, what says something else, in the keys of the file; in the order of the later one."""
    return [each.worded(_place(each.path), brief) for each in differences(earlier, later)]


def differences(earlier: Programme, later: Programme) -> Iterator[Different]:
    """The same, for whoever has other words for it than the file.

    Of texts only in the languages that one of them promises: what Compagnon knows besides is nobody's change.
    """
    spoken = {*earlier.programme.languages, *later.programme.languages}
    unlike = {name for name in Programme.model_fields if getattr(earlier, name) != getattr(later, name)}
    before, after = (_spoken(each.model_dump(mode="json", include=unlike), spoken) for each in (earlier, later))
    return _between(before, after, ())


def _spoken(value: Any, languages: set[str]) -> Any:
    if isinstance(value, list):
        return [_spoken(each, languages) for each in value]
    if not isinstance(value, dict):
        return value
    if is_words(value):
        return {language: words for language, words in value.items() if language in languages}
    return {key: _spoken(inner, languages) for key, inner in value.items()}


def _between(earlier: Any, later: Any, path: tuple[Step, ...]) -> Iterator[Different]:
    if earlier == later:
        return
    before, after = _parts(earlier), _parts(later)
    if before is None or after is None:
        yield Different(path, CHANGED, earlier, later)
        return
    if isinstance(later, list) and [each for each in before if each in after] != [
        each for each in after if each in before
    ]:
        yield Different(path, ORDERED)
    for step, value in after.items():
        if step in before:
            yield from _between(before[step][1], value[1], (*path, value[0]))
        elif value[1] not in (None, [], {}):
            yield Different((*path, value[0]), NEW, later=value[1])
    for step, value in before.items():
        if step not in after and value[1] not in (None, [], {}):
            yield Different((*path, value[0]), GONE, earlier=value[1])


def _parts(value: Any) -> dict[str, tuple[Step, Any]] | None:
    """What is compared one by one: the keys of a table, the ids of a list of tables."""
    if isinstance(value, dict):
        return {name: (Step(name), each) for name, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, dict) and "id" in each for each in value):
        return {each["id"]: (Step(each["id"], each), each) for each in value}
    return None


def _place(path: tuple[Step, ...]) -> str:
    """`outgoing.before "ehic".due`: as the file has it."""
    return "".join(f' "{step.name}"' if step.row else f".{step.name}" for step in path).lstrip(". ")


def brief(value: Any) -> str:
    """The value, or the text in the first of its languages, cut where it is long."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("title", "text", "label") if value.get(key)), value)
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
    words = str(value)
    return f'"{words[:SHOWN]}…"' if len(words) > SHOWN else f'"{words}"'
