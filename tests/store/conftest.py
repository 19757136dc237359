"""An empty database, one learner with one stay, and a way to queue messages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.store import migrate
from bot.store.db import Database, Tx, connect
from bot.store.messages import Lane, OutboxRow
from bot.store.models import Person, School
from tests.conftest import PostgresServer, sqlite_file
from tests.migrated import really
from tests.rows import in_bergen

Queue = Callable[..., int]
Stage = Callable[[Engine], None]


def one_stay(tx: Tx) -> int:
    """Write a school, a learner and a stay; answers the stay's id."""
    school = School(ref="lycee", name="Lycée Jean Monnet")
    learner = Person(ref="camille", first_name="Camille", last_name="Martin", school=school)
    stay = in_bergen(learner, school)
    tx.rows.add(stay)
    tx.rows.flush()
    return stay.id


@pytest.fixture
def engine(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on a database without any table; what migrates it does so step by step."""
    yield from _step_by_step(empty_url, monkeypatch)


@pytest.fixture
def migrated(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on a database that was brought up to date, and copied; what migrates it further does so step by step."""
    yield from _step_by_step(database_url, monkeypatch)


def _step_by_step(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(migrate, "_run", really)
    made = connect(url)
    yield made
    made.dispose()


@pytest.fixture
def at(
    dialect: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[Stage], Engine]]:
    """`at(stage)` is an engine on a copy of a database that was empty and was brought to that stage, once a run."""
    monkeypatch.setattr(migrate, "_run", really)
    engines: list[Engine] = []

    def copied(stage: Stage) -> Engine:
        name = f"{stage.__module__}.{stage.__qualname__}"
        if dialect == "sqlite":
            whole = sqlite_file(name, lambda path: brought(f"sqlite:///{path}", stage))
            url = f"sqlite:///{shutil.copy(whole, tmp_path_factory.mktemp('at') / 'copy.db')}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = request.getfixturevalue("postgres")(server.template(name, lambda url: brought(url, stage)))
        engines.append(connect(url))
        return engines[-1]

    def brought(url: str, stage: Stage) -> None:
        engine = connect(url)
        stage(engine)
        engine.dispose()

    yield copied
    for engine in engines:
        engine.dispose()


@pytest.fixture
def stay_id(database: Database) -> int:
    """The id of the one stay in the database."""
    return database.run(one_stay)


@pytest.fixture
def queue(database: Database) -> Queue:
    """Queue a message for a person (made when new); answers its id. `later` is minutes from now."""

    def write(
        tx: Tx, to: str, lane: Lane = Lane.PROMPT, state: str = "pending", later: int = 0, attempts: int = 0
    ) -> int:
        person = tx.rows.query(Person).filter_by(ref=to).one_or_none()
        person = person or Person(ref=to, first_name=to, last_name="")
        tx.rows.add(person)
        tx.rows.flush()
        due = tx.now + timedelta(minutes=later)
        row = OutboxRow(person_id=person.id, lane=lane, state=state, message={}, created_at=tx.now, due_at=due)
        row.attempts = attempts
        tx.rows.add(row)
        tx.rows.flush()
        return row.id

    return lambda *args, **options: database.run(write, *args, **options)
