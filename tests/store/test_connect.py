"""What every connection must have: the pragmas of SQLite, and its lock from the first statement on."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.store.db import connect


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 0)])
def test_every_sqlite_connection_has_its_pragmas(sqlite_url: str, durable: bool, synchronous: int) -> None:
    engine = connect(sqlite_url, durable=durable)
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")

    with engine.connect() as one:
        first = [one.scalar(text(f"PRAGMA {name}")) for name in names]
        one.rollback()
        with engine.connect() as other:
            second = [other.scalar(text(f"PRAGMA {name}")) for name in names]
    engine.dispose()

    assert first == second == ["wal", synchronous, 1, 1, 30000]


def test_a_sqlite_transaction_takes_the_write_lock_at_once(sqlite_url: str) -> None:
    engine, impatient = connect(sqlite_url), connect(sqlite_url)

    with engine.begin() as holder:
        holder.execute(text("SELECT 1"))
        with impatient.connect() as other:
            driver = other.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA busy_timeout=0")
            with pytest.raises(OperationalError, match="database is locked"):
                other.begin()
    engine.dispose()
    impatient.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite needs a file here"):
        connect(url)
