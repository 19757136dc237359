"""In the rows of others: what names somebody who is gone becomes `…`. Sealed words are opened for it, and sealed again."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, cast, delete, or_, select, update

from bot.domain.personal_data import FREE_TEXT
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.personal_data import TABLES
from bot.store.sealed import BLANK, Sealed, of_person
from bot.store.word_owners import owner_column

NOTHING = "{}"
"""What lies in the inbox of a message that was understood."""


def blank(
    tx: Tx, needles: Collection[str], tables: Iterable[str], seen: Mapping[str, int], until: int | None = None
) -> None:
    """In the free texts of these tables, behind what was `seen`, what names somebody."""
    for name in tables:
        place = TABLES[name].c.id
        rows = (place > seen.get(name, 0)) if until is None else place.between(seen.get(name, 0) + 1, until)
        for column in FREE_TEXT[name].split():
            _blank_column(tx, TABLES[name].c[column], needles, rows)


def blank_unread(tx: Tx, needles: Collection[str]) -> None:
    """What others sent and nobody could read lies there as it came."""
    _blank_column(tx, TABLES["inbox"].c.raw, needles, TABLES["inbox"].c.state == "quarantined")


def forget_unread(tx: Tx, addresses: Iterable[tuple[str, str]]) -> None:
    """What came from them and could not be read lies there as it came."""
    raw = TABLES["inbox"].c.raw
    for channel, native in addresses:
        there = (InboxRow.channel == channel) & (InboxRow.state != "new") & (cast(raw, String) != NOTHING)
        mine = [number for number, _value in _naming(tx, raw, [native], there)]
        tx.rows.execute(delete(InboxRow).where(InboxRow.id.in_(mine)))


def _blank_column(tx: Tx, column: Column[Any], needles: Collection[str], which: ColumnElement[bool]) -> None:
    if not needles:
        return
    longest, table = sorted(needles, key=len, reverse=True), column.table
    names = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in longest))
    for number, value in list(_naming(tx, column, longest, which)):
        row, blanked = table.c.id == number, _blanked(value, names)
        if isinstance(column.type, Sealed):
            blanked = of_person(tx.rows.scalars(select(owner_column(table)).where(row)).one(), blanked)
        tx.rows.execute(update(table).where(row).values({column.name: blanked}))


def _naming(
    tx: Tx, column: Column[Any], needles: Collection[str], which: ColumnElement[bool]
) -> Iterator[tuple[int, Any]]:
    """The rows that hold one of these, and what they hold. The database looks where it can; what is sealed is opened here."""
    number = column.table.c.id
    if not isinstance(column.type, Sealed):
        yield from map(tuple, tx.rows.execute(select(number, column).where(which, _says(column, needles))))
        return
    found = re.compile("|".join(re.escape(_in_json(each) if column.type.as_json else each) for each in needles))
    lying = cast(column, String)
    for row, kept in tx.rows.execute(select(number, lying).where(which, column.is_not(None))):
        words = column.type.opened(kept)
        if found.search(words):
            yield row, column.type.read(words)


def _says(column: Column[Any], needles: Iterable[str]) -> ColumnElement[bool]:
    said, in_json = cast(column, String), isinstance(column.type, JSON)
    return or_(*(said.contains(_in_json(each) if in_json else each, autoescape=True) for each in needles))


def _in_json(text: str) -> str:
    """As JSON writes it."""
    return json.dumps(text)[1:-1]


def _blanked(value: Any, names: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return names.sub(BLANK, value)
    if isinstance(value, dict):
        return {name: _blanked(each, names) for name, each in value.items()}
    return [_blanked(each, names) for each in value] if isinstance(value, list) else value
