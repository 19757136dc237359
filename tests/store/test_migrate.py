"""Migrations: up from nothing, down again, and a newer database is refused."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Constraint, Engine, Index, MetaData, PrimaryKeyConstraint, inspect, text

from bot.store import migrate
from bot.store.models import Base

HEAD = migrate.known()[-1]


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_an_empty_database_gets_every_table(engine: Engine) -> None:
    migrate.upgrade(engine)

    assert tables(engine) == {*Base.metadata.tables, "alembic_version"}
    assert migrate.current(engine) == HEAD


def test_the_migrations_and_the_models_say_the_same(migrated: Engine) -> None:
    assert migrate.check(migrated) == []


def test_a_difference_is_told_in_a_line(migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.execute(text("ALTER TABLE guardians DROP COLUMN phone"))
        connection.execute(text("CREATE TABLE strangers (id INTEGER PRIMARY KEY)"))
        connection.execute(text("DROP INDEX ix_people_wake_at"))

    assert sorted(migrate.check(migrated)) == [
        "add_column guardians phone",
        "add_index people ix_people_wake_at",
        "remove_table strangers",
    ]


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    migrate.downgrade(engine, migrate.BASE)
    left = tables(engine)
    migrate.upgrade(engine)

    assert left == {"alembic_version"}
    assert tables(engine) == {*Base.metadata.tables, "alembic_version"}
    assert migrate.check(engine) == []


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(migrate.MigrationError) as refusal:
        migrate.upgrade(migrated)

    assert str(refusal.value) == (
        "This database was last used by a newer Compagnon: it is at revision 9999, and this version knows "
        f"revisions up to {HEAD}. Start that newer version, or restore a backup made before it."
    )


def test_a_database_of_a_newer_version_is_not_taken_back(migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(migrate.MigrationError, match="newer Compagnon"):
        migrate.downgrade(migrated, migrate.BASE)


def test_the_revisions_are_numbered_in_one_line() -> None:
    script = ScriptDirectory(str(migrate.MIGRATIONS))

    assert [revision.revision for revision in script.walk_revisions()][::-1] == migrate.known()
    assert migrate.known() == [f"{number:04}" for number in range(1, len(migrate.known()) + 1)]


def test_every_index_and_constraint_has_a_name(migrated: Engine) -> None:
    found = MetaData()
    found.reflect(migrated)

    parts: list[Index | Constraint] = []
    for table in found.tables.values():
        parts += [*table.indexes, *table.constraints]

    assert [part for part in parts if part.name is None and not isinstance(part, PrimaryKeyConstraint)] == []
