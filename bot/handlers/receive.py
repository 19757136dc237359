"""Store first: a raw update is kept and committed before its channel acknowledges it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.store.db import Tx
from bot.store.messages import InboxRow


def receive(tx: Tx, channel: str, native: str, raw: dict[str, Any]) -> bool:
    """Keep an update as it came. False when the channel has delivered it before."""
    known = select(InboxRow.id).where(InboxRow.channel == channel, InboxRow.native == native)
    if tx.rows.scalar(known) is not None:
        return False
    tx.rows.add(InboxRow(channel=channel, native=native, raw=raw, received_at=tx.now))
    return True


def quarantine(tx: Tx, number: int, problem: str) -> None:
    """Set an update aside that cannot be handled: it must block nobody behind it. Its content is kept for a look."""
    row = tx.rows.get(InboxRow, number)
    if row is not None and row.state == "new":
        row.state, row.problem = "quarantined", problem
