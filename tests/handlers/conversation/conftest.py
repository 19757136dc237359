"""Hands that send files, with keys in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.programme import Programme
from bot.store.db import Database, connect
from bot.store.keys import key_ring
from tests.handlers.conversation.hands import Hands, with_files


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
