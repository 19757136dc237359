"""What the tests of rights begin with: an address of ours, and somebody by their reference."""

from __future__ import annotations

from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.records import keep_setting

URL = "https://compagnon.example.org"


def person(tx: Tx, ref: str) -> Person:
    found = by_ref(tx.rows, ref)
    assert found is not None
    return found


def at_home(tx: Tx) -> None:
    keep_setting(tx.rows, "web_address", {"url": URL})
