"""From the outbox to the channels: the only place that sends. Leases, retries, the four outcomes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.domain.channel import Channel, NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Letter, Outgoing
from bot.handlers.compose import compose, still_wanted
from bot.handlers.delivered import delivered, undelivered
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow, next_to_send
from bot.store.people import Address, addresses_of

BATCH = 50
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class Prepared:
    """A message claimed for sending. `fence` tells a late settlement from the present one."""

    row: int
    fence: int
    channel: str
    message: Outgoing


class Delivery:
    """Sends what is due, a batch at a time: one message in flight per recipient, alerts first."""

    def __init__(self, db: Database, channels: Mapping[str, Channel], *, rehearsal: bool = False) -> None:
        self.db = db
        self.channels = channels
        self.rehearsal = rehearsal

    async def deliver(self) -> int:
        """Send one batch; returns how many messages were taken in hand."""
        repeatable = frozenset(name for name, channel in self.channels.items() if channel.repeatable)
        taken, prepared = await self.db.transact(claim, repeatable, rehearsal=self.rehearsal)
        if prepared:
            outcomes = await asyncio.gather(*(self._send(each) for each in prepared))
            await self.db.transact(settle, list(zip(prepared, outcomes, strict=True)))
        return taken

    async def _send(self, prepared: Prepared) -> Outcome:
        channel = self.channels.get(prepared.channel)
        if channel is None:
            return NotSent()
        self.db.witness("send")
        outcome = await channel.send(prepared.message)
        self.db.witness("sent")
        return outcome


def claim(tx: Tx, repeatable: frozenset[str], *, rehearsal: bool = False) -> tuple[int, list[Prepared]]:
    """Take a batch in hand. Address, right to see, language and text are resolved here, as late as can be."""
    recover(tx, repeatable)
    numbers = next_to_send(tx.rows, tx.now, BATCH)
    wanted = select(OutboxRow).where(OutboxRow.id.in_(numbers), OutboxRow.state == "pending")
    rows = {row.id: row for row in tx.rows.scalars(wanted.with_for_update(skip_locked=True))}
    prepared = [_prepare(tx, rows[number], rehearsal=rehearsal) for number in numbers if number in rows]
    return len(prepared), [each for each in prepared if each is not None]


def _prepare(tx: Tx, row: OutboxRow, *, rehearsal: bool) -> Prepared | None:
    if not still_wanted(tx, row):
        row.state = "expired"
        return None
    address = next(iter(addresses_of(tx.rows, row.person_id)), None)
    if address is None:
        row.state, row.problem = "failed", "no address"
        undelivered(tx, row)
        return None
    row.state, row.fence, row.lease_until, row.address_id = "sending", row.fence + 1, tx.now + LEASE, address.id
    message = compose(tx, row, address.native, rehearsal=rehearsal)
    return Prepared(row.id, row.fence, address.channel, message)


def recover(tx: Tx, repeatable: frozenset[str], *, everything: bool = False) -> None:
    """Rows whose sender died: their outcome is unknown. `everything` at the start of the only process."""
    lost = select(OutboxRow).where(OutboxRow.state == "sending")
    if not everything:
        lost = lost.where(OutboxRow.lease_until <= tx.now)
    for row in tx.rows.scalars(lost):
        address = tx.rows.get(Address, row.address_id) if row.address_id else None
        if address is not None and address.channel in repeatable:
            row.state, row.lease_until = "pending", None
        else:
            _settle_one(tx, row, Unknown())


def settle(tx: Tx, outcomes: list[tuple[Prepared, Outcome]]) -> None:
    """Write down what came of sending. A sender whose lease was taken over is not heard."""
    for prepared, outcome in outcomes:
        row = tx.rows.get(OutboxRow, prepared.row)
        if row is not None and row.state == "sending" and row.fence == prepared.fence:
            _settle_one(tx, row, outcome)


def _settle_one(tx: Tx, row: OutboxRow, outcome: Outcome) -> None:
    row.lease_until = None
    match outcome:
        case Sent():
            row.state, row.sent_at = "sent", tx.now
            delivered(tx, row)
        case NotSent(retry_after):
            pause = min(FIRST_PAUSE * 2**row.attempts, LONGEST_PAUSE)
            row.state, row.attempts, row.due_at = "pending", row.attempts + 1, tx.now + (retry_after or pause)
        case Permanent(reason):
            _give_up_address(tx, row, reason)
        case Unknown() if row.lane == Lane.ALERT:
            letter = Letter.from_json(row.message)
            row.message = Letter(letter.text, letter.values, letter.offers, letter.progress, ("again",)).to_json()
            row.state, row.attempts = "pending", row.attempts + 1
        case Unknown():
            row.state = "unknown"
            undelivered(tx, row)


def _give_up_address(tx: Tx, row: OutboxRow, reason: str) -> None:
    """This address is dead: the person's next one, else an adult must know."""
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if address is not None:
        address.state = "revoked"
        tx.rows.flush()
    if addresses_of(tx.rows, row.person_id):
        row.state = "pending"
        return
    row.state, row.problem = "failed", reason
    undelivered(tx, row)
