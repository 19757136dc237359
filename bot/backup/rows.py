"""Every row of one database into another, as it lies there: what is sealed stays sealed, and nothing is read that is only carried.

SQLite and PostgreSQL may stand on either side. What was written is read back and summed up, so that both sides can be compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    column,
    insert,
    select,
    table,
    text,
)  # fmt: skip
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import NullType, TypeEngine

from bot.store.models import Base

SLICE = 1000
"""So many rows at once."""
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Sum:
    """How many rows a table has, and what their contents add up to: the same on both sides, in whatever order they are read."""

    rows: int = 0
    total: int = 0

    def __add__(self, row: Values) -> Sum:
        digest = hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest()
        return Sum(self.rows + 1, (self.total + int.from_bytes(digest)) % (1 << 256))

    def __str__(self) -> str:
        """Enough of it for two people to compare by eye."""
        return f"{self.total:064x}"[:12]


Sums = dict[str, Sum]


def copy_rows(source: Connection, target: Connection) -> Sums:
    """Every row, a table after those that it names; what was read, summed up."""
    return {each.name: _copy(each, source, target) for each in Base.metadata.sorted_tables}


def summed(connection: Connection) -> Sums:
    """What a database holds."""
    found: Sums = {}
    for each in Base.metadata.sorted_tables:
        found[each.name] = Sum()
        for part in _slices(each, connection):
            for row in part:
                found[each.name] += row
    return found


def _copy(each: Table, source: Connection, target: Connection) -> Sum:
    found, names, into = Sum(), each.columns.keys(), insert(_bare(each, target.dialect))
    for part in _slices(each, source):
        for row in part:
            found += row
        target.execute(into, [dict(zip(names, row, strict=True)) for row in part])
    return found


def _slices(each: Table, source: Connection) -> Iterator[list[Values]]:
    rows = source.execute(_asked(each, source.dialect), execution_options={"yield_per": SLICE})
    for part in rows.partitions():
        yield [tuple(row) for row in part]


def _asked(each: Table, dialect: Dialect) -> Select[Any]:
    bare = _bare(each, dialect)
    return select(*(_written(bare.columns[name]) for name in each.columns.keys())).order_by(  # noqa: SIM118
        *(bare.columns[key.name] for key in each.primary_key)
    )


def _written(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """JSON is carried as it was written: an absent value and the word `null` are two things."""
    return cast(value, Text).label(value.key) if isinstance(value.type, NullType) else value


def _bare(each: Table, dialect: Dialect) -> TableClause:
    """The table as its database knows it: without what our own types would make of its values."""
    return table(each.name, *(column(one.name, _kind(one.type, dialect)) for one in each.columns))


def _kind(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    while isinstance(kind, TypeDecorator):
        kind = kind.load_dialect_impl(dialect)
    if isinstance(kind, JSON):
        return NullType()
    return String() if isinstance(kind, String) else kind


def last_ids(connection: Connection) -> dict[str, int]:
    """The last id that each table gave: none is ever given twice."""
    if connection.dialect.name == "sqlite":
        told = connection.execute(text("SELECT name, seq FROM sqlite_sequence WHERE seq > 0"))
        known = set(_numbered())
        return {name: last for name, last in told if name in known}
    found = {name: connection.scalar(_LAST, {"name": name}) for name in _numbered()}
    return {name: last for name, last in found.items() if last is not None}


def keep_last_ids(connection: Connection, last: dict[str, int]) -> None:
    """From here on ids are given behind these."""
    for name, number in last.items():
        row = {"name": name, "last": number}
        if connection.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), row)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), row)
        else:
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), row)


_LAST = text(
    "SELECT last_value FROM pg_sequences "
    "WHERE format('%I.%I', schemaname, sequencename)::regclass = pg_get_serial_sequence(:name, 'id')::regclass"
)


def _numbered() -> list[str]:
    return [each.name for each in Base.metadata.sorted_tables if "id" in each.columns]
