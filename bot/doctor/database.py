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
from bot.i18n import _, say, sentence_of
from bot.store.db import connect
from bot.store.migrate import current, known

ABOUT = _("database")
BEGIN = say(_("bring in your team: python3 run.py import consortium.toml"))
RESTORE = say(_("stop Compagnon, keep a copy of the file, and restore the last backup"))


def database(config: Config) -> Iterator[Finding]:
    """Whether it is there and whole, and has the tables of this version."""
    url = make_url(config.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not path.is_file():
            yield look(ABOUT, say(_("{path} is not there yet"), path=path), BEGIN)
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
    except sqlite3.Error:
        return broken(ABOUT, say(_("{path} cannot be read as a database"), path=path), RESTORE)
    if problems != ["ok"]:
        return broken(ABOUT, say(_("{path} is damaged: {problem}"), path=path, problem=problems[0]), RESTORE)
    size = path.stat().st_size // 1000
    if journal != "wal":
        return look(
            ABOUT,
            say(_("{path} is whole ({size} kB), but not in WAL mode"), path=path, size={"number": size}),
            say(_("start Compagnon once: it sets it")),
        )
    return fine(ABOUT, say(_("{path} is whole ({size} kB, WAL)"), path=path, size={"number": size}))


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
        return broken(ABOUT, sentence_of(problem), say(_("install the extra `postgres`, or use SQLite")))
    except SQLAlchemyError as problem:
        told = say(
            _("the database does not answer ({kind})"), kind=type(getattr(problem, "orig", None) or problem).__name__
        )
        return broken(ABOUT, told, say(_("is it running, and are its address and password in database_url right?")))
    if present is None:
        return look(ABOUT, say(_("it is empty")), BEGIN)
    if present not in known():
        told = say(
            _("a newer Compagnon was here: revision {present}, this version knows up to {newest}"),
            present=present,
            newest=max(known()),
        )
        return broken(ABOUT, told, say(_("start that newer version, or restore a backup made before it")))
    if present != max(known()):
        told = say(_("revision {present}, this version's is {newest}"), present=present, newest=max(known()))
        return look(ABOUT, told, say(_("make a backup; the next start brings it up to date")))
    return fine(ABOUT, say(_("revision {present}, as this version needs it"), present=present))
