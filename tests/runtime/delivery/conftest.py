"""A post office: the small consortium on a real database, and channels that do as they are told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Executable, select, update

from bot.clock import SimulatedClock
from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.messages import Letter, Outgoing
from bot.domain.programme import Programme
from bot.handlers.say.post import NOTHING, About, post
from bot.runtime.app import App
from bot.store.db import Database, Tx, connect
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address, Person, by_ref
from bot.store.stays import StayRow
from tests.conftest import START, PostgresServer, sqlite_file
from tests.journeys.people import settle_in

LEARNERS, ADULTS = ("lina", "noemie", "jules"), ("nadia", "luc", "yann")


class Postman(Channel):
    """A channel whose outcomes a test lays out: one after the other, then everything arrives."""

    def __init__(self, name: str, *, repeatable: bool = False) -> None:
        self.name = name
        self.repeatable = repeatable
        self.outcomes: list[Outcome | Exception] = []
        self.carried: list[tuple[str, str]] = []

    async def send(self, message: Outgoing) -> Outcome:
        self.carried.append((message.native, message.text))
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def take(self) -> list[tuple[str, str]]:
        """What was handed over since the last look."""
        taken, self.carried = self.carried, []
        return taken


class Office:
    """Messages are put in, time passes, and the rows tell what became of them."""

    def __init__(self, database: Database, clock: SimulatedClock, reader: Engine) -> None:
        self.db, self.clock, self.reader = database, clock, reader
        self.web, self.mail, self.email = Postman("web"), Postman("mail"), Postman("email")
        self.app = App(database, {each.name: each for each in (self.web, self.mail, self.email)})
        self.people: dict[str, int] = dict(self.ask(select(Person.ref, Person.id)))

    def add(self, channel: str, ref: str) -> int:
        """Another confirmed address; the one added last is tried first."""
        return self.db.run(_add, channel, ref)

    def put(self, ref: str, text: str, lane: Lane = Lane.ANSWER, about: About = NOTHING) -> int:
        return self.db.run(_put, self.people[ref], text, lane, about)

    async def deliver(self, **later: float) -> None:
        """Let some time pass, then do all there is to do."""
        self.clock.move_to(self.clock.now() + timedelta(**later))
        await self.app.settle()

    def ask(self, wanted: Executable) -> list[Any]:
        with self.reader.connect() as connection:
            return [tuple(row) for row in connection.execute(wanted)]

    def states(self) -> list[str]:
        return [state for (state,) in self.ask(select(OutboxRow.state).order_by(OutboxRow.id))]


def _move_in(tx: Tx) -> None:
    """The consortium, and a confirmed address of each; only the test writes to the learners."""
    settle_in(tx, LEARNERS)
    tx.rows.flush()
    tx.rows.execute(update(StayRow).values(wake_at=None))
    known = {ref: person for person, ref in tx.rows.execute(select(Person.id, Person.ref))}
    tx.rows.add_all(_address(tx.now, known[ref], "web", ref) for ref in (*LEARNERS, *ADULTS))


def _address(at: datetime, person: int, channel: str, native: str) -> Address:
    return Address(person_id=person, channel=channel, native=native, state="confirmed", created_at=at, used_at=at)


def _add(tx: Tx, channel: str, ref: str) -> int:
    person = by_ref(tx.rows, ref)
    assert person is not None
    known = len(list(tx.rows.scalars(select(Address.id).where(Address.person_id == person.id))))
    tx.rows.add(_address(tx.now + timedelta(seconds=known), person.id, channel, ref))
    return person.id


def _put(tx: Tx, person: int, text: str, lane: Lane, about: About) -> int:
    row = post(tx, person, Letter(text), lane, about)
    tx.rows.flush()
    return row.id


def _moved_in(url: str, programme: Programme) -> None:
    """Into a migrated database."""
    database = Database(url, SimulatedClock(START), programme, durable=False)
    database.run(_move_in)
    database.close()


@pytest.fixture(scope="session")
def moved_in(sqlite_template: Path, programme: Programme) -> Path:
    """The post office before anything is put in, as an SQLite file to copy."""
    return sqlite_file("office", lambda path: _moved_in(f"sqlite:///{shutil.copy(sqlite_template, path)}", programme))


@pytest.fixture
def sqlite_url(moved_in: Path, tmp_path: Path) -> str:
    """Here every database begins so."""
    return f"sqlite:///{shutil.copy(moved_in, tmp_path / 'compagnon.db')}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer, postgres_template: str, programme: Programme) -> str:
    """The same on PostgreSQL."""
    return postgres_server.template("office", lambda url: _moved_in(url, programme), postgres_template)


@pytest.fixture
def office(database: Database, clock: SimulatedClock) -> Iterator[Office]:
    reader = connect(database.engine.url.render_as_string(hide_password=False))
    yield Office(database, clock, reader)
    reader.dispose()
