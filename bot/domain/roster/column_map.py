"""What a school says of its own exports: which column is which, and what is true of every row. Kept in a file or in the
configuration; for the programs that most schools use, such files come with Compagnon."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.domain.roster.fields import Field, label
from bot.domain.roster.headers import Columns, field_of
from bot.domain.spelling import folded, nearest
from bot.i18n import LANGUAGES, Sentence, _, say

_MAPS = Path(__file__).with_name("maps")
SHIPPED = {path.stem: path for path in sorted(_MAPS.glob("*.toml"))}
"""By the name of the program that exports such files."""


class ColumnMapError(Exception):
    """The map cannot be used. `problems` has one sentence for each fault."""

    def __init__(self, problems: Sequence[Sentence]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load_columns(text: str, name: str) -> Columns:
    """A map from the text of its file: `[columns]` and `[fixed]`.

    Raises:
        ColumnMapError: it is no TOML, or a column of ours is not known.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ColumnMapError([say(_("{file}: this is no TOML file: {detail}"), file=name, detail=error)]) from None
    strange = [key for key in written if key not in {"columns", "fixed"}]
    if strange:
        text_ = _('{file}: no such table as "{table}": write [columns] and [fixed]')
        raise ColumnMapError([say(text_, file=name, table=each) for each in strange])
    return columns_of(written.get("columns", {}), written.get("fixed", {}), name)


def columns_of(titles: Mapping[str, Any], fixed: Mapping[str, Any], name: str) -> Columns:
    """A map from its two tables. An empty word leaves a column out, a list uses one for several.

    Raises:
        ColumnMapError: a column of ours is not known.
    """
    problems: list[Sentence] = []
    meant = {folded(title): tuple(_fields(said, name, problems)) for title, said in titles.items()}
    held = {field: str(value) for said, value in fixed.items() for field in _fields(said, name, problems)}
    if problems:
        raise ColumnMapError(problems)
    return Columns(meant, held)


def with_map(own: Columns, named: Columns) -> Columns:
    """Both; what the map of this file says wins over what holds for all."""
    return Columns({**own.titles, **named.titles}, {**own.fixed, **named.fixed})


def shipped(name: str) -> Columns:
    """The map that comes with Compagnon for a program."""
    return load_columns(SHIPPED[name].read_text(encoding="utf-8"), SHIPPED[name].name)


def _fields(said: Any, name: str, problems: list[Sentence]) -> Iterator[Field]:
    for word in said if isinstance(said, list) else [said]:
        if word == "":
            continue
        if found := field_of(str(word)):
            yield found
            continue
        known = [*Field, *(label(field, language) for language in LANGUAGES for field in Field)]
        text = _('{file}: "{column}" is no column of a roster: write one like "Référence" or "Reference"')
        problems.append(say(text, hint=nearest(str(word), known), file=name, column=word))
