"""Taking messages in hand: which may leave now, to which address, in which words. All of it as late as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

import structlog
from sqlalchemy import text

from bot.domain.channel import Outcome
from bot.domain.level import Level
from bot.domain.messages import Outgoing
from bot.handlers.conversation.sessions import give_up
from bot.handlers.people.addresses import with_others
from bot.handlers.sending.before_sending import Leaving, leaving, may_leave_at, still_wanted, told_too_late
from bot.handlers.sending.compose import compose
from bot.handlers.sending.delivered import undelivered
from bot.handlers.sending.outcome import FAILURES, LEASE, Prepared, bare_words, recover, settle
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address
from bot.store.send_queue import before_a_claim, next_to_send, set_aside_for

log = structlog.get_logger()
THEIR_TIME = timedelta(seconds=30)
"""So long an alert is left to the process that sends on its channel; then it is tried here, and goes to the next address."""
FEW = 10
"""Where a channel has room for fewer, what waits for it is told apart before it is read: it would be read in vain."""
ONE_CLAIM = text("SELECT pg_advisory_xact_lock(20261)")
"""PostgreSQL: two processes that claim at the same instant could each take a message to the same person."""


@dataclass(frozen=True)
class Room:
    """What may be taken in hand now. Alerts are held by nothing here but `silent`."""

    limit: int = 40
    """So few at once: an alert that is decided meanwhile waits for their words to be made, 0.5 ms for each."""
    allowed: Mapping[str, int] = field(default_factory=dict)
    """So many more messages on these channels; the others do not mind."""
    silent: frozenset[str] = frozenset()
    """Channels that told even alerts to wait."""
    elsewhere: frozenset[str] = frozenset()
    """Channels on which another process sends; all of them are `silent` here."""
    resting: frozenset[int] = frozenset()
    """People whose chat has had enough for this moment."""
    before: datetime | None = None
    """Nothing that was decided later: its decision is still being made for others."""
    patient: bool = False
    """Only answers, and alerts of what is for now: the rest may be settled by what people wrote and we have yet to read."""

    @property
    def short(self) -> frozenset[str]:
        return frozenset(name for name, left in self.allowed.items() if left < FEW)

    def excludes(self, row: OutboxRow) -> bool:
        """Whether its decision is too young."""
        return self.before is not None and row.created_at > self.before


ANYTHING = Room()


@dataclass(frozen=True)
class Batch:
    """What the messages of one claim have in common."""

    left: dict[str, int]
    """So many more on these channels."""
    addresses: Mapping[int, list[Address]]
    """The confirmed addresses of each person, the one used last first."""
    rehearsal: bool
    order: Iterator[int]
    """The numbers of what is said next."""
    patient: bool = False
    shared: frozenset[int] = frozenset()
    """Those of them that somebody else has too."""
    elsewhere: frozenset[str] = frozenset()
    """Channels on which another process sends."""
    taken: set[int] = field(default_factory=set)
    """Addresses that something of this batch goes to."""


class Claimed(NamedTuple):
    """What a claim has come to."""

    moved: int
    """So many rows are not as they were."""
    prepared: list[Prepared]
    """What is to be sent now."""
    more: bool
    """Whether the turn of others may have come by it, or stand behind what was looked at. All else has to wait until
    something arrives, until there is room, or until somebody says so."""


def settle_and_claim(
    tx: Tx, finished: list[tuple[Prepared, Outcome]], repeatable: frozenset[str], room: Room, *, rehearsal: bool
) -> Claimed:
    """Write down what was sent and take the next in hand, in one commit."""
    if finished:
        settle(tx, finished)
        tx.rows.flush()
    return claim(tx, repeatable, room, rehearsal=rehearsal)


def claim(tx: Tx, repeatable: frozenset[str], room: Room = ANYTHING, *, rehearsal: bool = False) -> Claimed:
    """Take a batch in hand."""
    if tx.rows.get_bind().dialect.name == "postgresql":
        tx.rows.execute(ONE_CLAIM)
    lost, say_next = before_a_claim(tx.rows, tx.now)
    if lost:
        recover(tx, repeatable)
    if room.short:
        set_aside_for(tx.rows, tx.now, room.short)
    numbers, seen = next_to_send(tx.rows, tx.now, room.limit, room.allowed, room.silent, room.resting)
    if not numbers:
        return Claimed(0, [], False)
    claimed = {each.row.id: each for each in leaving(tx, numbers, claimed=True) if not room.excludes(each.row)}
    batch = _gather(tx, [each.row for each in claimed.values()], room, count(say_next), rehearsal=rehearsal)
    prepared, moved, passed = list[Prepared](), 0, 0
    for each in (claimed[number] for number in numbers if number in claimed):
        row, waited_for = each.row, each.row.waits_for
        found = _prepare(tx, each, batch)
        if found is not None:
            prepared.append(found)
        moved += row.state != "pending" or row.due_at > tx.now or row.waits_for != waited_for
        passed += found is None and (row.state != "pending" or row.due_at > tx.now)
    more = moved > 0 and (passed > 0 or _may_stand_behind(room, batch, seen))
    return Claimed(moved, prepared, more)


def _may_stand_behind(room: Room, batch: Batch, seen: int) -> bool:
    """Whether as many rows were seen as are looked at in a queue, of a channel that has room for more of it."""
    return seen >= min((room.limit, *(most for name, most in room.allowed.items() if batch.left[name] > 0)))


def _gather(tx: Tx, rows: list[OutboxRow], room: Room, order: Iterator[int], *, rehearsal: bool) -> Batch:
    """Read what a batch has in common in one go."""
    addresses: dict[int, list[Address]] = {}
    shared = set[int]()
    for address, has_others in with_others(tx, {row.person_id for row in rows}):
        addresses.setdefault(address.person_id, []).append(address)
        shared |= {address.id} if has_others else set()
    return Batch(dict(room.allowed), addresses, rehearsal, order, room.patient, frozenset(shared), room.elsewhere)


def _prepare(tx: Tx, each: Leaving, batch: Batch) -> Prepared | None:
    """A message ready to be sent; None where it is not wanted any more, must wait, or has nowhere to go."""
    row = each.row
    if not still_wanted(tx, each):
        row.state = "expired"
        return None
    late = told_too_late(tx, each)
    if late is not None:
        row.state = "expired"
        give_up(tx, late)
        return None
    if batch.patient and _can_wait(tx, row):
        return None
    opening = may_leave_at(tx, each)
    if opening > tx.now:
        row.due_at, row.attempts = opening, 0
        return None
    address = _address(tx, row, batch)
    if address is None:
        _nowhere(tx, row)
        return None
    if address.id in batch.taken:
        return None  # a copy that is bound to this address goes first
    if row.lane == Lane.ALERT and address.channel in batch.elsewhere and tx.now - row.due_at < THEIR_TIME:
        return None
    if row.lane != Lane.ALERT and batch.left.get(address.channel, 1) <= 0:
        row.waits_for = address.channel
        return None  # it stays pending until its channel has room
    batch.taken.add(address.id)
    if address.channel in batch.left:
        batch.left[address.channel] -= 1
    row.state, row.fence, row.lease_until, row.address_id = "sending", row.fence + 1, tx.now + LEASE, address.id
    row.waits_for = ""
    if row.said is None and row.edit_of is None:
        row.said = next(batch.order)
    if not row.readable:
        return _bare(tx, row, address)
    try:
        message = compose(tx, each, address, rehearsal=batch.rehearsal, shared=address.id in batch.shared)
    except Exception:
        log.exception("message cannot be composed", outbox=row.id)
        return _bare(tx, row, address)
    return _prepared(row, address, message)


def _prepared(row: OutboxRow, address: Address, message: Outgoing) -> Prepared:
    """With the key by which whoever is there is known: read where it is decided who gets it, and not again."""
    known = replace(message, identity=address.identity) if address.identity else message
    asks = row.session_id is not None and row.step is not None
    return Prepared(row.id, row.fence, address.channel, row.person_id, asks, known)


def _can_wait(tx: Tx, row: OutboxRow) -> bool:
    case = tx.rows.get(CaseRow, row.case_id) if row.case_id else None
    return row.lane > Lane.ANSWER or (case is not None and case.level is not Level.NOW)


def _address(tx: Tx, row: OutboxRow, batch: Batch) -> Address | None:
    """The address used last; after three failures the next one, and so on in turn. An edit goes where its message went,
    a copy of an alert where it is bound to."""
    if row.bound:
        own = tx.rows.get(Address, row.address_id) if row.address_id else None
        return own if own is not None and own.state == "confirmed" and own.person_id == row.person_id else None
    if row.edit_of is not None:
        edited = tx.rows.get(OutboxRow, row.edit_of)
        address = tx.rows.get(Address, edited.address_id) if edited and edited.address_id else None
        return address if address is not None and address.state == "confirmed" else None
    known = batch.addresses.get(row.person_id)
    return known[row.attempts // FAILURES % len(known)] if known else None


def _nowhere(tx: Tx, row: OutboxRow) -> None:
    if row.edit_of is not None:
        row.state = "expired"
        return
    row.state, row.problem = "failed", "no address"
    undelivered(tx, row)


def _bare(tx: Tx, row: OutboxRow, address: Address) -> Prepared | None:
    """A template failed, or nobody can read the words. An alert still leaves, in the fewest; anything else is an adult's task."""
    if row.lane == Lane.ALERT:
        text = bare_words(row)
        row.rendered = {"text": text, "buttons": [], "language": "en"}
        message = Outgoing(row.id, address.native, text, urgent=True, public=True, heading=f"{text} – Compagnon")
        return _prepared(row, address, message)
    row.state, row.lease_until, row.problem = "failed", None, "cannot be composed"
    undelivered(tx, row)
    return None
