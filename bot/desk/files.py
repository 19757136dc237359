"""A learner's file, decrypted for one look of one adult."""

from __future__ import annotations

from bot.desk.visitor import Missing, Visitor, stay_within
from bot.domain.messages import Enclosure
from bot.domain.proof import ENDINGS
from bot.handlers.tasks import may_see
from bot.store.db import Tx
from bot.store.keys import Unreadable
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow


def opened_file(tx: Tx, who: Visitor, number: int) -> Enclosure:
    """The content of a file. Every look is noted.

    Raises:
        Missing: there is none any more, or it is not theirs to see.
    """
    proof = tx.rows.get(ProofRow, number)
    if proof is None or not may_see(tx.programme, who.person, stay_within(tx, who, proof.stay_id), proof):
        raise Missing
    try:
        content = tx.keys.open(proof.person_id, proof.content) if tx.keys and proof.content else None
    except Unreadable:
        content = None
    if content is None or proof.mime is None or proof.mime not in ENDINGS:
        raise Missing
    actor = f"person {who.adult.person}"
    tx.rows.add(AuditRow(at=tx.now, actor=actor, action="look", target=f"proof {proof.id}", detail={}))
    return Enclosure(f"{proof.item}-{proof.id}.{ENDINGS[proof.mime]}", proof.mime, content)
