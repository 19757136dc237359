"""Words that lie in the database as they must not: in clear, from before they were sealed; or under the key of somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, String, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

from bot.store.models import Base
from bot.store.sealed import Sealed, of_person
from bot.store.word_keys import MARK, Unreadable
from bot.store.word_owners import owner_column, sealed_columns

ROWS = 200
"""So many rows of a table are looked at in one transaction: whoever cries for help waits for no more than these."""
TABLES = {table.name: table for table in Base.metadata.sorted_tables if sealed_columns(table)}
EMPTY = ("", "{}", "[]", "null", '""')
"""What says nothing, and stays as it is."""


@dataclass(frozen=True)
class Lying:
    """How a column's words lie in the database, by rows."""

    sealed: int = 0
    clear: int = 0


@dataclass(frozen=True)
class Reached:
    """How far the tables have been gone through, and how many words were sealed on the way."""

    tables: tuple[str, ...] = tuple(TABLES)
    after: int = 0
    sealed: int = 0

    @property
    def over(self) -> bool:
        return not self.tables


def in_clear(column: Column[Any]) -> ColumnElement[bool]:
    """Which rows hold words that anybody can read who has the database."""
    lying = cast(column, String)
    return column.is_not(None) & lying.not_in(EMPTY) & ~lying.startswith(_mark(column), autoescape=True)


def lying(session: Session) -> Mapping[str, Lying]:
    """Of every column of words: how many lie there sealed, and how many in clear."""
    found = {}
    for column in _columns():
        sealed = cast(column, String).startswith(_mark(column), autoescape=True)
        counts = select(func.count().filter(sealed), func.count().filter(in_clear(column))).select_from(column.table)
        found[str(column)] = Lying(*session.execute(counts).one())
    return found


def seal_next(session: Session, reached: Reached) -> Reached:
    """A slice: what lies in clear in the next rows is sealed."""
    if reached.over:
        return reached
    number, until = TABLES[reached.tables[0]].c.id, reached.after + ROWS
    rows = number.between(reached.after + 1, until)
    done = sum(_seal(session, each, rows & in_clear(each)) for each in sealed_columns(TABLES[reached.tables[0]]))
    if until < (session.scalar(select(func.max(number))) or 0):
        return Reached(reached.tables, until, reached.sealed + done)
    return Reached(reached.tables[1:], 0, reached.sealed + done)


def seal_anew(session: Session, person: int) -> int:
    """What lies under the key of somebody whose rows are another's by now is sealed under theirs."""
    theirs = f"{MARK}{person}."
    return sum(
        _seal(session, each, cast(each, String).startswith(_mark(each, theirs), autoescape=True)) for each in _columns()
    )


def _columns() -> Iterator[Column[Any]]:
    for table in TABLES.values():
        yield from sealed_columns(table)


def _mark(column: Column[Any], mark: str = MARK) -> str:
    return f'"{mark}' if _type(column).as_json else mark


def _type(column: Column[Any]) -> Sealed:
    assert isinstance(column.type, Sealed)
    return column.type


def _seal(session: Session, column: Column[Any], which: ColumnElement[bool]) -> int:
    """Write these words again, under the key of whom they are of now; what nobody can read is left as it lies."""
    table, kind, changes = TABLES[column.table.name], _type(column), []
    wanted = select(table.c.id, owner_column(table), cast(column, String)).where(which)
    for number, owner, kept in session.execute(wanted).all():
        try:
            changes.append({"number": number, "words": of_person(owner, kind.read(kind.words(kept)))})
        except Unreadable:
            continue
    if changes:
        write = update(table).where(table.c.id == bindparam("number")).values({column: bindparam("words", type_=kind)})
        session.connection().execute(write, changes)
    return len(changes)
