"""Slices are as large as they may be: a row that fails hinders no other, and time is not spent on reading ahead for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.handlers.watch import wake
from bot.handlers.watch.wake import ACTS, SLICE, URGENT
from bot.runtime.waking import PAUSE, Waking, next_size
from bot.store.db import Database, Tx
from bot.store.people import Person
from tests.conftest import START
from tests.journeys.people import join, settle_in


def test_a_slice_that_was_late_is_followed_by_smaller_ones_until_they_are_in_time() -> None:
    sizes = [SLICE]
    while sizes[-1] > 1:
        sizes.append(next_size(sizes[-1], sizes[-1], late=True, tight=True))
    assert sizes == [9, 6, 4, 2, 1]
    assert next_size(1, 1, late=True, tight=True) == 1


def test_a_slice_that_ended_early_is_followed_by_one_of_as_many_as_it_had_time_for() -> None:
    assert [next_size(9, woken, late=False, tight=True) for woken in (0, 1, 5, 9)] == [1, 1, 5, 9]


def test_a_slice_that_had_time_left_is_followed_by_a_larger_one() -> None:
    assert [next_size(most, most, late=False, tight=False) for most in (1, 8, SLICE)] == [2, SLICE, SLICE]
    assert next_size(4, 2, late=False, tight=False) == 4, "no more were due"


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
    assert await failing.slice(tuple(ACTS)) == 2
    after = instants(failing.db)
    assert after["luc"] == PAUSE
    assert after["cathy"] is None or after["cathy"] > PAUSE


async def test_what_is_not_meant_stays_due(failing: Waking) -> None:
    assert await failing.slice(URGENT) == 0
    assert instants(failing.db) == dict.fromkeys(("luc", "cathy"), timedelta())
