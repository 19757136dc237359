"""A database full of what was lived moves to PostgreSQL and back, equal to the last row; whatever is wrong is said, and nothing half is left."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Integer,
    LargeBinary,
    Table,
    TypeDecorator,
    insert,
    make_url,
    null,
    select,
    text,
)

from bot.backup import rows
from bot.backup.rows import Sums, last_ids, summed
from bot.domain.programme import Programme
from bot.store.base import Utc
from bot.store.db import connect
from bot.store.lock import alone_in, at_work, sharing
from bot.store.models import Base
from tests.commands.conftest import Say, furnished
from tests.journeys.driver import Journey
from tests.journeys.scenes import looked_after

Fresh = Callable[[], str]
LAST = {"people": 4711}
"""An id that was given to somebody who was erased since: it must not be given to anybody else."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, programme: Programme) -> Path:
    """A mobility with its cry for help, and in every table a row with nothing and one with everything."""
    folder = furnished(tmp_path_factory.mktemp("lived"))
    (folder / "data").mkdir()
    path = Path(shutil.copy(sqlite_template, folder / "data" / "compagnon.db"))
    asyncio.run(live(path, programme))
    engine = connect(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for number, full in ((2_000_000, True), (2_000_001, False)):
            for table in Base.metadata.sorted_tables:
                lying = rows._bare(table, connection.dialect)
                connection.execute(insert(lying).values(made_up(table, number, full=full)))
        rows.keep_last_ids(connection, LAST)
    engine.dispose()
    return folder


async def live(path: Path, programme: Programme) -> None:
    with closing(Journey(path, programme)) as journey:
        await journey.enrol("lina")
        await looked_after(journey, "2027-03-14 18:30")
        await journey.say("lina", "SOS")
        await looked_after(journey, "2027-03-28 12:00")


def made_up(table: Table, number: int, *, full: bool) -> dict[str, Any]:
    """A row with a value in every column, or in those alone that need one. What it names is the row of the same number."""
    return {
        each.name: number if each.name == "id" or each.foreign_keys else _value(each.type, f"{table.name} {number}")
        for each in table.columns
        if full or not each.nullable
    } | {each.name: null() for each in table.columns if each.nullable and not full}


def _value(kind: Any, name: str) -> Any:
    values: dict[type, Any] = {
        Boolean: True,
        Integer: 7,
        Date: date(2027, 3, 28),
        LargeBinary: bytes(range(256)),
        Utc: datetime(2027, 3, 28, 1, 30, 0, 123456),
        JSON: '{"é": [1, 1.50, null, "\\u2028 🙂"],  "b": null, "a": {"deep": false}}',
    }
    if isinstance(kind, TypeDecorator):
        return _value(kind.impl_instance, name) if not isinstance(kind, Utc) else values[Utc]
    enum = getattr(kind, "enum_class", None)
    return str(next(iter(enum))) if enum else values.get(type(kind), f"{name} – “Zoë” \\ ' \t🙂")


@pytest.fixture
def school(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "school"))


@pytest.fixture
def fresh(postgres: Callable[[str | None], str], postgres_template: str) -> Fresh:
    """Makes an empty database of PostgreSQL."""
    return lambda: postgres(postgres_template)


def held(url: str) -> tuple[Sums, dict[str, int]]:
    """What a database holds, and the last ids that it gave."""
    engine = connect(url)
    with engine.connect() as connection:
        found = summed(connection), last_ids(connection)
    engine.dispose()
    return found


def everything(url: str) -> dict[str, list[Any]]:
    """Every row as the application reads it."""
    engine = connect(url)
    with engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return {name: sorted(map(repr, table)) for name, table in found.items()}


def test_everything_that_was_lived_moves_to_postgresql_and_back_to_the_last_row(
    school: Path, say: Say, postgres: Callable[[str | None], str]
) -> None:
    first, second, third = f"sqlite:///{school}/data/compagnon.db", postgres(None), f"sqlite:///{school}/back/again.db"
    before, read = held(first), everything(first)
    ended, told = say(school, "move", "--to", second)
    total = sum(table.rows for table in before[0].values())
    assert ended == 0
    assert f"{total:,} rows in {len(before[0])} tables, read again" in told
    assert [line.split()[0] for line in told.splitlines()[: len(before[0])]] == list(before[0])
    assert held(first) == held(second) == before
    assert everything(second) == read
    assert (before[1]["people"], min(table.rows for table in before[0].values())) == (4711, 2)

    with (school / "config.toml").open("r+") as config:
        written = config.read()
        config.seek(0)
        config.write(f'database_url = "{second}"\n{written}')
    ended, told = say(school, "move", "--to", "sqlite:///back/again.db")
    assert (ended, f"Now write into {school}/config.toml:" in told) == (0, True)
    assert 'database_url = "sqlite:///back/again.db"' in told
    assert (held(third), everything(third)) == (before, read)
    assert {path.stat().st_mode & 0o077 for path in (school / "back").iterdir()} == {0}


def test_an_absent_value_and_the_word_null_stay_two_things(school: Path, say: Say, fresh: Fresh) -> None:
    first, second = f"sqlite:///{school}/data/compagnon.db", fresh()
    engine = connect(first)
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET rendered = NULL WHERE id % 2"))
        connection.execute(text("UPDATE outbox SET rendered = 'null' WHERE NOT id % 2"))
    engine.dispose()
    assert say(school, "move", "--to", second)[0] == 0
    engine = connect(second)
    with engine.connect() as connection:
        told = {
            tuple(row)
            for row in connection.execute(text("SELECT id % 2, rendered IS NULL, rendered::text FROM outbox"))
        }
    engine.dispose()
    assert told == {(1, True, None), (0, False, "null")}


def test_a_target_that_holds_anything_is_refused_and_left_as_it_is(school: Path, say: Say, fresh: Fresh) -> None:
    filled, foreign = fresh(), fresh()
    assert say(school, "move", "--to", filled)[0] == 0
    engine = connect(foreign)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bicycles (colour text)"))
    engine.dispose()
    before = held(filled)

    told = say(school, "move", "--to", filled)
    assert told[0] == 1
    assert told[1].startswith("The new database is not empty, it holds addresses, ")
    assert say(school, "move", "--to", foreign) == (
        1,
        "The new database is not empty, it holds bicycles: nothing was moved. Make an empty one, and move there.\n",
    )
    assert say(school, "move", "--to", "sqlite:///data/compagnon.db") == (
        1,
        "That is the database in use already.\n",
    )
    assert held(filled) == before


def test_while_anybody_is_at_work_here_or_elsewhere_nothing_moves(school: Path, say: Say, fresh: Fresh) -> None:
    url = fresh()
    with at_work(school / "data", "run"):
        ended, told = say(school, "move", "--to", url)
        assert (ended, f'("run", process {os.getpid()}): stop that one first.' in told) == (1, True)
    elsewhere = connect(url)
    with sharing(elsewhere), sharing(elsewhere):
        ended, told = say(school, "move", "--to", url)
    assert (ended, told.startswith("Compagnon is at work in postgresql+psycopg://")) == (1, True)
    assert say(school, "move", "--to", url)[0] == 0
    with alone_in(elsewhere):
        (school / "data" / "secrets").mkdir()
        (school / "data" / "secrets" / "database_url").write_text(url)
        ended, told = say(school, "run")
    elsewhere.dispose()
    assert (ended, told.splitlines()[-1].startswith("The database is being moved")) == (1, True)


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_one_that_falls_in_the_middle_leaves_nothing_and_can_be_done_again(
    school: Path, say: Say, fresh: Fresh, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"sqlite:///{school}/data/compagnon.db"
    target = fresh() if to == "postgresql" else f"sqlite:///{school}/new.db"
    before, copy = held(source), rows._copy

    def falls(table: Table, *both: Any) -> Any:
        if table.name == "outbox":
            raise KeyboardInterrupt
        return copy(table, *both)

    def alters(table: Table, old: Any, new: Any) -> Any:
        found = copy(table, old, new)
        if table.name == "outbox":
            new.execute(text("UPDATE outbox SET lane = lane + 1 WHERE id = (SELECT min(id) FROM outbox)"))
        return found

    for act, said in ((falls, (130, "")), (alters, (1, "What was written is not what was read, in outbox. Nothing was moved.\n"))):  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(rows, "_copy", act)
            assert say(school, "move", "--to", target) == said
        assert (held(source), list(school.glob("new.db*"))) == (before, [])
    assert say(school, "move", "--to", target)[0] == 0
    assert held(target) == before


def test_what_postgresql_cannot_hold_is_said_and_nothing_is_moved(school: Path, say: Say, fresh: Fresh) -> None:
    engine, url = connect(f"sqlite:///{school}/data/compagnon.db"), fresh()
    with engine.begin() as connection:
        connection.execute(text("UPDATE people SET last_name = 'Mar' || char(0) || 'tin'"))
    engine.dispose()
    ended, told = say(school, "move", "--to", url)
    assert (ended, told.startswith("Nothing was moved: ")) == (1, True)
    assert sum(table.rows for table in held(url)[0].values()) == 0


def test_a_place_that_cannot_be_reached_is_one_sentence(school: Path, say: Say) -> None:
    ended, told = say(school, "move", "--to", "postgresql://us:hush@127.0.0.1:9/nowhere")
    assert (ended, told.count("\n"), "hush" in told) == (1, 1, False)
    assert told.startswith("postgresql+psycopg://us:***@127.0.0.1:9/nowhere does not answer: ")
    assert say(school, "move", "--to", "nonsense") == (
        1,
        "database_url: this is no address of a database; write sqlite:///file.db or postgresql://user:password@host/name\n",
    )
    (school / "data" / "compagnon.db").rename(school / "elsewhere.db")
    assert say(school, "move", "--to", "sqlite:///new.db") == (
        1,
        f"There is no database yet at {school}/data/compagnon.db, so there is nothing to move.\n",
    )


@pytest.mark.parametrize("place", ["variable", "secret", "password"])
def test_where_the_address_goes_is_where_it_stands_now_and_a_password_is_not_shown(
    school: Path, say: Say, fresh: Fresh, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, secret = f"sqlite:///{school}/data/compagnon.db", school / "data" / "secrets" / "database_url"
    url = make_url(fresh()).set(password="hush")
    if place == "variable":
        monkeypatch.setenv("COMPAGNON_DATABASE_URL", here)
    elif place == "secret":
        secret.parent.mkdir()
        secret.write_text(here)
    ended, told = say(school, "move", "--to", url.render_as_string(hide_password=False))
    assert (ended, "hush" in told) == (0, False)
    wanted = "Now set the variable COMPAGNON_DATABASE_URL to: " if place == "variable" else f"Now write the whole address into {secret}, "  # fmt: skip
    assert wanted in told


def test_sums_are_of_what_is_there_and_of_nothing_else() -> None:
    one, other = ("a", 1, None), ("b", 2, datetime(2027, 3, 28))
    empty = rows.Sum()
    assert empty + one + other == empty + other + one
    assert (empty + one + one).total != (empty + one).total
    assert json.loads(json.dumps(str(empty + one))) == str(empty + one)
