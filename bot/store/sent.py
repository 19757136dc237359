"""What was sent: found again by the case it is about, or by the name its channel gave it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.store.messages import OutboxRow

_OF_CASE = select(OutboxRow).where(
    OutboxRow.case_id == bindparam("case"),
    OutboxRow.address_id == bindparam("address"),
    OutboxRow.person_id == bindparam("person"),
    OutboxRow.native.is_not(None),
    OutboxRow.edit_of.is_(None),
)
_FIRST, _LATEST = _OF_CASE.order_by(OutboxRow.sent_at, OutboxRow.id), _OF_CASE.order_by(OutboxRow.id.desc())


def _case(row: OutboxRow) -> dict[str, Any]:
    return {"case": row.case_id, "address": row.address_id, "person": row.person_id}


def first_of_case(session: Session, row: OutboxRow) -> str:
    """The channel's own id of the first message on a row's case at its address, under which the others stand; or empty."""
    first = session.scalars(_FIRST.limit(1), _case(row)).first() if row.case_id else None
    return (first.native or "") if first is not None else ""


def latest_of_case(session: Session, row: OutboxRow) -> OutboxRow:
    """The latest message on the same case at the same address that offers something: what a word in its thread is for."""
    return next((sent for sent in session.scalars(_LATEST, _case(row)) if sent.message["offers"]), row)


def sent_as(session: Session, address: int, native: str) -> OutboxRow | None:
    """The message that an address received under the channel's own id."""
    return session.scalars(select(OutboxRow).where(OutboxRow.address_id == address, OutboxRow.native == native)).first()
