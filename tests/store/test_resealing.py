"""Words that lie in the database as they must not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import String, cast, insert, literal, select
from sqlalchemy.orm import Session

from bot.store import resealing
from bot.store.db import Database, Tx
from bot.store.messages import InboxRow
from bot.store.models import Base
from bot.store.people import Guardian, Person
from bot.store.resealing import Lying, Reached, lying, seal_anew, seal_next
from bot.store.word_keys import NOBODY, owner_of
from tests.shared_keys import KEYS

GUARDIANS = Base.metadata.tables["guardians"]


def of_yesterday(tx: Tx, names: list[str]) -> int:
    """A learner whose guardians lie there as they did before anything was sealed."""
    person = Person(ref="lina", first_name="Lina", last_name="H")
    tx.rows.add(person)
    tx.rows.flush()
    for position, name in enumerate(names):
        plain = {"person_id": person.id, "position": position, "name": literal(name, String), "language": "fr"}
        tx.rows.execute(insert(GUARDIANS).values(plain))
    return person.id


def names(tx: Tx) -> list[tuple[str, str]]:
    """As they are read, and as they lie there."""
    rows = select(Guardian.name, cast(Guardian.name, String).label("kept")).order_by(Guardian.position)
    return [(read, kept) for read, kept in tx.rows.execute(rows)]


def sealed_all(database: Database) -> Reached:
    reached = Reached()
    while not reached.over:
        reached = database.run(lambda tx, so_far: seal_next(tx.rows, so_far), reached)
    return reached


def test_what_lay_in_clear_is_sealed_slice_by_slice_and_read_as_before(database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(resealing, "ROWS", 1)
    person = database.run(of_yesterday, ["Adel", "", "Sonia"])
    assert database.run(names) == [("Adel", "Adel"), ("", ""), ("Sonia", "Sonia")]
    assert database.run(lambda tx: lying(tx.rows)["guardians.name"]) == Lying(0, 2)

    assert sealed_all(database).sealed == 2

    found = database.run(names)
    assert [read for read, _kept in found] == ["Adel", "", "Sonia"]
    assert [owner_of(kept) for _read, kept in found if kept] == [person, person]
    assert database.run(lambda tx: lying(tx.rows)["guardians.name"]) == Lying(2, 0)
    assert sealed_all(database).sealed == 0


@pytest.mark.usefixtures("passing_keys")
def test_what_nobody_can_read_is_left_as_it_lies(database: Database) -> None:
    person = database.run(of_yesterday, ["Adel"])
    sealed_all(database)
    before = database.run(names)
    KEYS.forget(person)

    assert database.run(lambda tx: seal_anew(tx.rows, person)) == 0
    assert database.run(names) == [("…", before[0][1])]


def test_what_came_in_is_nobodys_until_it_is_known_whose_it_is(database: Database) -> None:
    def come_in(tx: Tx) -> None:
        tx.rows.add(InboxRow(channel="web", native="1", raw={"text": "Zzqcanary"}, received_at=tx.now))

    def be_read(tx: Tx) -> None:
        tx.rows.add(person := Person(ref="lina", first_name="Lina", last_name="H"))
        tx.rows.flush()
        row = tx.rows.scalars(select(InboxRow)).one()
        row.raw, row.shown, row.person_id = {}, "Zzqcanary", person.id

    def kept(rows: Session) -> tuple[str, str | None]:
        lying = select(cast(InboxRow.raw, String).label("raw"), cast(InboxRow.shown, String).label("shown"))
        raw, shown = rows.execute(lying).one()
        return raw, shown

    database.run(come_in)
    assert owner_of(database.run(lambda tx: kept(tx.rows))[0].strip('"')) == NOBODY
    database.run(be_read)
    raw, shown = database.run(lambda tx: kept(tx.rows))
    assert (raw, owner_of(str(shown))) == ("{}", database.run(lambda tx: tx.rows.scalar(select(Person.id))))
