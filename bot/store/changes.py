"""Rows that were read and then changed: an UPDATE of the columns that are other than they were, built once.

SQLAlchemy's unit of work writes the same, once it has worked out which rows of which tables depend on which. Where nothing has
changed but columns of rows that are there already, none does; the same UPDATE then costs a fifth. All else is left to it: rows that
come or go, what was changed by way of a relationship or to an expression, and whatever is done between savepoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Connection, Update, bindparam, inspect, update
from sqlalchemy.orm import InstanceState, Mapper, Session
from sqlalchemy.orm.exc import StaleDataError

from bot.store.known import note_written

NUMBER, SEEN = "number of the row", "version that was seen"


class Changed(NamedTuple):
    """A row, and which of its columns are other than they were; none where they were set to what they had been."""

    state: InstanceState[Any]
    names: tuple[str, ...]

    @property
    def place(self) -> tuple[str, Any]:
        """Always in this order: two transactions that write the same rows do not wait for each other, and who was in a
        conversation before is out of it first (`open_up`).
        """
        return self.state.class_.__tablename__, self.state.identity

    @property
    def kind(self) -> tuple[Mapper[Any], tuple[str, ...]]:
        """What those have in common that one statement writes."""
        return self.state.mapper, self.names

    @property
    def values(self) -> dict[str, Any]:
        now, version = self.state.dict, self.state.mapper.version_id_col
        found = {NUMBER: now["id"], **{name: now[name] for name in self.names}}
        return found if version is None else found | {SEEN: now[version.name]}


def write_changes(session: Session, *_flush: object) -> None:
    """Write what has changed of rows that are there, as far as nothing else depends on it.

    Raises:
        StaleDataError: somebody else has changed or deleted one of them since it was read.
    """
    if session.in_nested_transaction():
        return
    changed = sorted((each for each in map(_changed, session.dirty) if each), key=lambda each: each.place)
    if not changed:
        return
    connection = session.connection()
    for each in changed:
        each.state.mapper.dispatch.before_update(each.state.mapper, connection, each.state)
    for (mapper, names), some in groupby(changed, key=lambda each: each.kind):
        if names:
            _write(connection, mapper, names, list(some))
    note_written(session, (), [each.state.obj() for each in changed])
    for state, _names in changed:
        state._commit_all(state.dict, session.identity_map)  # as SQLAlchemy does with a row that it has written


def _write(connection: Connection, mapper: Mapper[Any], names: tuple[str, ...], rows: Sequence[Changed]) -> None:
    done = connection.execute(_statement(mapper, names), [each.values for each in rows])
    if done.rowcount != len(rows):
        raise StaleDataError(f"{mapper.class_.__tablename__}: {len(rows)} to change, {done.rowcount} as they were read")
    if mapper.version_id_col is not None:
        for each in rows:
            each.state.dict[mapper.version_id_col.name] += 1


def _changed(row: object) -> Changed | None:
    """None where something else may depend on what has changed of a row."""
    state: InstanceState[Any] = inspect(row)
    before, now = state.committed_state, state.dict
    if not before.keys() <= _columns(state.mapper) or any(isinstance(now[name], ClauseElement) for name in before):
        return None
    return Changed(state, tuple(sorted(name for name, value in before.items() if now[name] != value)))


@cache
def _columns(mapper: Mapper[Any]) -> frozenset[str]:
    """The names of its columns, all of which are called alike in Python; without the number that a row keeps, and none of a
    table whose rows have no number.
    """
    names = frozenset(each.name for each in mapper.local_table.columns)
    return names - {"id"} if "id" in names else frozenset()


@cache
def _statement(mapper: Mapper[Any], names: tuple[str, ...]) -> Update:
    table: Any = mapper.local_table
    found = update(table).where(table.c.id == bindparam(NUMBER)).values({name: bindparam(name) for name in names})
    version = mapper.version_id_col
    return found if version is None else found.where(version == bindparam(SEEN)).values({version.name: version + 1})
