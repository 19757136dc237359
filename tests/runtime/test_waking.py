"""Slices of what is due: a row that fails hinders no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.handlers.watch import wake
from bot.handlers.watch.wake import ACTS, URGENT
from bot.runtime.waking import PAUSE, Waking
from bot.store.db import Database, Tx
from bot.store.people import Person
from tests.conftest import START
from tests.journeys.people import join, settle_in


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, quick_database: Database) -> Waking:
    """Luc and Cathy are due, and one of them cannot be woken."""
    quick_database.run(settle_in, ())
    quick_database.run(join, "luc", "cathy")
    quick_database.run(lambda tx: tx.rows.execute(update(Person).values(wake_at=None)))
    due = update(Person).where(Person.ref.in_(("luc", "cathy"))).values(wake_at=START)
    quick_database.run(lambda tx: tx.rows.execute(due))
    act: Callable[..., None] = ACTS["people"][1]

    def fail(tx: Tx, row: Any) -> None:
        if row.ref == "luc":
            raise RuntimeError
        act(tx, row)

    monkeypatch.setitem(wake.ACTS, "people", (Person, fail))
    return Waking(quick_database)


def instants(database: Database) -> dict[str, timedelta | None]:
    """How long it is until each of them is looked at again."""
    rows = database.run(lambda tx: tx.rows.execute(select(Person.ref, Person.wake_at)).all())
    return {ref: wake_at - START if wake_at else None for ref, wake_at in rows if ref in {"luc", "cathy"}}


async def test_a_row_that_fails_is_pushed_back_and_hinders_no_other(failing: Waking) -> None:
    assert (await failing.slice(tuple(ACTS)))[0] == 2
    after = instants(failing.db)
    assert after["luc"] == PAUSE
    assert after["cathy"] is None or after["cathy"] > PAUSE


async def test_what_is_not_meant_stays_due(failing: Waking) -> None:
    assert (await failing.slice(URGENT))[0] == 0
    assert instants(failing.db) == dict.fromkeys(("luc", "cathy"), timedelta())
