"""What an audit has seen of a stay: whatever is written of it moves it, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.level import Level
from bot.handlers.say.marks import mark
from bot.handlers.watch.incremental_audit import Seen
from bot.store.db import Database, Tx
from bot.store.models import CaseEvent, CaseRow, ContactElsewhere, GreenLightRow, ItemState, Person, StayRow
from tests.store.conftest import one_stay


def case(tx: Tx) -> None:
    row = CaseRow(stay_id=1, topic="sos", level=Level.NOW, opened_at=tx.now, rung=0, round=0, alerted=[])
    tx.rows.add(row)
    tx.rows.flush()
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind="matter", detail={"topic": "sos"}))


def begun(tx: Tx) -> None:
    tx.rows.get_one(StayRow, 1).enrolled_at = tx.now


def tagged(tx: Tx) -> None:
    tx.rows.get_one(StayRow, 1).tags = ["minor"]


def heard(tx: Tx) -> None:
    tx.rows.get_one(Person, 1).last_sign_at = tx.now


CHANGES: tuple[Callable[[Tx], object], ...] = (
    begun,
    tagged,
    heard,
    case,
    lambda tx: mark(tx, 1, ("check_in", "1"), "asked"),
    lambda tx: tx.rows.add(ItemState(stay_id=1, item="ehic", state="done", at=tx.now)),
    lambda tx: tx.rows.add(GreenLightRow(stay_id=1, departure=tx.now.date(), verdict="go", at=tx.now)),
    lambda tx: tx.rows.add(ContactElsewhere(stay_id=1, at=tx.now, until=tx.now.date(), how="phone")),
)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_written_of_a_stay_moves_it(database: Database, change: Callable[[Tx], object]) -> None:
    seen = Seen()

    def look(tx: Tx) -> list[int]:
        found, _last = seen.moved(tx, 0, 9)
        seen.keep(tx, dict.fromkeys(found, tx.now + timedelta(days=1)))
        return found

    database.run(one_stay)
    before = [database.run(look), database.run(look)]
    database.run(lambda tx: change(tx) and None)

    assert [*before, database.run(look), database.run(look)] == [[1], [], [1], []]
