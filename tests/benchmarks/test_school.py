"""The school of the measurements: whoever is copied from the pattern is as they are, and somebody of their own."""

from __future__ import annotations

from sqlalchemy import func, select

from bench.outbox import FIRST
from bench.school import PATTERN, fall_due, school_of
from bot.store.db import Tx
from bot.store.people import Address, Person
from bot.store.stays import Mark, StayRow

MORE = 2


def _of(tx: Tx, number: int) -> tuple[object, ...]:
    stay = tx.rows.get_one(StayRow, FIRST + number)
    marks = select(func.count()).where(Mark.stay_id == stay.id)
    return stay.departure, stay.back, stay.zone, stay.wake_at, tx.rows.scalar(marks)


def _whose(tx: Tx, number: int) -> tuple[str, ...]:
    person = tx.rows.get_one(Person, FIRST + number)
    native = tx.rows.scalars(select(Address.native).where(Address.person_id == person.id)).one()
    return person.ref, person.ref_key, person.first_name, native


def test_whoever_is_copied_has_the_same_stay_and_their_own_name_and_address() -> None:
    with school_of(PATTERN + MORE, all_abroad=True) as db:
        last = PATTERN + MORE - 1

        assert db.run(_of, last) == db.run(_of, MORE - 1)
        assert db.run(_whose, last) == (f"l{last}", f"l{last}", f"L{last}", f"l{last}")
        assert db.run(lambda tx: tx.rows.get(StayRow, FIRST + last + 1)) is None
        assert db.run(fall_due, 10, FIRST + PATTERN) == MORE
