"""What the keys of the tables make true: once is once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.stay import Ended
from bot.store.db import Database, Tx
from bot.store.models import ItemState, Mark, Person, StayRow
from bot.store.stays import current_stay, items_of, marks_of
from tests.conftest import START, Read


def mark(tx: Tx, stay_id: int, touchpoint: str = "check_in", occurrence: str = "1", outcome: str = "asked") -> None:
    tx.rows.add(Mark(stay_id=stay_id, touchpoint=touchpoint, occurrence=occurrence, outcome=outcome, at=tx.now))


def test_an_occurrence_is_marked_once(database: Database, stay_id: int, read: Read) -> None:
    database.run(mark, stay_id)

    with pytest.raises(IntegrityError):
        database.run(mark, stay_id, outcome="expired")

    assert read(select(Mark.touchpoint, Mark.occurrence, Mark.outcome)) == [("check_in", "1", "asked")]


def test_what_was_done_is_known_by_touchpoint_and_occurrence(database: Database, stay_id: int) -> None:
    database.run(mark, stay_id)
    database.run(mark, stay_id, occurrence="2", outcome="missed")

    done = database.run(lambda tx: marks_of(tx.rows, stay_id))

    assert done == {("check_in", "1"): "asked", ("check_in", "2"): "missed"}


def test_an_item_has_one_state(database: Database, stay_id: int) -> None:
    def say(tx: Tx, state: str) -> None:
        tx.rows.add(ItemState(stay_id=stay_id, item="ehic", state=state, at=START))

    database.run(say, "doing")

    with pytest.raises(IntegrityError):
        database.run(say, "done")
    assert database.run(lambda tx: {item: row.state for item, row in items_of(tx.rows, stay_id).items()}) == {
        "ehic": "doing"
    }


def test_erasing_a_person_erases_their_stay_and_its_marks(database: Database, stay_id: int, read: Read) -> None:
    database.run(mark, stay_id)

    database.run(lambda tx: tx.rows.execute(delete(Person)) and None)

    assert read(select(func.count()).select_from(StayRow)) == [(0,)]
    assert read(select(func.count()).select_from(Mark)) == [(0,)]


def test_a_cancelled_stay_is_not_current(database: Database, stay_id: int) -> None:
    def cancel(tx: Tx) -> tuple[StayRow | None, StayRow, StayRow | None]:
        stay = tx.rows.get_one(StayRow, stay_id)
        before = current_stay(tx.rows, stay.person_id)
        stay.ended = Ended.WITHDRAWN
        return before, stay, current_stay(tx.rows, stay.person_id)

    before, stay, after = database.run(cancel)

    assert (before, after) == (stay, None)


def test_the_stay_of_the_core_is_the_stay_of_the_table(database: Database, stay_id: int) -> None:
    stay = database.run(lambda tx: tx.rows.get_one(StayRow, stay_id).facts())

    assert (stay.id, stay.ref, stay.kind, stay.track) == (stay_id, "camille", "outgoing", "vet")
    assert (stay.zone, stay.home_zone, stay.tags, stay.enrolled_at) == (
        "Europe/Oslo",
        "Europe/Paris",
        frozenset(),
        None,
    )


def test_the_facts_of_a_stay_follow_whatever_is_changed_of_it(database: Database, stay_id: int) -> None:
    changes: dict[str, Any] = {
        "city": "Oslo", "zone": "Europe/Paris", "back": date(2026, 3, 30), "nights_back": 1, "tags": ["a"], "ended": Ended.BROKEN_OFF,
        "enrolled_at": START, "paused_from": START, "paused_until": date(2026, 3, 9), "unlisted_at": START - timedelta(days=60), "working_language": "nb",
    }  # fmt: skip

    def change(tx: Tx) -> tuple[list[bool], list[str]]:
        row = tx.rows.get_one(StayRow, stay_id)
        same, seen = [row.facts() is row.facts()], list[str]()
        for name, value in changes.items():
            before = row.facts()
            setattr(row, name, value)
            seen.append(name if row.facts() != before else "")
        row.wake_at = START
        row.person.birth, row.person.ref, row.school.ref = date(2009, 1, 1), "c", "l"
        seen += [str(row.facts().birth), row.facts().ref, row.facts().school]
        tx.rows.flush()
        tx.rows.connection().execute(update(StayRow).values(city="Bodø"))
        tx.rows.expire(row)
        return same, [*seen, row.facts().city]

    assert database.run(change) == ([True], [*changes, "2009-01-01", "c", "l", "Bodø"])
