"""Moving house: every row out of one database into an empty other one, in one transaction, and compared before it counts.

Nothing is changed where it came from. Whatever fails leaves the new place as empty as it was found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.rows import Sums, copy_rows, keep_last_ids, last_ids, summed
from bot.i18n import _, file_fault, say, sentence_of
from bot.store import migrate
from bot.store.db import connect, sqlite_file
from bot.store.lock import alone_in
from bot.store.models import Base

VERSION = "alembic_version"
"""The table of migrations: that of an empty database is no reason to refuse it."""
ENDS = ("", "-wal", "-shm", "-journal")


class MoveError(Exception):
    """Nothing was moved; the message is one line that says why, and what to do."""


def move(source: str, target: str) -> Sums:
    """Copy one database into another; the rows of each table and their sum, which both sides now have.

    Raises:
        MoveError, MigrationError, Busy: nothing was moved, and the other place is as empty as before.
    """
    if make_url(source) == make_url(target):
        raise MoveError(say(_("That is the database in use already.")))
    kept = sqlite_file(source)
    if kept is not None and not kept.exists():
        raise MoveError(say(_("There is no database yet at {path}, so there is nothing to move."), path=kept))
    with _answering(source) as old, _room(target), _answering(target) as new:
        try:
            return _moved(old, new)
        except SQLAlchemyError as problem:
            raise MoveError(say(_("Nothing was moved: {reason}"), reason=_first_line(problem))) from None


def _moved(old: Engine, new: Engine) -> Sums:
    with alone_in(old), alone_in(new):
        migrate.require_current(old)
        _require_empty(new)
        migrate.upgrade(new)
        with _instant(old).connect() as rows, new.begin() as into:
            sums = _carried(rows, into)
        _look_over(new)
        return sums


def _carried(rows: Connection, into: Connection) -> Sums:
    """Every row, and proof that it arrived: what was written is read again."""
    read = copy_rows(rows, into)
    keep_last_ids(into, last_ids(rows))
    written = summed(into)
    differ = [name for name in read if read[name] != written[name]]
    if differ:
        raise MoveError(say(_("What was written is not what was read, in {tables}. Nothing was moved."), tables=", ".join(differ)))  # fmt: skip
    return read


def _first_line(problem: SQLAlchemyError) -> str:
    return str(getattr(problem, "orig", None) or type(problem).__name__).splitlines()[0]


def _instant(old: Engine) -> Engine:
    """All that is read is of one instant; SQLite has that by itself."""
    return old if old.dialect.name == "sqlite" else old.execution_options(isolation_level="REPEATABLE READ")


def _require_empty(new: Engine) -> None:
    """Nothing that is there is ever overwritten, be it ours or not."""
    with new.connect() as connection:
        there = set(inspect(connection).get_table_names()) - {VERSION}
        ours = [each for each in Base.metadata.sorted_tables if each.name in there]
        filled = [each.name for each in ours if connection.scalar(select(func.count()).select_from(each))]
    found = sorted({*filled, *(there - {each.name for each in ours})})
    if found:
        raise MoveError(say(_("The new database is not empty, it holds {tables}: nothing was moved. Make an empty one, and move there."), tables=", ".join(found[:5])))  # fmt: skip


def _look_over(new: Engine) -> None:
    """PostgreSQL plans by what it knows of its tables, and of these it knows nothing yet."""
    if new.dialect.name == "postgresql":
        with new.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("ANALYZE")


@contextmanager
def _answering(url: str) -> Iterator[Engine]:
    """A database that answers."""
    try:
        engine = connect(url)
    except ValueError as problem:
        raise MoveError(sentence_of(problem)) from None
    try:
        with engine.connect():
            pass
    except SQLAlchemyError as problem:
        engine.dispose()
        shown = engine.url.render_as_string(hide_password=True)
        raise MoveError(say(_("{database} does not answer: {reason}"), database=shown, reason=_first_line(problem))) from None  # fmt: skip
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _room(url: str) -> Iterator[None]:
    """A file for its owner alone, where there is to be one; it goes again if nothing comes of it."""
    path = sqlite_file(url)
    if path is None or path.exists():
        yield
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as problem:
        raise MoveError(say(_("{path} cannot be written: {reason}. Mend that, then run the same command again."), path=path, reason=file_fault(problem))) from None  # fmt: skip
    try:
        yield
    except BaseException:
        for end in ENDS:
            Path(f"{path}{end}").unlink(missing_ok=True)
        raise
