"""Alerts that reach nobody while their cases are open: whatever the reason, the operator must know."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow

LONG = timedelta(minutes=10)
"""An alert takes seconds. So long after it was decided, somebody should have had it on one channel or another."""


def unheard(tx: Tx) -> int:
    """How many alerts of open cases have waited long, while nobody at all was told of their case in the meantime."""
    told = aliased(OutboxRow)
    heard = select(told.id).where(told.case_id == OutboxRow.case_id, told.lane == Lane.ALERT, told.state == "sent")
    heard = heard.where(told.sent_at >= OutboxRow.created_at)
    wanted = (
        select(func.count())
        .select_from(OutboxRow)
        .join(CaseRow, CaseRow.id == OutboxRow.case_id)
        .where(CaseRow.closed_at.is_(None), CaseRow.owner_id.is_(None), OutboxRow.lane == Lane.ALERT)
        .where(OutboxRow.state.in_(("pending", "sending")), OutboxRow.created_at < tx.now - LONG, ~heard.exists())
    )
    return tx.rows.scalar(wanted) or 0
