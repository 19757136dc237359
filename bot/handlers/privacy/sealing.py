"""Words from before they were sealed: a slice at a time, once; whoever cries for help waits for no more than that."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import keep_setting, setting
from bot.store.resealing import Reached, seal_next

SEALED = "words_sealed"
"""The setting that says when the last words of before had been sealed."""


def seal_slice(tx: Tx, reached: Reached) -> Reached:
    """The next rows, unless all were gone through on some night before."""
    if tx.keys is None or setting(tx.rows, SEALED) is not None:
        return Reached(())
    return seal_all(tx, reached)


def seal_all(tx: Tx, reached: Reached) -> Reached:
    """The next rows, whatever was done before."""
    reached = seal_next(tx.rows, reached)
    if reached.over:
        keep_setting(tx.rows, SEALED, {"at": tx.now.isoformat()})
    return reached


def everybody(tx: Tx) -> frozenset[int]:
    """Who is there."""
    return frozenset(tx.rows.scalars(select(Person.id)))
