"""Files on their way from a channel: claimed, then kept, refused or given up. Past their date nothing of them is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.domain.messages import Attached
from bot.domain.proof import Fault, end_of
from bot.handlers.conversation.files import answers, turn_down
from bot.store.db import Tx
from bot.store.proofs import ProofRow, due_proofs
from bot.store.records import audit
from bot.store.stays import StayRow

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
LEASE = timedelta(minutes=2)
"""Whoever has not fetched a file by then is taken for dead, and somebody else fetches it."""
TRIES = 4
PATIENCE = timedelta(days=1)
"""A file that could not be fetched for so long is given up, and its sender told."""


@dataclass(frozen=True)
class Wanted:
    """A file to fetch."""

    number: int
    person: int
    channel: str
    file: Attached
    voices: bool = False
    """It may be a voice message: no question asked for a paper."""


def claim_files(tx: Tx, limit: int) -> list[Wanted]:
    """Take files in hand. What was tried for too long is given up here, even if each try ended in a crash."""
    found = []
    for row in due_proofs(tx.rows, tx.now, limit):
        if row.attempts >= TRIES and tx.now - row.received_at >= PATIENCE:
            turn_down(tx, row, Fault.GONE)
            continue
        row.attempts, row.due_at = row.attempts + 1, tx.now + LEASE
        file = Attached(row.native, row.mime or "", row.size or 0)
        found.append(Wanted(row.id, row.person_id, row.channel, file, voices=row.session_id is None))
    return found


def keep(tx: Tx, number: int, sealed: bytes, mime: str, size: int) -> None:
    """A file is there, sealed with its owner's key: it answers its question, or stands in its case."""
    proof = _still_wanted(tx, number)
    if proof is None:
        return
    if proof.session_id is None or answers(tx, proof):
        proof.state, proof.native, proof.content, proof.mime, proof.size = "kept", "", sealed, mime, size


def refuse(tx: Tx, number: int, fault: Fault) -> None:
    """A file cannot be kept, and its sender is told why."""
    proof = _still_wanted(tx, number)
    if proof is not None:
        turn_down(tx, proof, fault)


def try_later(tx: Tx, number: int, after: timedelta | None) -> None:
    """Not now: after a pause that doubles, or when the platform said."""
    proof = _still_wanted(tx, number)
    if proof is not None:
        pause = min(FIRST_PAUSE * 2 ** min(proof.attempts - 1, 20), LONGEST_PAUSE)
        proof.due_at = tx.now + (after or pause)


def _still_wanted(tx: Tx, number: int) -> ProofRow | None:
    """The row, unless somebody else was quicker or the person was erased."""
    proof = tx.rows.get(ProofRow, number, with_for_update=True)
    return proof if proof is not None and proof.state == "wanted" else None


def expire_proofs(tx: Tx) -> int:
    """Delete what is past its end, as the dates of its stay and the programme now say; how many files that was.

    A stay that was put off keeps its files for longer, one that ended early not as long.
    """
    return sum(_expire(tx, proof) for proof in tx.rows.scalars(select(ProofRow).order_by(ProofRow.id)))


def forget_proofs(tx: Tx, stay: StayRow) -> int:
    """A stay falls through: its papers serve nobody any more. What stands in a case stays with that."""
    wanted = select(ProofRow).where(ProofRow.stay_id == stay.id, ProofRow.session_id.is_not(None))
    proofs = list(tx.rows.scalars(wanted.order_by(ProofRow.id)))
    for proof in proofs:
        _delete(tx, proof)
    return len(proofs)


def _expire(tx: Tx, proof: ProofRow) -> bool:
    stay = tx.rows.get_one(StayRow, proof.stay_id)
    item = tx.programme.journey(stay.kind).item(proof.item)
    if item is not None:
        proof.ends_at = end_of(stay.facts(), item.keep_days, proof.received_at)
    over = (stay.cancelled and proof.session_id is not None) or proof.ends_at <= tx.now
    if over:
        _delete(tx, proof)
    return over


def _delete(tx: Tx, proof: ProofRow) -> None:
    audit(tx, "retention", "delete", f"proof {proof.id}")
    tx.rows.delete(proof)
