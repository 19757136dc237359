"""What the tests of rights begin with: an address of ours, somebody by their reference, a file of theirs."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.proofs import ProofRow
from bot.store.records import keep_setting
from bot.store.sessions import SessionRow

URL = "https://compagnon.example.org"


def person(tx: Tx, ref: str) -> Person:
    found = by_ref(tx.rows, ref)
    assert found is not None
    return found


def at_home(tx: Tx) -> None:
    keep_setting(tx.rows, "web_address", {"url": URL})


def keep_a_file(tx: Tx, owner: Person, content: bytes) -> ProofRow:
    """One of theirs that is kept, sealed with their key."""
    session = tx.rows.scalars(select(SessionRow).where(SessionRow.person_id == owner.id)).first()
    assert session is not None
    assert tx.keys is not None
    proof = ProofRow(
        stay_id=session.stay_id, person_id=owner.id, session_id=session.id, item="report", step="file", channel="web",
        native="", state="kept", mime="application/pdf", size=9, content=tx.keys.seal(owner.id, content),
        received_at=tx.now, ends_at=tx.now, due_at=tx.now,
    )  # fmt: skip
    tx.rows.add(proof)
    return proof
