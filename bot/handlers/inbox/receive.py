"""Store first: raw updates are kept and committed before their channel acknowledges them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from bot.store.db import Tx
from bot.store.messages import InboxRow, said_so_far

Update = tuple[str, dict[str, Any]]
"""The channel's own id of an update, and the update as it came."""
ALIKE: Mapping[str, int] = {}
_KNOWN = select(InboxRow.native).where(
    InboxRow.channel == bindparam("channel"), InboxRow.native.in_(bindparam("natives", expanding=True))
)


def receive(
    tx: Tx, channel: str, updates: Collection[Update], urgent: Collection[str] = (), behind: Mapping[str, int] = ALIKE
) -> int:
    """Keep updates as they came; those the channel has delivered before are left out. Returns how many were new.

    `urgent` names those that are a cry for help: they are handled before whatever else has piled up. `behind` says how many of
    its sender's own an update stands behind, where they flood.
    """
    natives = [native for native, _raw in updates]
    known = set(tx.rows.scalars(_KNOWN, {"channel": channel, "natives": natives}))
    fresh = {native: raw for native, raw in updates if native not in known}
    said = said_so_far(tx.rows) if fresh else 0
    for native, raw in fresh.items():
        place = {"said": said, "urgent": native in urgent, "behind": behind.get(native, 0)}
        tx.rows.add(InboxRow(channel=channel, native=native, raw=raw, received_at=tx.now, **place))
    return len(fresh)


def quarantine(tx: Tx, number: int, problem: str) -> None:
    """Set an update aside that cannot be handled: it must block nobody behind it. Its content is kept for a look."""
    row = tx.rows.get(InboxRow, number)
    if row is not None and row.state == "new":
        row.state, row.problem = "quarantined", problem
