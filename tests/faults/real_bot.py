"""`python -m bot` as it is run for real: in a folder with a configuration and a database, as a process that may be killed."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

from bot.__main__ import main
from bot.clock import SystemClock
from bot.store.db import Database, Tx
from bot.store.keys import key_ring
from bot.store.migrate import upgrade
from bot.store.people import Address, Person
from tests.conftest import ROOT
from tests.example import example
from tests.faults.forked import Forked

CONFIG = """programme = "{root}/programme.example.toml"
data_dir = "data"
[web]
port = {port}
"""


def prepare(folder: Path, channel: str) -> Database:
    """A folder to run in. `channel` is the part of the configuration that says where the platform is."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    (folder / "config.toml").write_text(CONFIG.format(root=ROOT, port=port) + channel, encoding="utf-8")
    programme = example()
    db = Database(
        f"sqlite:///{folder / 'data' / 'compagnon.db'}",
        SystemClock(),
        programme,
        keys=key_ring(folder / "data" / "keys"),
    )
    upgrade(db.engine)
    return db


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
