"""Words in the database, and by whose key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import String, Table, cast, select, update
from sqlalchemy.exc import StatementError

from bot.store import word_keys
from bot.store.db import Database, Tx
from bot.store.messages import UNREADABLE_LETTER, OutboxRow
from bot.store.models import Base
from bot.store.people import Person
from bot.store.sealed import of_person
from bot.store.word_keys import MARK, owner_of
from bot.store.word_owners import owner_column, sealed_columns
from tests.shared_keys import KEYS

WORDS = {"text": "Zzqcanary, é", "values": {}, "offers": []}


def a_message(tx: Tx, ref: str = "lina") -> int:
    """Somebody, and words for them; their number."""
    person = Person(ref=ref, first_name="Lina", last_name="H")
    tx.rows.add(person)
    tx.rows.flush()
    tx.rows.add(OutboxRow(person_id=person.id, lane=0, message=WORDS, created_at=tx.now, due_at=tx.now))
    return person.id


def lying(tx: Tx) -> str:
    """What lies in the table, between the quotation marks of JSON."""
    return str(tx.rows.scalars(select(cast(OutboxRow.message, String))).one()).strip('"')


def test_words_lie_under_the_key_of_their_person_and_are_read_in_every_way(database: Database) -> None:
    person = database.run(a_message)

    def read(tx: Tx) -> list[Any]:
        table = OutboxRow.__table__
        return [
            tx.rows.scalars(select(OutboxRow)).one().message,
            tx.rows.scalars(select(OutboxRow.message)).one(),
            tx.rows.execute(select(table)).mappings().one()["message"],
        ]

    assert database.run(read) == [WORDS, WORDS, WORDS]
    kept = database.run(lying)
    assert (kept.startswith(MARK), owner_of(kept), "canary" in kept) == (True, person, False)


@given(st.text())
@example("")
@example("\0begins as what is compressed does")
@example("x" * 99)
@example("é" * 50)
@example("{" * 100_000)
def test_any_words_are_read_as_they_were_written(words: str) -> None:
    assert KEYS.open("outbox.message", KEYS.seal(1, "outbox.message", words)) == words


def test_what_was_sealed_before_words_were_compressed_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    words = '{"text": "' + "as it was " * 30 + '"}'
    with monkeypatch.context() as before:
        before.setattr(word_keys, "_packed", bytes)
        lay = KEYS.seal(1, "outbox.message", words)
    lies = KEYS.seal(1, "outbox.message", words)

    assert (KEYS.open("outbox.message", lay), KEYS.open("outbox.message", lies)) == (words, words)
    assert len(lies) < len(lay) / 3


def test_what_is_changed_is_sealed_anew_and_what_is_not_stays_as_it_lies(database: Database) -> None:
    database.run(a_message)
    first = database.run(lying)

    def touch(tx: Tx) -> None:
        tx.rows.scalars(select(OutboxRow)).one().attempts = 1

    def change(tx: Tx) -> None:
        row = tx.rows.scalars(select(OutboxRow)).one()
        row.message = row.message | {"marks": ["again"]}

    database.run(touch)
    assert database.run(lying) == first
    database.run(change)
    assert database.run(lying) != first
    assert database.run(lambda tx: tx.rows.scalars(select(OutboxRow.message)).one()) == WORDS | {"marks": ["again"]}


def test_a_statement_has_to_say_whose_words_it_writes(database: Database) -> None:
    person = database.run(a_message)

    def write(tx: Tx, words: Any) -> None:
        tx.rows.execute(update(OutboxRow).values(message=words))

    with pytest.raises(StatementError, match=r"Unowned.*outbox\.message"):
        database.run(write, {"text": "x"})
    database.run(write, of_person(person, {"text": "x"}))
    assert database.run(lambda tx: tx.rows.scalars(select(OutboxRow.message)).one()) == {"text": "x"}


@pytest.mark.usefixtures("passing_keys")
def test_words_whose_key_is_gone_are_read_as_such(database: Database) -> None:
    person = database.run(a_message)
    KEYS.forget(person)

    letter = database.run(lambda tx: tx.rows.scalars(select(OutboxRow)).one().message)

    assert letter == {"text": "…", "values": {}, "offers": []}
    assert UNREADABLE_LETTER == '{"text": "…", "values": {}, "offers": []}'


@pytest.mark.parametrize("table", [each for each in Base.metadata.sorted_tables if sealed_columns(each)], ids=str)
def test_every_column_of_words_names_its_place_and_every_row_its_person(table: Table, quick_database: Database) -> None:
    places = [column.type.place for column in sealed_columns(table)]  # type: ignore[attr-defined]

    assert places == [f"{table.name}.{column.name}" for column in sealed_columns(table)]
    assert quick_database.run(lambda tx: tx.rows.execute(select(owner_column(table)).select_from(table)).all()) == []
