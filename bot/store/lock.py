"""One at a time in one folder of data: two processes on one SQLite or one Matrix device would undo each other's work.

The lock is the operating system's, on a file: it ends with the process that holds it, however that ends. In a PostgreSQL
that several machines share it is an advisory lock beside that, which ends with its connection.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, TextClause, text

from bot.i18n import Text, _, file_fault, say

NAME = "lock"
TOGETHER = text("SELECT pg_try_advisory_lock_shared(20263)")
ALONE = text("SELECT pg_try_advisory_lock(20263)")


class Busy(Exception):
    """The folder cannot be had: another process is at work in it, and the message says which; or nobody may write there."""


@contextmanager
def at_work(folder: Path, doing: str, *, beside_others: bool = False) -> Iterator[None]:
    """Hold the folder while `doing` something. `beside_others`: together with others that may be, alone with nobody.

    Raises:
        Busy: somebody else is at work there.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        text = _("{path} cannot be written: {reason}. Mend that, then run the same command again.")
        raise Busy(say(text, path=folder / NAME, reason=file_fault(problem))) from None
    with os.fdopen(handle, "r+", encoding="utf-8") as file:
        if not _taken(file, beside_others):
            raise Busy(_who(file, folder))
        file.truncate(0)
        file.write(json.dumps({"doing": doing, "pid": os.getpid()}))
        file.flush()
        yield


def _taken(file: IO[str], shared: bool) -> bool:
    """Whether the lock is ours now; nobody waits for it. Where a disk knows no locks, nobody is kept out."""
    if sys.platform == "win32":
        import msvcrt

        try:
            file.seek(1 << 20)  # beyond what is written: others may read who holds it
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
    else:
        import fcntl

        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
    return True


def _who(file: IO[str], folder: Path) -> str:
    try:
        told = json.loads(file.read())
        doing, pid = str(told["doing"]), int(told["pid"])
    except (ValueError, KeyError, TypeError):
        doing, pid = "?", 0
    text = _('Compagnon is at work in {folder} already ("{doing}", process {pid}): stop that one first.')
    return say(text, folder=folder, doing=doing, pid=str(pid))


@contextmanager
def sharing(engine: Engine) -> Iterator[None]:
    """Be at work in a database, beside other processes and machines that are.

    Raises:
        Busy: it is being moved.
    """
    with _held(
        engine, TOGETHER, _("The database is being moved: wait until that is done, and start where it is then.")
    ):
        yield


@contextmanager
def alone_in(engine: Engine) -> Iterator[None]:
    """Have a database to oneself.

    Raises:
        Busy: Compagnon is at work in it, on this machine or another.
    """
    busy = _("Compagnon is at work in {database} already, here or on another machine: stop it there first.")
    with _held(engine, ALONE, busy):
        yield


@contextmanager
def _held(engine: Engine, take: TextClause, refused: Text) -> Iterator[None]:
    """SQLite is one folder's: there the folder's lock is enough."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(take):
            raise Busy(say(refused, database=engine.url.render_as_string(hide_password=True)))
        try:
            yield
        finally:
            connection.invalidate()  # the lock is the connection's
