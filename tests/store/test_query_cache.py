"""What outlasts a transaction is what a look into the database would find, whoever wrote what meanwhile, and however."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text

from bot.handlers.say.facts import coordinator_for, on_call_of
from bot.store import query_cache
from bot.store.cases import kept_from, left_out, left_out_of
from bot.store.db import Database, Tx
from bot.store.outages import every_spell, spells_by_channel
from bot.store.people import School, consortium_of
from bot.store.query_cache import KEPT, QueryCache, written_by
from bot.store.records import setting
from bot.store.stays import StayRow
from bot.store.team import team
from tests.properties import tried
from tests.store.lot_of_writes import NOW, WRITES, newcomer, shows_up

SCHOOLS, PEOPLE = 3, 8


def answers(tx: Tx) -> list[Any]:
    """All that may outlast a transaction."""
    rows, everybody = tx.rows, range(1, 60)
    with rows.no_autoflush:
        schools = list(rows.scalars(select(School).order_by(School.id)))
    stay = StayRow(school_id=schools[1].id, person_id=2)
    return [
        sorted(team(rows), key=lambda each: each.person),
        sorted(team(rows, answering=True), key=lambda each: each.person),
        consortium_of(rows),
        coordinator_for(tx, stay),
        [on_call_of(tx, each) for each in schools],
        [left_out(rows, each) for each in everybody],
        left_out_of(rows, everybody),
        [kept_from(rows, each) for each in everybody],
        sorted((spell.since, spell.until) for spell in every_spell(rows, NOW + timedelta(days=9))),
        spells_by_channel(rows, NOW, NOW + timedelta(days=9)),
        [setting(rows, name) for name in "ab"],
    ]


def compare(tx: Tx) -> None:
    """With the same questions, asked of the database. The second ones come after whatever was written for the first."""
    found = answers(tx)
    known, tx.rows.info[KEPT] = tx.rows.info[KEPT], QueryCache()
    tx.rows.flush()
    assert found == answers(tx)
    tx.rows.info[KEPT] = known


class Undone(Exception):
    pass


class World:
    """A database, and whoever writes into it."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db, self.lot = db, random.Random(seed)
        self.path = Path(db.engine.url.database or "")
        self.other = Database(f"sqlite:///{self.path}", db.clock, db.programme, durable=False)
        self.before = self.path.with_suffix(".before")
        self.other.run(self.settle)
        self.saves()

    def settle(self, tx: Tx) -> None:
        tx.rows.add_all([School(ref=f"s{each}" if each else "", name=f"School {each}") for each in range(SCHOOLS)])
        tx.rows.flush()
        for _ in range(PEOPLE):
            newcomer(tx.rows, self.lot)

    def write(self, tx: Tx) -> None:
        for write in self.lot.choices(WRITES, k=self.lot.randrange(1, 4)):
            with tx.rows.no_autoflush if self.lot.randrange(2) else nullcontext():
                write(tx.rows, self.lot)

    def looks(self) -> None:
        self.db.run(compare)

    def writes(self) -> None:
        def act(tx: Tx) -> None:
            if self.lot.randrange(2):
                compare(tx)
            self.write(tx)
            compare(tx)

        self.db.run(act)

    def writes_for_nothing(self) -> None:
        def act(tx: Tx) -> None:
            self.write(tx)
            compare(tx)
            raise Undone

        with suppress(Undone):
            self.db.run(act)

    def writes_in_part_for_nothing(self) -> None:
        def act(tx: Tx) -> None:
            self.write(tx)
            attempt = tx.rows.begin_nested()
            self.write(tx)
            compare(tx)
            attempt.rollback()
            compare(tx)

        self.db.run(act)

    def another_writes(self) -> None:
        self.other.run(self.write)

    def somebody_writes_past_sessions(self) -> None:
        with self.db.engine.begin() as connection:
            connection.execute(text("UPDATE schools SET on_call_phone = '+33 3 33 33 33 33' WHERE ref = ''"))
            connection.execute(text("DELETE FROM left_out WHERE id % 2 = 0"))

    def saves(self) -> None:
        self.close()
        shutil.copy(self.path, self.before)

    def is_restored(self) -> None:
        self.close()
        shutil.copy(self.before, self.before.with_suffix(".copy"))
        os.replace(self.before.with_suffix(".copy"), self.path)

    def close(self) -> None:
        for each in (self.db, self.other):
            each.put_on_disk()
            each.engine.dispose()


def play(db: Database, seed: int, steps: int = 60) -> None:
    world = World(db, seed)
    kinds: list[Callable[[], None]] = [
        world.looks, world.writes, world.writes_for_nothing, world.writes_in_part_for_nothing, world.another_writes,
        world.somebody_writes_past_sessions, world.saves, world.is_restored,
    ]  # fmt: skip
    try:
        for act in world.lot.choices(kinds, weights=(8, 4, 4, 3, 4, 1, 1, 1), k=steps):
            act()
            world.looks()
    finally:
        world.other.close()


@pytest.mark.parametrize("seed", range(tried(2, 40)))
def test_whoever_writes_what_a_decision_reads_what_stands_there(quick_database: Database, seed: int) -> None:
    play(quick_database, seed)


@pytest.mark.parametrize(
    ("where", "name", "fault"),
    [
        pytest.param(query_cache, "_version", lambda _connection: 1, id="another connection has committed"),
        pytest.param(query_cache, "written_by", lambda _statement: frozenset(), id="a statement of ours writes"),
        pytest.param(
            QueryCache, "_written", property(lambda _self: set(), lambda _self, _new: None), id="not committed yet"
        ),
    ],
)
def test_without_one_of_the_rules_it_would_not(
    quick_database: Database, monkeypatch: pytest.MonkeyPatch, where: object, name: str, fault: object
) -> None:
    monkeypatch.setattr(where, name, fault, raising=False)

    with pytest.raises(AssertionError):
        play(quick_database, 0, steps=1000)


def test_a_decision_does_not_ask_again_what_stands(quick_database: Database) -> None:
    world, asked = World(quick_database, 1), list[str]()
    quick_database.run(answers)
    event.listen(quick_database.engine, "before_cursor_execute", lambda *what: asked.append(what[2].split("\n")[0]))
    quick_database.run(answers)
    quick_database.run(lambda tx: shows_up(tx.rows, world.lot))
    asked.clear()
    quick_database.run(answers)
    world.other.close()

    assert [each.split(",")[0] for each in asked] == ["SELECT schools.id"]


def test_on_postgresql_and_for_who_only_looks_nothing_lasts(database: Database) -> None:
    def looks(tx: Tx) -> int:
        before = len(asked)
        consortium_of(tx.rows)
        consortium_of(tx.rows)
        return len(asked) - before

    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    first, second = database.run(looks), database.run(looks)

    assert (first, second) == (1, 0 if database.engine.dialect.name == "sqlite" else 1)


@pytest.mark.parametrize(
    ("statement", "parts"),
    [
        ("INSERT INTO left_out (a) VALUES (?)", {"left_out"}),
        ("UPDATE people SET last_sign_at=?, wake_at=? WHERE people.id = ?", {"people.last_sign_at", "people.wake_at"}),
        ('UPDATE leaves SET "first"=?\nWHERE id = ?', {"leaves.first"}),
        ("UPDATE people SET a=(SELECT b FROM c WHERE d = 1), e=?", {"people"}),
        ("UPDATE people SET a='x WHERE y', b=?", {"people"}),
        ("UPDATE people AS p SET a=?", {"people"}),
        ("DELETE FROM leaves WHERE leaves.id = ?", {"leaves"}),
        ("INSERT OR REPLACE INTO people VALUES (1)", {"*"}),
        ("ROLLBACK TO SAVEPOINT sa_savepoint_1", {"*"}),
        ("WITH a AS (SELECT 1) DELETE FROM people", {"*"}),
    ],
)
def test_a_statement_says_what_it_writes(statement: str, parts: set[str]) -> None:
    assert written_by(statement) == parts


def test_what_goes_takes_others_with_it() -> None:
    assert {"people", "roles", "leaves", "addresses", "left_out", "stays", "cases"} < written_by("DELETE FROM people")
