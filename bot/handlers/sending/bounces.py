"""Mail came back: nobody is at that address, and whoever was to be alerted there has not been."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import select

from bot.handlers.people.confirm import note
from bot.handlers.people.mailboxes import CHANNEL
from bot.handlers.sending.delivered import undelivered
from bot.handlers.sending.outcome import give_up_address
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address


class Verdict(StrEnum):
    """What was made of it."""

    GONE = "gone"
    """The address is given up; its person is reached elsewhere, or their case climbs."""
    NOT_THERE = "not there"
    """That message did not arrive; the address is kept."""
    KNOWN = "known"
    STRANGE = "strange"
    """It quotes no mail of ours to that address."""


def bounced(tx: Tx, quoted: Collection[str], recipients: Collection[str], *, lasting: bool) -> Verdict:
    """Believe a notification that quotes a mail of ours and names the very address it went to."""
    wanted = select(OutboxRow).join(Address, Address.id == OutboxRow.address_id).where(Address.channel == CHANNEL)
    rows = list(tx.rows.scalars(wanted.where(OutboxRow.native.in_(quoted)).order_by(OutboxRow.id)))
    theirs = [row for row in rows if tx.rows.get_one(Address, row.address_id).native in recipients]
    if not theirs:
        return Verdict.STRANGE
    new = [row for row in theirs if row.state == "sent"]
    for row in new:
        row.sent_at = None
        if lasting:
            note(tx, tx.rows.get_one(Address, row.address_id), "bounce")
            give_up_address(tx, row, "bounced")
        else:
            row.state, row.problem = "failed", "bounced"
            undelivered(tx, row)
    if not new:
        return Verdict.KNOWN
    return Verdict.GONE if lasting else Verdict.NOT_THERE
