"""Questions that a decision asks often: what it has changed is written before one that reads it, and not before others.

SQLAlchemy writes all that was changed before every question (autoflush). A decision asks many, nearly always of other tables than
those it has just changed: its writes, in pieces, were two fifths of what it cost.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Column, ColumnElement, Result, Row, Select, Table, inspect
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from bot.store.query_cache import ANYTHING, Parts, kept

Columns = TypeVarTuple("Columns")
P = ParamSpec("P")
T = TypeVar("T")
_READ: WeakKeyDictionary[Any, Parts] = WeakKeyDictionary()
"""What each statement reads."""
_LOADS: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
"""Whether it loads whole rows."""


def ask(session: Session, statement: Select[*Columns], values: Mapping[str, Any]) -> Result[*Columns]:
    """Run a statement that is built once, and that loads nothing beside what it names."""
    if unwritten(session, read_by(statement)):
        session.flush()
    return _run(session, statement, values)


def _run(session: Session, statement: Select[*Columns], values: Mapping[str, Any]) -> Result[*Columns]:
    """What asks for columns alone needs nothing of a session: it costs half as much beside it."""
    if _loads_rows(statement):
        with session.no_autoflush:
            return session.execute(statement, values)
    return session.connection().execute(statement, values)


def ask_once(session: Session, statement: Select[*Columns], values: Mapping[str, Hashable]) -> Sequence[Row[*Columns]]:
    """The same for what is asked again and again in one decision, once for each adult who is told: a transaction asks it
    once, and again after it has written something that is read.
    """
    question = (statement, *values.values())
    return _known(session, question, read_by(statement), lambda: _run(session, statement, values).all(), lasts=False)


def lasting(
    *statements: Select[*tuple[Any, ...]],
) -> Callable[[Callable[Concatenate[Session, P], T]], Callable[Concatenate[Session, P], T]]:
    """A question over what seldom changes. Whoever answers it asks these statements and no others, and gives values that
    belong to no session and that nobody can change: they outlast the transaction where they can (`bot/store/query_cache.py`).
    """

    def asked(find: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
        @cache
        def reads() -> Parts:
            return frozenset().union(*map(read_by, statements))

        @wraps(find)
        def answer(session: Session, /, *given: P.args, **named: P.kwargs) -> T:
            question = (find, given, *named.items())
            return _known(session, question, reads(), lambda: find(session, *given, **named), lasts=True)

        return answer

    return asked


def _known(session: Session, question: Hashable, reads: Parts, find: Callable[[], T], *, lasts: bool) -> T:
    if unwritten(session, reads):
        session.flush()
    answers = kept(session).place(reads, lasts=lasts)
    if question not in answers:
        with session.no_autoflush:
            answers[question] = find()
    answer: T = answers[question]
    return answer


def _loads_rows(statement: Any) -> bool:
    loads = _LOADS.get(statement)
    if loads is None:
        loads = _LOADS[statement] = any(each["expr"] is each["entity"] for each in statement.column_descriptions)
    return loads


def read_by(statement: Any) -> Parts:
    """What a statement reads. By its keys a table may be joined without their being named."""
    read = _READ.get(statement)
    if read is None:
        named = [each for each in visitors.iterate(statement) if isinstance(each, Table | ColumnElement)]
        tables = {each for each in named if isinstance(each, Table)}
        columns = {base for each in named if isinstance(each, ColumnElement) for base in each.base_columns}
        columns |= {base for each in statement.selected_columns for base in each.base_columns}
        columns |= {each for table in tables for each in table.columns if each.primary_key or each.foreign_keys}
        parts = {f"{each.table.name}.{each.name}" for each in columns if isinstance(each, Column)}
        read = frozenset({ANYTHING, *(each.name for each in tables), *parts})
        _READ[statement] = read
    return read


def unwritten(session: Session, reads: Parts) -> bool:
    """Whether something of this has been changed and not been written. What is deleted takes others with it."""
    return (
        bool(session.deleted)
        or any(each.__table__.name in reads for each in session.new)
        or any(each.__table__.name in reads and _concerns(each, reads) for each in session.dirty)
    )


def _concerns(row: Any, reads: Parts) -> bool:
    model: Any = type(row)
    watched = _watched(model, reads)
    return len(inspect(row).unmodified_intersection(watched)) < len(watched)


@cache
def _watched(model: Any, reads: Parts) -> frozenset[str]:
    """The columns of a row that are read; and whatever names other rows, which becomes a column only as it is written."""
    mapper = inspect(model)
    columns = (each.key for each in mapper.column_attrs if f"{model.__table__.name}.{each.columns[0].name}" in reads)
    return frozenset((*columns, *mapper.relationships.keys()))
