"""Words that name whoever is erased are looked for wherever they may stand, slice by slice."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.messages import Letter
from bot.domain.personal_data import FREE_TEXT, HELD, IN_CLEAR
from bot.handlers.privacy.erase import Place, blank_next, left_of, made
from bot.handlers.privacy.erasure_requests import due, erase_at_once
from bot.handlers.say.post import post
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.models import Base
from bot.store.tombstones import Tombstones
from bot.store.word_owners import sealed_columns
from tests.handlers.privacy.erased import over
from tests.handlers.privacy.people import person
from tests.journeys.people import join, settle_in


def test_words_are_looked_for_wherever_they_may_stand() -> None:
    texts = {
        name: {column.name for column in table.columns if str(column.type) in {"JSON"}}
        for name, table in Base.metadata.tables.items()
        if name in HELD
    }
    known = {"stays": {"tags"}, "inbox": {"raw"}, "cases": {"alerted"}, "erasures": {"why", "counts"}}
    assert {
        name: found - set(FREE_TEXT.get(name, "").split()) - known.get(name, set())
        for name, found in texts.items()
        if found - set(FREE_TEXT.get(name, "").split()) - known.get(name, set())
    } == {}


def test_every_free_text_is_sealed_or_named_as_what_lies_in_clear() -> None:
    sealed = {str(column) for table in Base.metadata.sorted_tables for column in sealed_columns(table)}
    texts, clear = (
        {f"{name}.{column}" for name, columns in each.items() for column in columns.split()}
        for each in (FREE_TEXT, IN_CLEAR)
    )
    assert texts - sealed == clear


def a_learner_of_whom_others_were_told(tx: Tx) -> tuple[int, int]:
    """An erasure that is due, and its person."""
    settle_in(tx, ("lina", "noemie"))
    join(tx, "nadia", "lina")
    lina, nadia = person(tx, "lina"), person(tx, "nadia")
    for text in ("Lina Haddouche writes.", "Lina H. again.", "Noémie Abadie writes."):
        post(tx, nadia.id, Letter("{said}", {"said": text}), Lane.BROADCAST)
    over(tx)
    row = made(tx, lina, "operator")
    row.due_at = tx.now
    return row.id, lina.id


def told(tx: Tx) -> list[str]:
    return [each.message["values"]["said"] for each in tx.rows.scalars(select(OutboxRow).order_by(OutboxRow.id)) if "said" in each.message["values"]]  # fmt: skip


def test_what_is_little_is_looked_through_at_once(quick_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _number, lina = quick_database.run(a_learner_of_whom_others_were_told)
    assert quick_database.run(blank_next, lina, Place()).over
    monkeypatch.setattr("bot.handlers.privacy.erase.ROWS", 5)

    slices = [Place()]
    while not slices[-1].over:
        slices.append(quick_database.run(blank_next, lina, slices[-1]))
    rows = sum(slices[-1].ends.values())

    assert len(slices) - 1 == -(-rows // 5)
    assert quick_database.run(told) == ["… writes.", "… again.", "Noémie Abadie writes."]


def test_slice_by_slice_on_both_databases_and_what_came_after_the_beginning_is_left_alone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.privacy.erase.ROWS", 1)
    database.erased = Tombstones(tmp_path / "erased")
    number, lina = database.run(a_learner_of_whom_others_were_told)

    place = database.run(blank_next, lina, Place())
    database.run(lambda tx: post(tx, person(tx, "nadia").id, Letter("{said}", {"said": "SOS: Lina H."}), Lane.ALERT).id)
    while not place.over:
        place = database.run(blank_next, lina, place)
    assert database.run(told) == ["… writes.", "… again.", "Noémie Abadie writes.", "SOS: Lina H."]

    assert database.run(due) == [(number, lina)]
    assert erase_at_once(database, number, lina) is not None
    assert database.run(told) == ["… writes.", "… again.", "Noémie Abadie writes.", "SOS: …"]
    assert database.run(left_of, lina) == {}
    assert database.run(due) == []
