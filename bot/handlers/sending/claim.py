"""Taking messages in hand: which may leave now, to which address, in which words. All of it as late as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import structlog
from sqlalchemy import text

from bot.domain.channel import Outcome
from bot.domain.level import Level
from bot.domain.messages import Outgoing
from bot.handlers.conversation.sessions import give_up
from bot.handlers.people.addresses import not_shared
from bot.handlers.sending.compose import compose
from bot.handlers.sending.delivered import undelivered
from bot.handlers.sending.leaving import Leaving, leaving, may_leave_at, still_wanted, told_too_late
from bot.handlers.sending.outcome import FAILURES, LEASE, Prepared, bare_words, recover, settle
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow, next_said
from bot.store.people import Address, confirmed
from bot.store.turns import next_to_send, set_aside_for

log = structlog.get_logger()
THEIR_TIME = timedelta(seconds=30)
"""So long an alert is left to the process that sends on its channel; then it is tried here, and goes to the next address."""
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
    def full(self) -> frozenset[str]:
        return frozenset(name for name, left in self.allowed.items() if left <= 0)

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
    alone: frozenset[int] = frozenset()
    """Those of them that nobody else has."""
    elsewhere: frozenset[str] = frozenset()
    """Channels on which another process sends."""
    taken: set[int] = field(default_factory=set)
    """Addresses that something of this batch goes to."""


def settle_and_claim(
    tx: Tx, finished: list[tuple[Prepared, Outcome]], repeatable: frozenset[str], room: Room, *, rehearsal: bool
) -> tuple[int, list[Prepared]]:
    """Write down what was sent and take the next in hand, in one commit."""
    if finished:
        settle(tx, finished)
        tx.rows.flush()
    return claim(tx, repeatable, room, rehearsal=rehearsal)


def claim(
    tx: Tx, repeatable: frozenset[str], room: Room = ANYTHING, *, rehearsal: bool = False
) -> tuple[int, list[Prepared]]:
    """Take a batch in hand: how many rows moved, and the messages to send."""
    if tx.rows.get_bind().dialect.name == "postgresql":
        tx.rows.execute(ONE_CLAIM)
    recover(tx, repeatable)
    if room.full:
        set_aside_for(tx.rows, tx.now, room.full)
    numbers = next_to_send(tx.rows, tx.now, room.limit, room.allowed, room.silent, room.resting)
    if not numbers:
        return 0, []
    claimed = {each.row.id: each for each in leaving(tx, numbers, claimed=True) if not room.excludes(each.row)}
    batch = _gather(tx, [each.row for each in claimed.values()], room, rehearsal=rehearsal)
    prepared, moved = [], 0
    for each in (claimed[number] for number in numbers if number in claimed):
        row, waited_for = each.row, each.row.waits_for
        found = _prepare(tx, each, batch)
        if found is not None:
            prepared.append(found)
        moved += row.state != "pending" or row.due_at > tx.now or row.waits_for != waited_for
    return moved, prepared


def _gather(tx: Tx, rows: list[OutboxRow], room: Room, *, rehearsal: bool) -> Batch:
    """Read what a batch has in common in one go."""
    addresses: dict[int, list[Address]] = {}
    for address in confirmed(tx.rows, {row.person_id for row in rows}):
        addresses.setdefault(address.person_id, []).append(address)
    new = any(row.edit_of is None for row in rows)  # an edit says nothing that was not said
    order = count(next_said(tx.rows)) if new else count()
    alone = not_shared(tx, {each.id for own in addresses.values() for each in own}) if new else frozenset()
    return Batch(dict(room.allowed), addresses, rehearsal, order, room.patient, alone, room.elsewhere)


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
        message = compose(tx, each, address, rehearsal=batch.rehearsal, alone=address.id in batch.alone)
    except Exception:
        log.exception("message cannot be composed", outbox=row.id)
        return _bare(tx, row, address)
    return _prepared(row, address, message)


def _prepared(row: OutboxRow, address: Address, message: Outgoing) -> Prepared:
    """With the key by which whoever is there is known: read where it is decided who gets it, and not again."""
    known = replace(message, identity=address.identity) if address.identity else message
    return Prepared(row.id, row.fence, address.channel, row.person_id, known)


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
