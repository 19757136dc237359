"""`python -m bot` as it is run for real: in a folder with a configuration and a database, as a process that may be killed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bot.__main__ import main
from bot.clock import Clock, SystemClock
from bot.store.db import Database, Tx
from bot.store.keys import key_ring
from bot.store.migrate import upgrade
from bot.store.people import Address, Person
from tests.conftest import ROOT
from tests.example import example
from tests.faults.forked import Forked
from tests.faults.unwell import live
from tests.ports import free_port

CONFIG = """programme = "{root}/programme.example.toml"
data_dir = "data"
[web]
port = {port}
"""


def prepare(folder: Path, channel: str, clock: Clock | None = None) -> Database:
    """A folder to run in. `channel` is the part of the configuration that says where the platform is."""
    (folder / "config.toml").write_text(CONFIG.format(root=ROOT, port=free_port()) + channel, encoding="utf-8")
    url, keys = f"sqlite:///{folder / 'data' / 'compagnon.db'}", key_ring(folder / "data" / "keys")
    db = Database(url, clock or SystemClock(), example(), keys=keys)
    upgrade(db.engine)
    return db


def port_of(folder: Path) -> int:
    """Where its web server listens."""
    port: int = tomllib.loads((folder / "config.toml").read_text("utf-8"))["web"]["port"]
    return port


def know(tx: Tx, name: str, channel: str, native: str) -> int:
    """Somebody whom the bot reaches at once; answers their id."""
    person = Person(ref=name.lower(), first_name=name, last_name="", language="en")
    tx.rows.add(person)
    tx.rows.flush()
    where = {"person_id": person.id, "channel": channel, "native": native, "state": "confirmed"}
    tx.rows.add(Address(**where, created_at=tx.now, used_at=tx.now))
    return person.id


def start(folder: Path, *words: str, log: Path | None = None) -> Forked:
    """`python -m bot`, with these words."""
    return Forked(main, [*words, "--config", str(folder / "config.toml")], log=log)


def start_unwell(folder: Path, *words: str, log: Path | None = None) -> Forked:
    """The same on a machine that may become unwell."""
    return Forked(live, str(folder), [*words, "--config", str(folder / "config.toml")], log=log)
