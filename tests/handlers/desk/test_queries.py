"""The desk reads lists, not learners: forty cost as many queries as four."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.clock import SimulatedClock
from bot.domain.level import Level
from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.desk import DESK
from bot.store.db import Database, Tx
from bot.store.people import Address, Person, RoleHeld, School
from bot.store.stays import StayRow
from tests.journeys.people import BERGEN, Trip

MONDAY = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)


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
    "today": 16,
    "who": 6,
    "missing": 18,
    "oncall": 12,
    "broadcast Class 1 Hello": 6,
    "learner Learner": 5,
    "leave 2027-03-10": 11,
    "tasks": 6,
}
"""What each of them costs, in statements."""


@pytest.fixture(scope="module")
def schools(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, programme: Programme
) -> tuple[Path, list[int]]:
    """A database with schools of four learners and of forty, on Monday 8 March 2027, the second day of everybody's
    stay; and the adult of each.
    """
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("schools") / "schools.db"))
    database = Database(f"sqlite:///{path}", SimulatedClock(MONDAY), programme, durable=False)
    adults = [database.run(school, learners) for learners in (4, 40)]
    database.close()
    return path, adults


@pytest.mark.parametrize("words", COMMANDS)
def test_a_list_costs_the_same_however_long_it_is(
    schools: tuple[Path, list[int]], tmp_path: Path, programme: Programme, words: str
) -> None:
    path, adults = schools
    word, _space, rest = words.partition(" ")
    found = [_asked(Path(shutil.copy(path, tmp_path)), programme, number, word, rest) for number in adults]
    assert found == [COMMANDS[words]] * 2


def _asked(path: Path, programme: Programme, *asking: Any) -> int:
    """So many statements it takes somebody for whom nothing is known yet."""
    database = Database(f"sqlite:///{path}", SimulatedClock(MONDAY), programme, durable=False)
    with counted(database) as queries:
        database.run(_ask, *asking)
    database.close()
    return queries()


def _ask(tx: Tx, number: int, word: str, rest: str) -> None:
    DESK[word](tx, tx.rows.get_one(Person, number), rest)
