"""The database as one SQLite file, wherever it is kept: taken while Compagnon runs, and put back into an empty one.

A copy of PostgreSQL is a SQLite file too: it is looked at in the same way, and either can be restored into the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text

from bot.backup.rows import copy_rows, keep_last_ids, last_ids
from bot.store import migrate
from bot.store.db import connect, sqlite_file
from bot.store.models import Base

Counts = dict[str, int]


class Damaged(Exception):
    """A copy that is no whole database."""


def copy_out(url: str, copy: Path) -> None:
    """Everything of one instant. Who writes meanwhile is not held up.

    Raises:
        MigrationError: a PostgreSQL that is not up to date.
        sqlite3.Error, OperationalError: it cannot be read.
    """
    kept = sqlite_file(url)
    if kept is None:
        _copy_postgres(url, copy)
        return
    with (
        closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    _in_one_file(copy)


def copy_in(copy: Path, url: str) -> None:
    """Fill an empty PostgreSQL, in one transaction, from a copy that is up to date."""
    with _engine(url) as engine:
        migrate.upgrade(engine)
        with _engine(f"sqlite:///{copy}") as source, source.connect() as rows, engine.begin() as target:
            copy_rows(rows, target)
            keep_last_ids(target, last_ids(rows))


def brought_up(copy: Path) -> None:
    """A copy made by an older Compagnon becomes one of this.

    Raises:
        MigrationError: a newer one made it.
    """
    with _engine(f"sqlite:///{copy}") as engine:
        migrate.upgrade(engine)
    _in_one_file(copy)


def looked_at(copy: Path) -> Counts:
    """The rows of each table of a copy that is whole.

    Raises:
        Damaged: it is not.
    """
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as rows:
            found = [line for (line,) in rows.execute("PRAGMA integrity_check")]
            orphans = rows.execute("PRAGMA foreign_key_check").fetchall()
            names = [
                name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            ]
            counts = {name: rows.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    except sqlite3.Error as problem:
        raise Damaged(str(problem)) from None
    if found != ["ok"] or orphans:
        raise Damaged("; ".join(found))
    return {name: count for name, count in counts.items() if not name.startswith("sqlite_")}


def people_in(url: str) -> int:
    """How many people a database knows; one that is not there knows nobody."""
    kept = sqlite_file(url)
    if kept is not None and not kept.exists():
        return 0
    with _engine(url) as engine, engine.connect() as connection:
        if not inspect(connection).has_table("people"):
            return 0
        return connection.scalar(text("SELECT count(*) FROM people")) or 0


def counted(url: str) -> Counts:
    """The rows of each table that we know, in a database that is up to date."""
    with _engine(url) as engine, engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def _copy_postgres(url: str, copy: Path) -> None:
    with _engine(url) as engine:
        migrate.require_current(engine)
        with _engine(f"sqlite:///{copy}") as made:
            migrate.upgrade(made)
            instant = engine.execution_options(isolation_level="REPEATABLE READ")
            with instant.connect() as source, made.begin() as target:
                copy_rows(source, target)
                keep_last_ids(target, last_ids(source))
        _in_one_file(copy)


def _in_one_file(copy: Path) -> None:
    """Nothing of it is left beside it, in a log of SQLite's."""
    with closing(sqlite3.connect(copy)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()
