"""Questions that a decision asks often: what it has changed is written before one that reads it, and not before others.

SQLAlchemy writes all that was changed before every question. A decision asks many, nearly always of other tables than
those it has just changed: its writes, in pieces, were two fifths of what it cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, TypeVarTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Result, Select, Table
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

Columns = TypeVarTuple("Columns")
_READ: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()
"""The tables that each statement reads."""


def ask(session: Session, statement: Select[*Columns], values: Mapping[str, Any]) -> Result[*Columns]:
    """Run a statement that is built once, and that loads nothing beside what it names."""
    read = _READ.get(statement)
    if read is None:
        read = frozenset(each.name for each in visitors.iterate(statement) if isinstance(each, Table))
        _READ[statement] = read
    if unwritten(session, read):
        return session.execute(statement, values)
    with session.no_autoflush:
        return session.execute(statement, values)


def unwritten(session: Session, tables: frozenset[str]) -> bool:
    """Whether something of these tables has been changed and not been written. What is deleted takes others with it."""
    return bool(session.deleted) or any(each.__table__.name in tables for each in chain(session.new, session.dirty))
