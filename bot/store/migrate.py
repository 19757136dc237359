"""Migrations: every start brings the database up to date, in one transaction.

Revisions are numbered files in `migrations/versions`, in one line without branches. Alembic itself is
imported only when there is something to do: a start on a current database costs one query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Engine, inspect, text

from bot.i18n import _, say
from bot.store.models import Base

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
BASE = "base"
HEAD = "head"
_LOCK = 0x434F4D50
"""PostgreSQL: the advisory lock that makes replicas which start together migrate one after the other."""


class MigrationError(Exception):
    """The database cannot be used with this version of Compagnon; the sentence says why and what to do."""


def known() -> list[str]:
    """The revisions this version of Compagnon knows, the first one first."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _newest() -> str | None:
    return max(known(), default=None)


def current(engine: Engine) -> str | None:
    """The revision of the database; None for an empty one."""
    with engine.connect() as connection:
        return _revision(connection)


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring the database up to a revision, the newest by default; a current one is left alone.

    Raises:
        MigrationError: a newer Compagnon has migrated this database, or rows would be orphaned.
    """
    present = current(engine)
    _refuse_unknown(present)
    if present != (_newest() if revision == HEAD else revision):
        _run(engine, "upgrade", revision)


def require_current(engine: Engine) -> None:
    """For what reads a database without changing it.

    Raises:
        MigrationError: it is of another Compagnon.
    """
    present = current(engine)
    _refuse_unknown(present)
    if present != _newest():
        raise MigrationError(
            say(_("This database is of an older Compagnon: start this one once, and it brings it up to date."))
        )


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an older revision, or to `base`, which drops everything.

    Raises:
        MigrationError: this version of Compagnon does not know the database's revision.
    """
    _run(engine, "downgrade", revision)


def check(engine: Engine) -> list[str]:
    """What the models say and the database lacks, or the other way round: one line each."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return [_line(difference) for difference in found]


def write(engine: Engine, name: str) -> Path:
    """Write the next revision from the difference between a current database and the models; read it before use."""
    from alembic import command

    with _migrating(engine) as connection:
        number = f"{len(known()) + 1:04}"
        made = command.revision(_config(connection), name, autogenerate=True, rev_id=number)
    if made is None or isinstance(made, list):
        raise MigrationError(say(_("Alembic wrote no revision.")))
    path = Path(made.path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.strip().startswith("# ###")))
    return path


def _run(engine: Engine, direction: str, revision: str) -> None:
    from alembic import command

    with _migrating(engine) as connection:
        _refuse_unknown(_revision(connection))
        getattr(command, direction)(_config(connection), revision)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    number: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return number


def _refuse_unknown(revision: str | None) -> None:
    if revision is not None and revision not in known():
        raise MigrationError(
            say(
                _(
                    "This database was last used by a newer Compagnon: it is at revision {revision}, and this version knows revisions up to {newest}. Start that newer version, or restore a backup made before it."
                ),
                revision=revision,
                newest=_newest(),
            )
        )


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction for all of it: whatever fails leaves the database as it was.

    SQLite changes a table by copying and dropping it. With foreign keys on, dropping would delete the
    children, so they are off meanwhile (outside a transaction: inside, the pragma does nothing) and
    checked before the commit.
    """
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection
                _refuse_orphans(connection)
        finally:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    tables = sorted({row[0] for row in connection.execute(text("PRAGMA foreign_key_check"))})
    if tables:
        raise MigrationError(
            say(
                _("The migration would leave rows without their parents in {tables}: undone."), tables=", ".join(tables)
            )
        )


def _line(difference: Any) -> str:
    """One difference in words: `add_column people phone`."""
    if isinstance(difference, list):
        return "; ".join(_line(part) for part in difference)
    operation, *parts = difference
    return " ".join([operation, *(_name(part) for part in parts if part is not None and not isinstance(part, dict))])


def _name(part: Any) -> str:
    name = str(getattr(part, "name", None) or part)
    table = None if isinstance(part, Column) else getattr(part, "table", None)
    return name if table is None else f"{table.name} {name}"
