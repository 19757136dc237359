"""The desk reads lists, not learners: forty cost as many queries as four."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.clock import SimulatedClock
from bot.domain.level import Level
from bot.domain.person import Role
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.desk import DESK
from bot.store.db import Database, Tx
from bot.store.people import Address, Person, RoleHeld, School
from bot.store.stays import StayRow
from tests.journeys.people import BERGEN, Trip


def school(tx: Tx, learners: int) -> int:
    """A school whose learners are all abroad, each with a case; who coordinates it."""
    here = School(ref=f"s{learners}", name="Lycée")
    adult = Person(ref=f"adult{learners}", first_name="Nadia", last_name="F", language="fr", school=here)
    adult.roles = [RoleHeld(role=Role.COORDINATOR)]
    stays = [
        _stay(_learner(f"l{learners}-{number}", here), here, BERGEN, f"Class {number % 3}")
        for number in range(learners)
    ]
    tx.rows.add_all([here, adult, *stays])
    tx.rows.flush()
    for person in (adult, *(stay.person for stay in stays)):
        _reached(tx, person)
    for number, stay in enumerate(stays):
        stay.enrolled_at = tx.now if number % 4 else None
        open_matter(tx, stay, Matter(Level.FOLLOW_UP, "mood", "bad"))
    return adult.id


def _learner(ref: str, here: School) -> Person:
    learner = Person(ref=ref, first_name=f"Learner{ref.partition('-')[2]}", last_name="X", school=here)
    learner.roles = [RoleHeld(role=Role.LEARNER)]
    return learner


def _stay(learner: Person, here: School, trip: Trip, name: str) -> StayRow:
    return StayRow(person=learner, school=here, kind=trip.kind, track=trip.track, country=trip.country, city=trip.city, zone=trip.zone, home_zone=trip.home_zone, departure=trip.departure, start=trip.start, end=trip.end, back=trip.back, class_name=name, tags=[])  # fmt: skip


def _reached(tx: Tx, person: Person) -> None:
    values = {"channel": "web", "native": person.ref, "state": "confirmed"}
    tx.rows.add(Address(person_id=person.id, created_at=tx.now, used_at=tx.now, **values))


@contextmanager
def counted(database: Database) -> Iterator[Callable[[], int]]:
    """How many statements are run meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield lambda: len(seen)
    event.remove(database.engine, "before_cursor_execute", note)


COMMANDS = {
    "today": 13,
    "who": 5,
    "missing": 15,
    "oncall": 11,
    "broadcast Class 1 Hello": 5,
    "learner Learner": 4,
    "leave 2027-03-10": 10,
    "tasks": 6,
}
"""What each of them costs, in statements; the very first one also reads what lasts."""


@pytest.mark.parametrize("words", COMMANDS)
def test_a_list_costs_the_same_however_long_it_is(quick_database: Database, words: str) -> None:
    clock = quick_database.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to(clock.now() + timedelta(days=371))  # Monday 8 March 2027, the second day of everybody's stay
    word, _space, rest = words.partition(" ")
    found = []
    for learners in (1, 4, 40):
        number = quick_database.run(school, learners)
        with counted(quick_database) as queries:
            quick_database.run(_ask, number, word, rest)
            found.append(queries())
    assert found[1:] == [COMMANDS[words]] * 2


def _ask(tx: Tx, number: int, word: str, rest: str) -> None:
    DESK[word](tx, tx.rows.get_one(Person, number), rest)
