"""A sign of life is noted at once, and the row that is at hand says the same as the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.store.db import Database, Tx
from bot.store.models import Address, Person
from bot.store.signs_of_life import sleeps_until, was_heard, was_used
from tests.conftest import START, Read

LATER, EARLIER = START + timedelta(hours=1), START - timedelta(hours=1)


def camille(tx: Tx) -> Person:
    return tx.rows.scalars(select(Person)).one()


def test_the_later_sign_stays_whichever_comes_first(database: Database, stay_id: int, read: Read) -> None:
    def hear(tx: Tx, *instants: datetime) -> list[datetime | None]:
        said = list[datetime | None]()
        for at in instants:
            was_heard(tx.rows, camille(tx), at)
            said.append(camille(tx).last_sign_at)
        return said

    assert database.run(hear, START, EARLIER, LATER) == [START, START, LATER]
    assert database.run(hear, EARLIER) == [LATER]
    assert read(select(Person.last_sign_at)) == [(LATER,)]


def test_a_sign_changes_nothing_else_of_a_row_that_is_yet_to_be_written(
    database: Database, stay_id: int, read: Read
) -> None:
    def hear(tx: Tx) -> bool:
        person = camille(tx)
        person.first_name = "Camélia"
        was_heard(tx.rows, person, START)
        return tx.rows.is_modified(person)

    assert database.run(hear)
    assert read(select(Person.first_name, Person.last_sign_at)) == [("Camélia", START)]


def test_an_address_that_is_used_needs_no_writing_at_the_end(database: Database, stay_id: int, read: Read) -> None:
    def has(tx: Tx) -> None:
        tx.rows.add(
            Address(
                person=camille(tx), channel="web", native="1", state="confirmed", created_at=EARLIER, used_at=EARLIER
            )
        )

    def use(tx: Tx) -> tuple[datetime, bool]:
        address = tx.rows.scalars(select(Address)).one()
        was_used(tx.rows, address, LATER)
        return address.used_at, tx.rows.is_modified(address)

    database.run(has)

    assert database.run(use) == (LATER, False)
    assert read(select(Address.used_at)) == [(LATER,)]


def test_an_adult_sleeps_until_their_next_week_and_nothing_is_left_to_write(
    database: Database, stay_id: int, read: Read
) -> None:
    def sleep(tx: Tx) -> tuple[datetime | None, bool]:
        person = camille(tx)
        sleeps_until(tx.rows, person, LATER)
        return person.wake_at, tx.rows.is_modified(person)

    assert database.run(sleep) == (LATER, False)
    assert read(select(Person.wake_at)) == [(LATER,)]


def test_what_is_taken_back_was_not_heard(database: Database, stay_id: int, read: Read) -> None:
    def hear(tx: Tx) -> None:
        was_heard(tx.rows, camille(tx), START)
        tx.rows.rollback()

    database.run(hear)

    assert read(select(Person.last_sign_at)) == [(None,)]
