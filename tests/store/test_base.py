"""Instants, enumerations and ids, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import StatementError

from bot.store.db import Database, Tx
from bot.store.models import AuditRow, Base, SettingRow, StayRow
from tests.conftest import Read


def audited(tx: Tx, at: datetime) -> int:
    row = AuditRow(at=at, actor="system", action="test", target="stay:1")
    tx.rows.add(row)
    tx.rows.flush()
    return row.id


def test_an_instant_comes_back_aware_and_equal(database: Database, read: Read) -> None:
    summer_in_oslo = datetime(2026, 7, 1, 18, 0, 30, 5, tzinfo=timezone(timedelta(hours=2)))

    database.run(audited, summer_in_oslo)

    [(at,)] = read(select(AuditRow.at))
    assert at == datetime(2026, 7, 1, 16, 0, 30, 5, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_an_instant_is_kept_as_naive_utc(database: Database) -> None:
    database.run(audited, datetime(2026, 7, 1, 18, 0, tzinfo=timezone(timedelta(hours=2))))

    kept = database.run(lambda tx: str(tx.rows.scalar(text("SELECT at FROM audit"))))

    assert kept.removesuffix(".000000") == "2026-07-01 16:00:00"


def test_a_naive_datetime_is_refused(database: Database, read: Read) -> None:
    with pytest.raises(StatementError, match="a naive datetime is no instant"):
        database.run(audited, datetime(2026, 7, 1, 18, 0))

    assert read(select(AuditRow.id)) == []


@pytest.mark.usefixtures("stay_id")
def test_an_enumeration_is_kept_as_its_value(database: Database) -> None:
    kept = database.run(lambda tx: tx.rows.execute(text("SELECT kind, track FROM stays")).one())

    assert tuple(kept) == ("outgoing", "vet")
    assert database.run(lambda tx: tx.rows.scalars(select(StayRow)).unique().one().kind.name) == "OUTGOING"


def test_the_id_of_an_erased_row_is_not_given_again(database: Database) -> None:
    now = database.clock.now()
    first = database.run(audited, now)
    database.run(lambda tx: tx.rows.execute(delete(AuditRow)) and None)

    assert database.run(audited, now) == first + 1


def test_every_sqlite_table_with_an_id_never_gives_it_twice(quick_database: Database) -> None:
    """A batch migration that copies a table must pass `table_kwargs={"sqlite_autoincrement": True}`."""
    wanted = {name for name in Base.metadata.tables if name != SettingRow.__tablename__}

    kept = quick_database.run(
        lambda tx: set(tx.rows.scalars(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")))
    )

    assert kept == wanted


def test_a_json_column_keeps_words_of_every_script(database: Database, read: Read) -> None:
    value = {"words": "çà, ok 👍 שלום", "none": None, "list": [1, 2.5, True]}

    database.run(lambda tx: tx.rows.add(SettingRow(name="words", value=value)))

    assert read(select(SettingRow.value)) == [(value,)]
    assert read(select(func.count()).select_from(SettingRow)) == [(1,)]
