"""Store first: raw updates are kept and committed before their channel acknowledges them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Boolean, bindparam, select, text

from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.sealed import of_person
from bot.store.word_keys import NOBODY

Update = tuple[str, dict[str, Any]]
"""The channel's own id of an update, and the update as it came."""
ALIKE: Mapping[str, int] = {}
_KNOWN = select(InboxRow.native).where(
    InboxRow.channel == bindparam("channel"), InboxRow.native.in_(bindparam("natives", expanding=True))
)
_KEEP = text(
    "INSERT INTO inbox (channel, native, raw, received_at, urgent, behind, state, said)"
    " VALUES (:channel, :native, :raw, :now, :urgent, :behind, 'new', (SELECT coalesce(max(said), 0) FROM outbox))"
    " ON CONFLICT (channel, native) DO NOTHING"
).bindparams(
    bindparam("raw", type_=InboxRow.raw.type),
    bindparam("now", type_=InboxRow.received_at.type),
    bindparam("urgent", type_=Boolean),
)
"""Whatever is heard now stands behind what we said last, to anybody (`InboxRow.said`)."""


def receive(
    tx: Tx, channel: str, updates: Collection[Update], urgent: Collection[str] = (), behind: Mapping[str, int] = ALIKE
) -> int:
    """Keep updates as they came; those the channel has delivered before are left out. Returns how many were new.

    `urgent` names those that are a cry for help: they are handled before whatever else has piled up. `behind` says how many of
    its sender's own an update stands behind, where they flood.
    """
    told = dict(updates)
    known = set(tx.rows.scalars(_KNOWN, {"channel": channel, "natives": list(told)}))
    came = {"channel": channel, "now": tx.now}
    rows = [
        came | {"native": each, "raw": of_person(NOBODY, raw), "urgent": each in urgent, "behind": behind.get(each, 0)}
        for each, raw in told.items()
        if each not in known
    ]
    return tx.rows.connection().execute(_KEEP, rows).rowcount if rows else 0


def quarantine(tx: Tx, number: int, problem: str) -> None:
    """Set an update aside that cannot be handled: it must block nobody behind it. Its content is kept for a look."""
    row = tx.rows.get(InboxRow, number)
    if row is not None and row.state == "new":
        row.state, row.problem = "quarantined", problem
