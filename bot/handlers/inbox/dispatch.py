"""One stored update: who sent it, what it is, whose handler it goes to. All in one commit with its inbox mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.domain.channel import read_plain
from bot.domain.messages import Courtesy, Incoming, Letter, Sort
from bot.domain.person import Role
from bot.domain.sos import is_sos
from bot.handlers.case.case import sign_of_life
from bot.handlers.case.distress import listen
from bot.handlers.conversation.files import hand_in
from bot.handlers.inbox.edits import answer_to, revise
from bot.handlers.inbox.parents import hear_parent
from bot.handlers.inbox.presses import press_for, tap
from bot.handlers.inbox.retractions import take_back
from bot.handlers.inbox.strangers import meet, wait_on
from bot.handlers.inbox.unreadable import unread
from bot.handlers.inbox.words import hear
from bot.handlers.people.addresses import back, left
from bot.handlers.say.post import post_everywhere
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Address, Person, address_at, team
from bot.store.stays import current_stay

SIGNS = frozenset({Sort.TAPPED, Sort.NODDED, Sort.UNDONE})
"""What people do with a message rather than say."""
LAST_RESORT = (Role.ON_CALL, Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.CONSORTIUM)
CRY = _("SOS from {learner} ({phone}). Compagnon could not open a case: nobody else follows this. Please call now.")
NO_PHONE = _("no phone number")
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


def cry_out(tx: Tx, number: int, readers: Mapping[str, Reader]) -> int:
    """A cry for help could not be handled: something of ours is broken, and every adult who could take it hears of it.

    Returns how many were told; 0 where it was no cry.
    """
    row = tx.rows.get(InboxRow, number)
    if row is None or not row.urgent:
        return 0
    incoming = readers.get(row.channel, partial(read_plain, row.channel))(row.native, row.raw)
    address = address_at(tx.rows, row.channel, incoming.address)
    if address is None or address.state == "revoked":
        return 0
    learner = tx.rows.get_one(Person, address.person_id)
    told = [
        adult.person
        for adult in team(tx.rows)
        if adult.roles_at(learner.school_id).intersection(LAST_RESORT) and adult.person != learner.id
    ]
    values = {"learner": learner.full_name, "phone": learner.phone or {"text": NO_PHONE}}
    for person in told:
        post_everywhere(tx, person, Letter(CRY, values))
    return len(told)
