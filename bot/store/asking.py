"""Questions that a decision asks often: what it has changed is written before one that reads it, and not before others.

SQLAlchemy writes all that was changed before every question. A decision asks many, nearly always of other tables than
those it has just changed: its writes, in pieces, were two fifths of what it cost.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Result, Row, Select, Table, event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql import visitors

Columns = TypeVarTuple("Columns")
_READ: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()
"""The tables that each statement reads."""
ASKED = "asked"
"""Under this name a session keeps what it has been answered, until something of the same tables is written."""


def ask(session: Session, statement: Select[*Columns], values: Mapping[str, Any]) -> Result[*Columns]:
    """Run a statement that is built once, and that loads nothing beside what it names."""
    if unwritten(session, _tables(statement)):
        return session.execute(statement, values)
    with session.no_autoflush:
        return session.execute(statement, values)


def ask_once(session: Session, statement: Select[*Columns], values: Mapping[str, Hashable]) -> Sequence[Row[*Columns]]:
    """The same for what is asked again and again in one decision, once for each adult who is told: a transaction asks it
    once, and again after it has written to a table that is read.
    """
    tables = _tables(statement)
    if unwritten(session, tables):
        session.flush()
    known = session.info.setdefault(ASKED, {})
    question = (statement, *values.values())
    if question not in known:
        with session.no_autoflush:
            known[question] = (tables, session.execute(statement, values).all())
    answer: Sequence[Row[*Columns]] = known[question][1]
    return answer


@event.listens_for(Session, "after_flush")
def _written(session: Session, _flush: object) -> None:
    known = session.info.get(ASKED)
    if not known:
        return
    written = {each.__table__.name for each in chain(session.new, session.dirty)}
    stale = [question for question, (tables, _) in known.items() if session.deleted or not written.isdisjoint(tables)]
    for question in stale:
        del known[question]


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(ASKED, None)


def _tables(statement: Any) -> frozenset[str]:
    """The tables that a statement reads."""
    read = _READ.get(statement)
    if read is None:
        read = frozenset(each.name for each in visitors.iterate(statement) if isinstance(each, Table))
        _READ[statement] = read
    return read


def unwritten(session: Session, tables: frozenset[str]) -> bool:
    """Whether something of these tables has been changed and not been written. What is deleted takes others with it."""
    return bool(session.deleted) or any(each.__table__.name in tables for each in chain(session.new, session.dirty))
