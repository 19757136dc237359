"""A consent on record is never changed."""

from __future__ import annotations

import pytest

from bot.domain.family import Giver, Purpose
from bot.store.consents import ConsentRow
from bot.store.db import Database, Tx
from bot.store.people import Person


def _given(tx: Tx) -> int:
    lina = Person(ref="lina", first_name="Lina", last_name="Haddouche")
    tx.rows.add(lina)
    tx.rows.flush()
    row = ConsentRow(
        purpose=Purpose.FAMILY_PINGS,
        learner_id=lina.id,
        person_id=lina.id,
        giver=Giver.LEARNER,
        given=True,
        text_version="1",
        language="fr",
        channel="web",
        at=tx.now,
    )
    tx.rows.add(row)
    tx.rows.flush()
    return row.id


def _change(tx: Tx, number: int) -> None:
    tx.rows.get_one(ConsentRow, number).given = False


def test_a_record_cannot_be_changed(database: Database) -> None:
    number = database.run(_given)

    with pytest.raises(ValueError, match="add another"):
        database.run(_change, number)
