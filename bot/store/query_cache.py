"""What a transaction was answered, and what of it outlasts the transaction, until something of it is written by whomever.

Nearly every decision asks who is in the team, and who may know nothing of whom; both change a few times a day. Each statement
says what it writes before it does, however it is sent; and when a transaction begins, SQLite says whether another connection
has committed meanwhile. From then on nobody else does before it ends. An answer that outlasts it was read before the
transaction wrote any of what is asked about; what it reads after that is known to it alone, and goes with it.

PostgreSQL has no such sign, and a connection that only reads sees another commit at nearly every look: there nothing lasts.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from bot.store.base import Base

Parts = frozenset[str]
"""What a question reads or a statement writes: `table` says that rows come or go, `table.column` that one is another."""
Answers = dict[Parts, dict[Hashable, Any]]
"""What a question reads -> the question -> the answer."""
ANYTHING = "*"
"""What every question reads, and what a statement writes of which one cannot tell."""
KEPT, LASTING = "kept", "lasting"
"""Under these names a connection keeps what its transaction was answered, and what lasts; a session, the first."""
MOST = 5_000
"""So many answers are kept to what reads the same; the next one begins anew."""
_READS = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA")
_WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?(?: SET (.*?)(?:\sWHERE\s|$))?', re.DOTALL)
_SET = re.compile(r'"?(\w+)"?\s*=')


class QueryCache:
    """The answers of one transaction, over those that last."""

    def __init__(self, lasting: Answers | None = None) -> None:
        self.lasting: Answers = {} if lasting is None else lasting
        self._own: Answers = {}
        self._written: set[str] = set()

    def place(self, reads: Parts, *, lasts: bool) -> dict[Hashable, Any]:
        """Where the answers to what reads this are, and where a further one belongs."""
        lasts = lasts and reads.isdisjoint(self._written)
        found = (self.lasting if lasts else self._own).setdefault(reads, {})
        if len(found) >= MOST:
            found.clear()
        return found

    def end(self) -> None:
        """The transaction is over."""
        self._own.clear()

    def write(self, parts: Parts) -> None:
        """Nothing that reads one of these holds any more."""
        self._written |= parts
        for answers in (self._own, self.lasting):
            _forget(answers, parts)


def kept(session: Session) -> QueryCache:
    """What the transaction of a session was answered so far."""
    found: QueryCache | None = session.info.get(KEPT)
    if found is None:
        found = session.info[KEPT] = session.connection().info[KEPT] = QueryCache()
    return found


def keep_between(session: Session) -> None:
    """At the beginning of a transaction that keeps every other from writing, on SQLite: what is known already still holds,
    unless another connection has committed since the last one began here.
    """
    connection = session.connection()
    version, (before, answers) = _version(connection), connection.info.get(LASTING, (0, {}))
    if before != version:
        answers = {}
    connection.info[LASTING] = version, answers
    connection.info[KEPT] = session.info[KEPT] = QueryCache(answers)


def _version(connection: Connection) -> int:
    """Another one than before, once another connection has committed. Asked of the driver: it takes two microseconds."""
    raw: Any = connection.connection.driver_connection
    return int(raw.execute("PRAGMA data_version").fetchone()[0])


@event.listens_for(Engine, "before_cursor_execute")
def _sent(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
    if statement.startswith(_READS):
        return
    parts, said = written_by(statement), connection.info
    if KEPT in said:
        said[KEPT].write(parts)
    if LASTING in said and (KEPT not in said or said[KEPT].lasting is not said[LASTING][1]):
        _forget(said[LASTING][1], parts)


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None and (found := session.info.pop(KEPT, None)) is not None:
        found.end()


def _forget(answers: Answers, parts: Parts) -> None:
    for reads in [reads for reads in answers if not reads.isdisjoint(parts)]:
        del answers[reads]


@lru_cache(maxsize=500)
def written_by(statement: str) -> Parts:
    """What a statement writes, at least: rows that go take others with them, and what cannot be told may be anything."""
    told = _WRITES.match(statement)
    if told is None:
        return frozenset({ANYTHING})
    verb, table, sets = told.groups()
    if verb == "DELETE FROM":
        return _gone_with(table)
    if verb == "UPDATE" and sets and "SELECT" not in sets and "'" not in sets:
        return frozenset(f"{table}.{column}" for column in _SET.findall(sets))
    return frozenset({table})


@cache
def _gone_with(table: str) -> Parts:
    """A table and all whose rows name rows of it, directly or not."""
    found = {table}
    for other in Base.metadata.sorted_tables:  # whoever names a table comes after it
        if any(key.column.table.name in found for key in other.foreign_keys):
            found.add(other.name)
    return frozenset(found)
