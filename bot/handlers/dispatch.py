"""One stored update: who sent it, what it is, whose handler it goes to. All in one commit with its inbox mark."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Incoming
from bot.handlers.message import hear
from bot.handlers.press import press
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Address, Person

LONGEST = 4000
"""Longer messages are cut: enough for a page of text, too little to fill a disk."""


class Unreadable(Exception):
    """The update has no shape that we know."""


def dispatch(tx: Tx, number: int) -> None:
    """Handle one row of the inbox.

    Raises:
        Unreadable: the raw update has no known shape; the caller quarantines it.
    """
    row = tx.rows.get(InboxRow, number, with_for_update=True)
    if row is None or row.state != "new":
        return
    incoming = read(row)
    row.state, row.raw = "handled", {}
    wanted = select(Address).where(Address.channel == row.channel, Address.native == incoming.address)
    address = tx.rows.scalar(wanted)
    if address is None or address.state != "confirmed":
        row.problem = "sender not confirmed"
        return
    person = tx.rows.get_one(Person, address.person_id)
    address.used_at = person.last_sign_at = tx.now
    row.person_id = person.id
    if incoming.token:
        row.shown = press(tx, person, incoming.token)
    else:
        row.shown = incoming.text
        hear(tx, person, incoming.text)


def read(row: InboxRow) -> Incoming:
    """The update as every channel stores it once its own shape is taken off."""
    raw = row.raw
    if not isinstance(raw.get("address"), str) or not isinstance(raw.get("text", ""), str):
        raise Unreadable("no sender, or words that are no text")
    text = raw.get("text", "").replace("\x00", "").strip()[:LONGEST]
    token = raw.get("token", "")
    if not isinstance(token, str) or not (text or token):
        raise Unreadable("neither words nor a button")
    return Incoming(row.channel, raw["address"], row.native, text, token)
