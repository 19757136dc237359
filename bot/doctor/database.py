"""The database: there, whole, migrated, and safe against a fall. It is looked at, never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Config
from bot.doctor.finding import Finding, broken, fine, look
from bot.store.db import connect
from bot.store.migrate import current, known

ABOUT = "database"
BEGIN = "bring in your team: python3 run.py import consortium.toml"
RESTORE = "stop Compagnon, keep a copy of the file, and restore the last backup"


def database(config: Config) -> Iterator[Finding]:
    """Whether it is there and whole, and has the tables of this version."""
    url = make_url(config.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not path.is_file():
            yield look(ABOUT, f"{path} is not there yet", BEGIN)
            return
        yield _sqlite(path)
    yield _revision(config)


def ready(config: Config) -> bool:
    """Whether its tables are those of this version, so that the team and the stays can be read."""
    url = make_url(config.database_url.get_secret_value())
    there = url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
    return there and _present(config) == max(known())


def _sqlite(path: Path) -> Finding:
    """Whether the file is whole, and written so that a fall loses nothing."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as file:
            problems = [str(row[0]) for row in file.execute("PRAGMA quick_check(5)")]
            journal = file.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.Error as problem:
        return broken(ABOUT, f"{path} cannot be read: {problem}", RESTORE)
    if problems != ["ok"]:
        return broken(ABOUT, f"{path} is damaged: {problems[0]}", RESTORE)
    size = path.stat().st_size // 1000
    if journal != "wal":
        return look(ABOUT, f"{path} is whole ({size:,} kB), but not in WAL mode", "start Compagnon once: it sets it")
    return fine(ABOUT, f"{path} is whole ({size:,} kB, WAL)")


def _present(config: Config) -> str | None:
    engine = connect(config.database_url.get_secret_value())
    try:
        return current(engine)
    finally:
        engine.dispose()


def _revision(config: Config) -> Finding:
    """Whether its tables are those of this version."""
    try:
        present = _present(config)
    except ValueError as problem:
        return broken(ABOUT, str(problem), "install the extra `postgres`, or use SQLite")
    except SQLAlchemyError as problem:
        told = f"the database does not answer ({type(getattr(problem, 'orig', None) or problem).__name__})"
        return broken(ABOUT, told, "is it running, and are its address and password in database_url right?")
    if present is None:
        return look(ABOUT, "it is empty", BEGIN)
    if present not in known():
        told = f"a newer Compagnon was here: revision {present}, this version knows up to {max(known())}"
        return broken(ABOUT, told, "start that newer version, or restore a backup made before it")
    if present != max(known()):
        told = f"revision {present}, this version's is {max(known())}"
        return look(ABOUT, told, "make a backup; the next start brings it up to date")
    return fine(ABOUT, f"revision {present}, as this version needs it")
