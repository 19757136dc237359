"""One stored update: who sent it, what it is, whose handler it goes to. All in one commit with its inbox mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.channel import read_plain
from bot.domain.messages import Incoming
from bot.domain.sos import is_sos
from bot.handlers.message import hear
from bot.handlers.press import press
from bot.handlers.sos import alarm
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Address, Person
from bot.store.stays import last_stay

Reader = Callable[[str, dict[str, Any]], Incoming]
_ADDRESS = select(Address).where(Address.channel == bindparam("channel"), Address.native == bindparam("native"))


def dispatch(tx: Tx, number: int, readers: Mapping[str, Reader]) -> None:
    """Handle one row of the inbox. `readers` takes each channel's own shape off.

    Raises:
        Unreadable: the raw update has no known shape; the caller quarantines it.
    """
    row = tx.rows.get(InboxRow, number, with_for_update=True)
    if row is None or row.state != "new":
        return None
    incoming = readers.get(row.channel, partial(read_plain, row.channel))(row.native, row.raw)
    address = tx.rows.scalar(_ADDRESS, {"channel": row.channel, "native": incoming.address})
    if address is None or address.state != "confirmed":
        row.state, row.raw, row.problem = "handled", {}, "sender not confirmed"
        return _from_unconfirmed(tx, address, incoming) if address else None
    person = tx.rows.get_one(Person, address.person_id)
    address.used_at = person.last_sign_at = tx.now
    _try_again_now(tx, person)
    shown = press(tx, person, incoming.token) if incoming.token else incoming.text
    if not incoming.token:
        hear(tx, person, incoming.text)
    row.state, row.raw, row.person_id, row.shown = "handled", {}, person.id, shown
    return None


def _try_again_now(tx: Tx, person: Person) -> None:
    """Whoever writes can be reached: what waits for another try goes now, and their answer right behind it."""
    wanted = select(OutboxRow).where(OutboxRow.person_id == person.id, OutboxRow.state == "pending")
    for row in tx.rows.scalars(wanted.where(OutboxRow.attempts > 0, OutboxRow.due_at > tx.now)):
        row.due_at = tx.now


def _from_unconfirmed(tx: Tx, address: Address, incoming: Incoming) -> None:
    """Nothing is shown to a device that nobody has confirmed yet. A cry for help from it reaches the adults all the same."""
    stay = last_stay(tx.rows, address.person_id)
    if address.state == "pending" and stay is not None and is_sos(incoming.text, tx.programme.sos.words):
        alarm(tx, stay)
