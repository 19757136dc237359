"""One change to the text of a programme, its comments and its order kept (tomlkit). Pure: text in, text out.

A path is made of keys, and of the ids of lists of tables: `("outgoing", "before", "ehic", "due")`. What a programme
extends is not written again: of an item of Compagnon's own only the id and what is changed stand in the school's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Array, InlineTable, Item, Table

from bot.domain.programme.inherit import WITHOUT

Names = tuple[str, ...]
_Tables = Container | Table | dict[str, Any]


class NoPlace(LookupError):
    """The path leads nowhere in the programme."""


def amend(text: str, laid: Mapping[str, Any], path: Names, value: Any) -> str:
    """The text with `value` at `path`; None takes the key away, so that what is inherited, or the default, holds again.

    `laid` are the tables of the whole programme as it stands (`Inheritance.table`): they say what is a list of tables.

    Raises:
        NoPlace: a table on the way is in neither.
    """
    document = tomlkit.parse(text)
    table, known = _way(document, laid, path[:-1])
    *_tables, key = path
    if value is None:
        if key in table:
            del table[key]
    elif isinstance(value, Mapping) and isinstance(known.get(key), str) and key not in table:
        table[key] = _written({**value})
    elif table.get(key) != value:
        _put(table, key, value)
    return document.as_string()


def amend_words(text: str, laid: Mapping[str, Any], path: Names, language: str, words: str, spoken: str) -> str:
    """The text with the words of one language at `path`. A text that stood in one language only becomes a table."""
    document = tomlkit.parse(text)
    table, _known = _way(document, laid, path[:-1])
    key = path[-1]
    found = table.get(key)
    if isinstance(found, str):
        _put(table, key, _written({spoken: str(found), language: words}))
    elif isinstance(found, Mapping):
        _put(cast(_Tables, found), language, words)
    else:
        _put(table, key, _written({language: words}))
    return document.as_string()


def leave_out(text: str, laid: Mapping[str, Any], inherited: Mapping[str, Any], path: Names) -> str:
    """The text without the table of that id: taken out where the school wrote it, named in `without` where `inherited`,
    the tables that would be there without a word of the school's own, have it.

    Raises:
        NoPlace: there is no such table.
    """
    document = tomlkit.parse(text)
    *above, name, which = path
    table, _known = _way(document, laid, tuple(above))
    rows = table.get(name)
    if isinstance(rows, list):
        for at, row in reversed(list(enumerate(rows))):
            if row.get("id") == which:
                del rows[at]
        if not rows:
            del table[name]
    if found_at(inherited, path) is not None:
        _put(table, WITHOUT, [*table.get(WITHOUT, ()), which])
    return document.as_string()


def found_at(tables: Any, path: Sequence[str]) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        if isinstance(tables, list):
            tables = next((each for each in tables if isinstance(each, Mapping) and each.get("id") == step), None)
        else:
            tables = tables.get(step) if isinstance(tables, Mapping) else None
    return tables


def add(text: str, laid: Mapping[str, Any], path: Names, values: Mapping[str, Any]) -> str:
    """The text with one more table, `values` (its `id` among them), at the end of the list at `path`."""
    document = tomlkit.parse(text)
    table, known = _way(document, laid, path[:-1])
    _append(table, path[-1], values, written_out=known is laid or _is_outer(path))
    return document.as_string()


def _is_outer(path: Sequence[str]) -> bool:
    """Whether a list is of items or messages, which stand as `[[outgoing.before]]`; those within them stand in line."""
    return len(path) <= 2


def _way(document: tomlkit.TOMLDocument, laid: Mapping[str, Any], path: Names) -> tuple[_Tables, Mapping[str, Any]]:
    """The table at a path, made on the way where the school has not written it; and what is known of it."""
    table: Any = document
    known: Any = laid
    rows: str = ""
    for at, step in enumerate(path):
        if rows:
            inner = next((row for row in known if row.get("id") == step), None)
            if inner is None:
                raise NoPlace(".".join(path))
            table, known, rows = _row(table, rows, step, outer=at <= 2), inner, ""
        elif _is_rows(known.get(step)):
            rows, known = step, known[step]
        else:
            inner = known.get(step)
            if inner is not None and not isinstance(inner, Mapping):
                raise NoPlace(".".join(path))
            if step not in table:
                table[step] = tomlkit.inline_table() if isinstance(table, InlineTable) else tomlkit.table()
            table, known = table[step], inner or {}
    if rows:
        raise NoPlace(".".join(path))
    return table, known


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) and "id" in each for each in value)


def _row(table: Any, name: str, which: str, *, outer: bool) -> Any:
    """The table of an id within a list of the school's file, made where it is not there."""
    for row in table.get(name, ()):
        if row.get("id") == which:
            return row
    return _append(table, name, {"id": which}, written_out=outer)


def _append(table: Any, name: str, values: Mapping[str, Any], *, written_out: bool) -> Any:
    """One more table at the end of a list, in the shape that the list has."""
    rows = table.get(name)
    if rows is None:
        table[name] = tomlkit.aot() if written_out else tomlkit.array()
        rows = table[name]
    if isinstance(rows, Array):
        rows.append(_written(values))
        rows.multiline(True)
    else:
        fresh = tomlkit.table()
        fresh.trivia.indent = "\n"
        for key, value in values.items():
            fresh[key] = _written(value)
        cast(AoT, rows).append(fresh)
    return table[name][-1]


def _put(table: Any, key: str, value: Any) -> None:
    """Where a comment stood behind the old value, it stays."""
    old = table.get(key)
    fresh = value if isinstance(value, Item) else _written(value)
    if isinstance(old, Item) and not isinstance(old, Table) and old.trivia.comment:
        fresh.trivia.comment, fresh.trivia.comment_ws = old.trivia.comment, old.trivia.comment_ws
    table[key] = fresh


def _written(value: Any) -> Item:
    """A value as TOML: tables within others in one line, texts of several lines as such."""
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for key, inner in value.items():
            inline[key] = _written(inner)
        return inline
    if isinstance(value, str):
        return tomlkit.string(value)
    if isinstance(value, list | tuple):
        rows = tomlkit.array()
        for inner in value:
            rows.append(_written(inner))
        if any(isinstance(inner, Mapping) for inner in value):
            rows.multiline(True)
        return rows
    return cast(Item, tomlkit.item(value))
