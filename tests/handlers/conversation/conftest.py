"""Hands that send files, with keys in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.programme import Programme
from bot.store.db import Database, connect
from bot.store.keys import key_ring
from tests.conftest import START, PostgresServer, sqlite_file
from tests.handlers.conversation.hands import Hands, reachable, with_files


@pytest.fixture(scope="session")
def within_reach(sqlite_template: Path, programme: Programme) -> Path:
    """Before anybody is asked for a file, as an SQLite file to copy."""
    return sqlite_file("hands", lambda path: _reached(f"sqlite:///{shutil.copy(sqlite_template, path)}", programme))


@pytest.fixture
def sqlite_url(within_reach: Path, tmp_path: Path) -> str:
    """Here every database begins so."""
    return f"sqlite:///{shutil.copy(within_reach, tmp_path / 'compagnon.db')}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer, postgres_template: str, programme: Programme) -> str:
    """The same on PostgreSQL."""
    return postgres_server.template("hands", lambda url: _reached(url, programme), postgres_template)


def _reached(url: str, programme: Programme) -> None:
    """In a migrated database."""
    database = Database(url, SimulatedClock(START), with_files(programme), durable=False)
    database.run(reachable)
    database.close()


@pytest.fixture
def keys_folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def hands(database_url: str, clock: SimulatedClock, programme: Programme, keys_folder: Path) -> Iterator[Hands]:
    """On SQLite and on PostgreSQL."""
    yield from _hands(database_url, clock, programme, keys_folder)


@pytest.fixture
def quick(sqlite_url: str, clock: SimulatedClock, programme: Programme, keys_folder: Path) -> Iterator[Hands]:
    """On SQLite only."""
    yield from _hands(sqlite_url, clock, programme, keys_folder)


def _hands(url: str, clock: SimulatedClock, programme: Programme, keys: Path) -> Iterator[Hands]:
    db = Database(url, clock, with_files(programme), keys=key_ring(keys), durable=False)
    reader = connect(url)
    yield Hands(db, clock, reader)
    reader.dispose()
    db.close()
