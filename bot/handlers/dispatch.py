"""One stored update: who sent it, what it is, whose handler it goes to. All in one commit with its inbox mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.domain.channel import read_plain
from bot.domain.messages import Courtesy, Incoming, Sort
from bot.domain.person import Role
from bot.domain.sos import is_sos
from bot.handlers.case import sign_of_life
from bot.handlers.distress import listen
from bot.handlers.gone import back, left
from bot.handlers.message import hear
from bot.handlers.parent import hear_parent
from bot.handlers.revise import answer_to, revise
from bot.handlers.stranger import meet, wait_on
from bot.handlers.take_back import take_back
from bot.handlers.tap import press_for, tap
from bot.handlers.unread import unread
from bot.handlers.upload import hand_in
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Address, Person, address_at
from bot.store.stays import current_stay

SIGNS = frozenset({Sort.TAPPED, Sort.NODDED, Sort.UNDONE})
"""What people do with a message rather than say."""
Reader = Callable[[str, dict[str, Any]], Incoming]


def dispatch(tx: Tx, number: int, readers: Mapping[str, Reader]) -> tuple[Courtesy, ...]:
    """Handle one row of the inbox. `readers` takes each channel's own shape off. Returns what to say to strangers.

    Raises:
        Unreadable: the raw update has no known shape; the caller quarantines it.
    """
    row = tx.rows.get(InboxRow, number, with_for_update=True)
    if row is None or row.state != "new":
        return ()
    incoming = readers.get(row.channel, partial(read_plain, row.channel))(row.native, row.raw)
    row.state, row.raw = "handled", {}  # from here on nothing is kept but what its handler keeps
    if incoming.sort is Sort.ELSEWHERE:
        row.problem = "no private conversation"
        return ()
    address = address_at(tx.rows, row.channel, incoming.address)
    if address is not None and address.state == "left" and incoming.sort is not Sort.LEFT:
        back(tx, address)
    if address is None or address.state != "confirmed":
        row.problem = "sender not confirmed"
        return _from_unconfirmed(tx, address, incoming)
    _from_person(tx, row, address, incoming)
    return ()


def _from_unconfirmed(tx: Tx, address: Address | None, incoming: Incoming) -> tuple[Courtesy, ...]:
    if incoming.sort in {Sort.LEFT, *SIGNS}:
        return ()
    return wait_on(tx, address, incoming) if address and address.state == "pending" else meet(tx, incoming)


def _from_person(tx: Tx, row: InboxRow, address: Address, incoming: Incoming) -> None:
    person = tx.rows.get_one(Person, address.person_id)
    row.person_id = person.id
    if incoming.sort is Sort.LEFT:
        return left(tx, address)
    if incoming.sort is not Sort.UNSURE:
        address.used_at = person.last_sign_at = tx.now
    _try_again_now(tx, person)
    row.message = incoming.message or None
    cry = incoming.sort is not Sort.FORWARD and bool(incoming.text) and is_sos(incoming.text, tx.programme.sos.words)
    if cry:
        incoming = replace(incoming, sort=Sort.SAID, edited=False, file=None, reply_to="", thread="")  # however it came
    if person.holds(Role.PARENT) and not incoming.token and incoming.sort not in SIGNS:
        hear_parent(tx, person, incoming)
        row.shown = incoming.text or None
        return None
    listens = incoming.sort in {Sort.SAID, Sort.UNSURE} and not incoming.token and not cry
    worry = listen(tx, person, incoming, row) if listens else None
    match incoming:
        case Incoming(sort=Sort.BACK):
            _alive(tx, person)
        case Incoming(sort=Sort.FORWARD | Sort.OTHER | Sort.SEALED | Sort.UNSURE):
            unread(tx, person, incoming.sort)
        case Incoming(sort=Sort.UNDONE):
            take_back(tx, person, row.channel, incoming)
        case Incoming(sort=Sort.TAPPED) if tap(tx, row, address, person, incoming):
            pass
        case Incoming(sort=Sort.TAPPED | Sort.NODDED):
            _alive(tx, person)
        case Incoming(token=token) if token:
            press_for(tx, row, person, token)
        case Incoming(edited=True):
            revise(tx, person, row.channel, incoming)
        case Incoming(file=file) if file is not None:
            hand_in(tx, person, incoming)
        case Incoming() if (incoming.reply_to or incoming.thread) and answer_to(tx, row, address, person, incoming):
            row.shown = incoming.text
        case _:
            hear(tx, person, incoming.text, row, worry)
            row.shown = incoming.text
    return None


def _alive(tx: Tx, person: Person) -> None:
    stay = current_stay(tx.rows, person.id)
    if stay is not None:
        sign_of_life(tx, stay)


def _try_again_now(tx: Tx, person: Person) -> None:
    """Whoever writes can be reached: what waits for another try goes now, and their answer right behind it."""
    wanted = select(OutboxRow).where(OutboxRow.person_id == person.id, OutboxRow.state == "pending")
    for row in tx.rows.scalars(wanted.where(OutboxRow.attempts > 0, OutboxRow.due_at > tx.now)):
        row.due_at = tx.now
