"""A database full of what the first release wrote comes up, keeps every row, and works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    table,
)
from sqlalchemy.orm import Session

from bot.clock import SimulatedClock
from bot.domain.programme import Programme
from bot.domain.stay import Ended
from bot.handlers.conversation.due import wake_stay
from bot.handlers.conversation.stay_dates import move_dates, name_all_dates
from bot.store import migrate
from bot.store.db import Database, Tx
from bot.store.models import InboxRow, Mark, OutboxRow, Person, SessionRow, StayRow
from tests.store.conftest import Stage

NOW = datetime(2027, 3, 6, 19, 30)
LINA: dict[str, Any] = {"id": 1, "ref": "VAL-07", "first_name": "Lina", "last_name": "Haddouche"}
STAY: dict[str, Any] = {
    "id": 1, "person_id": 1, "school_id": 1, "kind": "outgoing", "track": "vet", "country": "DE", "city": "Leipzig",
    "zone": "Europe/Berlin", "home_zone": "Europe/Paris", "departure": date(2027, 3, 6), "start": date(2027, 3, 8),
    "end": date(2027, 3, 26), "back": date(2027, 3, 27), "enrolled_at": datetime(2027, 1, 10, 9), "cancelled": False,
    "tags": [], "wake_at": NOW,
}  # fmt: skip
ASKED: dict[str, Any] = {
    "id": 1, "person_id": 1, "stay_id": 1, "flow": "arrival", "touchpoint": "arrival", "occurrence": "once",
    "facts": {}, "answers": [], "asked": None, "state": "queued", "urgency": 0, "expires_at": NOW + timedelta(days=21),
    "wake_at": NOW + timedelta(hours=1), "postponed": 0,
}  # fmt: skip
FULL: dict[str, list[dict[str, Any]]] = {
    "schools": [{"id": 1, "ref": "valmer", "name": "Valmer", "city": "Ardonville", "zone": "Europe/Paris"}],
    "people": [LINA, {"id": 2, "ref": "VAL-07~parent", "first_name": "Mona"}, {"id": 3, "ref": "nadia"}],
    "roles": [{"person_id": 1, "role": "learner"}, {"person_id": 3, "role": "coordinator"}],
    "stays": [STAY, STAY | {"id": 2, "person_id": 3, "kind": "staff", "cancelled": True}],
    "sessions": [ASKED],
    "marks": [
        {"stay_id": 1, "touchpoint": "arrival", "occurrence": "once", "outcome": "asked"},
        {"stay_id": 1, "touchpoint": "item.ehic", "occurrence": "14", "outcome": "answered"},
        {"stay_id": 1, "touchpoint": "family.week", "occurrence": "2027-03-14", "outcome": "told"},
    ],
    "inbox": [
        {"channel": "web", "native": "early", "received_at": NOW - timedelta(hours=2)},
        {"channel": "web", "native": "answer", "received_at": NOW},
    ],
    "outbox": [
        {"person_id": 1, "state": "sent", "sent_at": NOW},
        {"person_id": 1, "state": "sent", "sent_at": NOW - timedelta(hours=1)},
        {"person_id": 1, "state": "pending"},
    ],
    "cases": [{"id": 1, "stay_id": 1, "topic": "overdue", "level": "follow_up", "session_id": None, "owner_id": 3}],
    "case_events": [{"case_id": 1, "kind": "matter", "detail": {"level": "follow_up", "topic": "overdue", "answer": "ehic"}}],
}  # fmt: skip


def filler(table: Table, given: dict[str, Any]) -> dict[str, Any]:
    """A row in which every column that must have a value has one."""
    row = {name: value for name, value in given.items() if name != "id"}  # given in their order, as they would be
    for column in table.columns:
        if column.name in row or column.nullable or column.name == "id":
            continue
        row[column.name] = 1 if column.foreign_keys else _value(column.type, f"{table.name} {column.name}")
    return row


def _value(kind: Any, name: str) -> Any:
    plain: tuple[tuple[type, Any], ...] = (
        (JSON, {}), (Boolean, False), (DateTime, NOW), (Date, NOW.date()), (Integer, 0), (LargeBinary, b"x"),
    )  # fmt: skip
    return next((value for known, value in plain if isinstance(kind, known)), name)


def first_release(engine: Engine) -> None:
    """Every table of the first release holds something."""
    migrate.upgrade(engine, "0001")
    tables = MetaData()
    tables.reflect(engine)
    known = [table for table in tables.sorted_tables if table.name != "alembic_version"]
    with engine.begin() as connection:
        for table in known:
            for given in FULL.get(table.name, [{}]):
                connection.execute(insert(table).values(filler(table, given)))


def brought_up_to_date(engine: Engine) -> None:
    first_release(engine)
    migrate.upgrade(engine)


@pytest.fixture
def old(at: Callable[[Stage], Engine]) -> Engine:
    """A database of the first release."""
    return at(first_release)


@pytest.fixture
def upgraded(at: Callable[[Stage], Engine]) -> Engine:
    """The same, brought up to date."""
    return at(brought_up_to_date)


@pytest.fixture
def database(upgraded: Engine, programme: Programme) -> Iterator[Database]:
    clock = SimulatedClock(NOW.replace(tzinfo=UTC))
    made = Database(upgraded.url.render_as_string(hide_password=False), clock, programme)
    yield made
    made.close()


def counted(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    names = inspect(engine).get_table_names()
    with engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def test_every_row_is_kept_and_what_changed_is_called_as_it_is_now(old: Engine) -> None:
    before = counted(old)
    migrate.upgrade(old)

    after = counted(old)
    assert {name: after[name] for name in before} == before
    with Session(old) as rows:
        assert sorted(rows.execute(select(Person.ref, Person.ref_key)).all()) == [
            ("VAL-07", "val07"),
            ("VAL-07~parent", ""),
            ("nadia", "nadia"),
        ]
        assert rows.execute(select(StayRow.id, StayRow.ended).order_by(StayRow.id)).all() == [
            (1, None),
            (2, Ended.WITHDRAWN),
        ]
        assert rows.scalars(select(OutboxRow.said).order_by(OutboxRow.id)).all() == [2, 1, None]
        assert rows.scalars(select(InboxRow.said).order_by(InboxRow.id)).all() == [0, 2]


def test_ids_are_never_given_twice_afterwards(upgraded: Engine) -> None:
    if upgraded.dialect.name == "sqlite":
        with upgraded.connect() as connection:
            made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name IN ('stays', 'people')")
            assert ["AUTOINCREMENT" in sql for (sql,) in made] == [True, True]


def test_namesakes_are_told_apart_before_any_import(old: Engine) -> None:
    namesake = {"ref": "VAL-08", "first_name": "lina", "last_name": "Hamdi"}
    people = Table("people", MetaData(), autoload_with=old)
    with old.begin() as connection:
        connection.execute(insert(people).values(filler(people, namesake)))
        connection.execute(people.update().where(people.c.ref.like("VAL-0_")).values(school_id=1))
    migrate.upgrade(old)

    with Session(old) as rows:
        told = rows.execute(select(Person.ref, Person.letters).order_by(Person.id)).all()
    assert told == [("VAL-07", 3), ("VAL-07~parent", 1), ("nadia", 1), ("VAL-08", 3)]


def test_marks_are_dated_once_and_a_move_takes_the_question_of_the_old_date_back(database: Database) -> None:
    for _ in range(2):
        database.run(name_all_dates)
    before = marks(database)
    database.run(move_fortnight)

    assert before == {
        ("arrival", "once@2027-03-06"): "asked",
        ("item.ehic", "14@2027-03-06"): "answered",
        ("family.week", "2027-03-14"): "told",
    }
    assert ("arrival", "once@2027-03-06") not in marks(database)
    assert database.run(lambda tx: tx.rows.get_one(SessionRow, 1).state) == "expired"


def test_a_stay_wakes_although_nobody_dated_its_marks(database: Database) -> None:
    database.run(lambda tx: wake_stay(tx, tx.rows.get_one(StayRow, 1)))

    asked = [key for key in marks(database) if key[0] == "arrival"]
    assert asked == [("arrival", "once@2027-03-06")]
    assert database.run(lambda tx: tx.rows.get_one(SessionRow, 1).occurrence) == "once@2027-03-06"


def test_the_way_back_keeps_what_ended(old: Engine) -> None:
    migrate.upgrade(old, "0002")
    migrate.downgrade(old, "0001")

    tables = MetaData()
    tables.reflect(old)
    stays = tables.tables["stays"]
    with old.connect() as connection:
        found = connection.execute(select(stays.c.id, stays.c.cancelled).order_by(stays.c.id)).all()
    assert [(number, bool(ended)) for number, ended in found] == [(1, False), (2, True)]


def marks(database: Database) -> dict[tuple[str, str], str]:
    def read(tx: Tx) -> dict[tuple[str, str], str]:
        wanted = select(Mark.touchpoint, Mark.occurrence, Mark.outcome).where(Mark.stay_id == 1)
        return {(touchpoint, occurrence): outcome for touchpoint, occurrence, outcome in tx.rows.execute(wanted)}

    return database.run(read)


def move_fortnight(tx: Tx) -> bool:
    row = tx.rows.get_one(StayRow, 1)
    days = ("departure", "start", "end", "back")
    return move_dates(tx, row, {name: getattr(row, name) + timedelta(days=14) for name in days})


def test_homes_are_told_from_the_clocks_that_were_known(engine: Engine) -> None:
    migrate.upgrade(engine, "0001")
    tables = MetaData()
    tables.reflect(engine)
    guest = STAY | {"id": 2, "kind": "incoming", "home_zone": "America/Santiago"}
    nowhere = STAY | {"id": 3, "kind": "incoming", "home_zone": "Etc/UTC"}
    with engine.begin() as connection:
        for name, row in (("schools", {}), ("people", LINA), ("stays", STAY), ("stays", guest), ("stays", nowhere)):
            connection.execute(insert(tables.tables[name]).values(filler(tables.tables[name], row)))

    migrate.upgrade(engine)

    with Session(engine) as rows:
        known = rows.execute(select(StayRow.home_country, StayRow.working_language).order_by(StayRow.id)).all()
    assert [tuple(each) for each in known] == [("FR", ""), ("CL", ""), ("", "")]
