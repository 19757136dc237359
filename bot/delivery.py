"""From the outbox to the channels: the only place that sends. Leases, retries, the four outcomes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy import bindparam, select, text

from bot.domain.channel import Channel, NotSent, Outcome, Unknown
from bot.domain.messages import Outgoing
from bot.handlers.compose import compose, may_leave_at, still_wanted
from bot.handlers.delivered import undelivered
from bot.handlers.outcome import FAILURES, Prepared, recover, set_aside, settle
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow, next_to_send
from bot.store.people import Address, addresses_of

log = structlog.get_logger()
BATCH = 50
LEASE = timedelta(seconds=60)
ONE_CLAIM = text("SELECT pg_advisory_xact_lock(20261)")
"""PostgreSQL: two processes that claim at the same instant could each take a message to the same person."""


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
            await self._settle(list(zip(prepared, outcomes, strict=True)))
        return taken

    async def _send(self, prepared: Prepared) -> Outcome:
        channel = self.channels.get(prepared.channel)
        if channel is None:
            return NotSent()
        self.db.witness("send")
        try:
            outcome = await channel.send(prepared.message)
        except Exception:
            log.exception("channel raised", outbox=prepared.row, channel=prepared.channel)
            outcome = Unknown()
        self.db.witness("sent")
        return outcome

    async def _settle(self, outcomes: list[tuple[Prepared, Outcome]]) -> None:
        """Write down what came of a batch; if that fails, of each alone, so that one hinders no other."""
        try:
            await self.db.transact(settle, outcomes)
        except Exception:
            log.exception("batch not settled, going on one by one")
            for each in outcomes:
                await self._settle_alone(each)

    async def _settle_alone(self, outcome: tuple[Prepared, Outcome]) -> None:
        try:
            await self.db.transact(settle, [outcome])
        except Exception:
            log.exception("message not settled", outbox=outcome[0].row)
            await self.db.transact(set_aside, outcome[0])


_CLAIM = (
    select(OutboxRow)
    .where(OutboxRow.id.in_(bindparam("numbers", expanding=True)), OutboxRow.state == "pending")
    .with_for_update(skip_locked=True)
)


def claim(tx: Tx, repeatable: frozenset[str], *, rehearsal: bool = False) -> tuple[int, list[Prepared]]:
    """Take a batch in hand. Address, right to see, language and text are resolved here, as late as can be."""
    if tx.rows.get_bind().dialect.name == "postgresql":
        tx.rows.execute(ONE_CLAIM)
    recover(tx, repeatable)
    numbers = next_to_send(tx.rows, tx.now, BATCH)
    rows = {row.id: row for row in tx.rows.scalars(_CLAIM, {"numbers": numbers})}
    prepared = [_prepare(tx, rows[number], rehearsal=rehearsal) for number in numbers if number in rows]
    return len(prepared), [each for each in prepared if each is not None]


def _prepare(tx: Tx, row: OutboxRow, *, rehearsal: bool) -> Prepared | None:
    if not still_wanted(tx, row):
        row.state = "expired"
        return None
    opening = may_leave_at(tx, row)
    if opening > tx.now:
        row.due_at, row.attempts = opening, 0
        return None
    address = _address(tx, row)
    if address is None:
        row.state, row.problem = "failed", "no address"
        undelivered(tx, row)
        return None
    row.state, row.fence, row.lease_until, row.address_id = "sending", row.fence + 1, tx.now + LEASE, address.id
    try:
        message = compose(tx, row, address.native, rehearsal=rehearsal)
    except Exception:
        log.exception("message cannot be composed", outbox=row.id)
        return _bare(tx, row, address)
    return Prepared(row.id, row.fence, address.channel, message)


def _address(tx: Tx, row: OutboxRow) -> Address | None:
    """The address used last; after three failures the next one, and so on in turn."""
    known = addresses_of(tx.rows, row.person_id)
    return known[row.attempts // FAILURES % len(known)] if known else None


def _bare(tx: Tx, row: OutboxRow, address: Address) -> Prepared | None:
    """A template failed. An alert still leaves, in the fewest words; anything else is an adult's task."""
    if row.lane == Lane.ALERT:
        text = f"SOS – case {row.case_id or '?'}, stay {row.stay_id or '?'}"
        row.rendered = {"text": text, "buttons": [], "language": "en"}
        return Prepared(row.id, row.fence, address.channel, Outgoing(row.id, address.native, text, urgent=True))
    row.state, row.lease_until, row.problem = "failed", None, "cannot be composed"
    undelivered(tx, row)
    return None
