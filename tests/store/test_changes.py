"""What changed is written as SQLAlchemy's unit of work would have written it, in less time; what may depend on more is left to it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm.exc import StaleDataError

from bot.store import models
from bot.store.base import Base
from bot.store.changes import write_changes
from bot.store.db import Database, Tx
from bot.store.people import Person, School
from bot.store.stays import StayRow
from tests.conftest import START, Read
from tests.store.lot_of_writes import WRITES, newcomer

SCHOOLS, PEOPLE, STEPS = 3, 8, 60
assert models


def settle(tx: Tx, seed: int) -> None:
    lot = random.Random(seed)
    tx.rows.add_all([School(ref=f"s{each}" if each else "", name=f"School {each}") for each in range(SCHOOLS)])
    tx.rows.flush()
    for _ in range(PEOPLE):
        newcomer(tx.rows, lot)


def write(tx: Tx, lot: random.Random) -> None:
    for act in lot.choices(WRITES, k=lot.randrange(1, 6)):
        act(tx.rows, lot)
    if lot.randrange(3) == 0:
        attempt = tx.rows.begin_nested()
        for act in lot.choices(WRITES, k=2):
            act(tx.rows, lot)
        (attempt.commit if lot.randrange(2) else attempt.rollback)()
        lot.choice(WRITES)(tx.rows, lot)


def all_rows(tx: Tx) -> dict[str, list[Any]]:
    named = [(table.name, table.select().order_by(*table.primary_key)) for table in Base.metadata.sorted_tables]
    return {name: [tuple(row) for row in tx.rows.connection().execute(rows)] for name, rows in named}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_is_what_the_unit_of_work_would_have_written(quick_database: Database, seed: int) -> None:
    quick_database.run(settle, seed)
    quick_database.put_on_disk()
    file = Path(quick_database.engine.url.database or "")
    shutil.copy(file, other := file.with_suffix(".other"))
    ours, theirs = random.Random(seed), random.Random(seed)
    with closing(
        Database(f"sqlite:///{other}", quick_database.clock, quick_database.programme, durable=False)
    ) as plain:
        event.remove(plain._begin, "before_flush", write_changes)
        for _ in range(STEPS):
            quick_database.run(write, ours)
            plain.run(write, theirs)
            assert quick_database.run(all_rows) == plain.run(all_rows)


@pytest.fixture
def updates(database: Database) -> Iterator[list[str]]:
    """The beginnings of the statements that change rows, as they are sent."""
    found = list[str]()

    def note(*what: Any) -> None:
        if what[2].startswith("UPDATE"):
            found.append(what[2].partition(" WHERE")[0].replace("%(", ":").split("=")[0])

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def test_what_was_set_to_what_it_was_is_not_written(database: Database, stay_id: int, updates: list[str]) -> None:
    def act(tx: Tx) -> None:
        row = tx.rows.get_one(StayRow, stay_id)
        row.city, row.person.first_name = str(row.city), "Camille"

    database.run(act)

    assert updates == []


def test_rows_that_change_alike_are_written_in_one_statement(
    database: Database, stay_id: int, updates: list[str]
) -> None:
    def joins(tx: Tx) -> None:
        tx.rows.add_all([Person(ref=each, first_name=each, last_name="") for each in "abc"])

    def act(tx: Tx) -> None:
        for each in tx.rows.scalars(select(Person).order_by(Person.id.desc())):
            each.last_sign_at = START

    database.run(joins)
    database.run(act)

    assert updates == ["UPDATE people SET last_sign_at"]


def test_a_version_is_counted_where_a_row_changes(database: Database, stay_id: int, read: Read) -> None:
    seen = list[int]()

    def act(tx: Tx) -> None:
        row = tx.rows.get_one(StayRow, stay_id)
        for place in ("Oslo", "Trondheim"):
            row.city = place
            tx.rows.flush()
            seen.append(row.version)

    database.run(act)

    assert (seen, read(select(StayRow.city, StayRow.version))) == ([2, 3], [("Trondheim", 3)])


def test_who_would_write_over_what_another_wrote_is_told(database: Database, stay_id: int, read: Read) -> None:
    def act(tx: Tx) -> None:
        row = tx.rows.get_one(StayRow, stay_id)
        tx.rows.connection().execute(text("UPDATE stays SET version = version + 1"))
        row.city = "Oslo"

    with pytest.raises(StaleDataError):
        database.run(act)

    assert read(select(StayRow.city, StayRow.version)) == [("Bergen", 1)]


def test_a_row_that_went_meanwhile_is_not_taken_for_written(database: Database) -> None:
    def joins(tx: Tx) -> None:
        tx.rows.add(Person(ref="a", first_name="a", last_name=""))

    def act(tx: Tx) -> None:
        row = tx.rows.scalars(select(Person)).one()
        tx.rows.connection().execute(text("DELETE FROM people"))
        row.last_sign_at = START

    database.run(joins)

    with pytest.raises(StaleDataError):
        database.run(act)


def test_what_is_set_to_an_expression_is_what_the_database_makes_of_it(
    database: Database, stay_id: int, read: Read
) -> None:
    def act(tx: Tx) -> None:
        person: Any = tx.rows.get_one(StayRow, stay_id).person
        person.last_sign_at, person.letters = START + timedelta(hours=1), Person.letters + 4

    database.run(act)

    assert read(select(Person.last_sign_at, Person.letters)) == [(START + timedelta(hours=1), 5)]


def test_what_an_attempt_changed_is_as_it_was_once_it_is_given_up(database: Database, stay_id: int) -> None:
    def act(tx: Tx) -> tuple[str, str, str]:
        row = tx.rows.get_one(StayRow, stay_id)
        row.city = "Oslo"
        attempt = tx.rows.begin_nested()
        row.city = "Trondheim"
        tx.rows.flush()
        attempt.rollback()
        before, row.city = row.city, "Tromsø"
        tx.rows.flush()
        return before, row.city, tx.rows.connection().execute(select(StayRow.city)).scalar_one()

    assert database.run(act) == ("Oslo", "Tromsø", "Tromsø")
