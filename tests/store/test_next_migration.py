"""The migration that comes next: whatever it does or fails to do, no row is lost."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bot.clock import SimulatedClock
from bot.domain.programme import Programme
from bot.store import migrate
from bot.store.db import Database, connect
from bot.store.models import Person, School, StayRow
from tests.store.conftest import one_stay

HEAD = migrate.known()[-1]


@pytest.fixture
def future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, to which a test adds the next one."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    return folder


def add_next(folder: Path, body: str) -> None:
    head = f'from alembic import op\nimport sqlalchemy as sa\nrevision = "9000"\ndown_revision = "{HEAD}"\n'
    down = (
        'def downgrade():\n    with op.batch_alter_table("people") as people:\n        people.drop_column("pronoun")\n'
    )
    up = f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    (folder / "versions" / "9000_next.py").write_text(head + up + down)


def learners(engine: Engine) -> list[tuple[str, str, str]]:
    wanted = select(Person.ref, School.ref, StayRow.city).join(StayRow, StayRow.person_id == Person.id).join(School)
    with Session(engine) as rows:
        return [(person, school, city) for person, school, city in rows.execute(wanted)]


def fill(engine: Engine, clock: SimulatedClock, programme: Programme) -> None:
    database = Database(engine.url.render_as_string(hide_password=False), clock, programme)
    database.run(one_stay)
    database.close()


def test_a_current_database_is_left_alone(migrated: Engine, clock: SimulatedClock, programme: Programme) -> None:
    fill(migrated, clock, programme)

    migrate.upgrade(migrated)

    assert learners(migrated) == [("camille", "lycee", "Bergen")]


def test_changing_a_table_keeps_its_rows_and_their_children(
    migrated: Engine, clock: SimulatedClock, programme: Programme, future: Path
) -> None:
    fill(migrated, clock, programme)
    add_next(
        future,
        """
        with op.batch_alter_table("people") as people:
            people.add_column(sa.Column("pronoun", sa.String(), nullable=True))
            people.alter_column("language", server_default="fr")
        """,
    )

    migrate.upgrade(migrated)
    there = (migrate.current(migrated), learners(migrated))
    migrate.downgrade(migrated, HEAD)

    assert there == ("9000", [("camille", "lycee", "Bergen")])
    assert learners(migrated) == [("camille", "lycee", "Bergen")]
    assert migrate.check(migrated) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(migrated: Engine, future: Path) -> None:
    add_next(
        future,
        """
        op.add_column("people", sa.Column("pronoun", sa.String(), nullable=True))
        raise LookupError("no such code")
        """,
    )

    with pytest.raises(LookupError, match="no such code"):
        migrate.upgrade(migrated)

    assert migrate.current(migrated) == HEAD
    assert migrate.check(migrated) == []


def test_a_migration_that_orphans_rows_is_undone_on_sqlite(
    sqlite_url: str, clock: SimulatedClock, programme: Programme, future: Path
) -> None:
    engine = connect(sqlite_url)
    fill(engine, clock, programme)
    add_next(future, """op.execute("DELETE FROM people")""")

    with pytest.raises(migrate.MigrationError, match=r"without their parents in stays: undone\.$"):
        migrate.upgrade(engine)

    assert learners(engine) == [("camille", "lycee", "Bergen")]
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()
