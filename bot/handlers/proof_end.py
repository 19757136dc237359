"""The end of files: past their date, or of a stay that falls through, nothing of them is left."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.proof import end_of
from bot.store.db import Tx
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow
from bot.store.stays import StayRow


def expire_proofs(tx: Tx) -> int:
    """Delete what is past its end, as the dates of its stay and the programme now say; how many files that was.

    A stay that was put off keeps its files for longer, one that ended early not as long.
    """
    return sum(_expire(tx, proof) for proof in tx.rows.scalars(select(ProofRow).order_by(ProofRow.id)))


def forget_proofs(tx: Tx, stay: StayRow) -> int:
    """A stay falls through: its files serve nobody any more."""
    proofs = list(tx.rows.scalars(select(ProofRow).where(ProofRow.stay_id == stay.id).order_by(ProofRow.id)))
    for proof in proofs:
        _delete(tx, proof)
    return len(proofs)


def _expire(tx: Tx, proof: ProofRow) -> bool:
    stay = tx.rows.get_one(StayRow, proof.stay_id)
    item = tx.programme.journey(stay.kind).item(proof.item)
    if item is not None:
        proof.ends_at = end_of(stay.facts(), item.keep_days, proof.received_at)
    over = stay.cancelled or proof.ends_at <= tx.now
    if over:
        _delete(tx, proof)
    return over


def _delete(tx: Tx, proof: ProofRow) -> None:
    tx.rows.add(AuditRow(at=tx.now, actor="retention", action="delete", target=f"proof {proof.id}", detail={}))
    tx.rows.delete(proof)
