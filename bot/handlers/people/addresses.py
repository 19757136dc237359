"""What becomes of an address: claimed, left by its person, written from again."""

from __future__ import annotations

from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter, sign_of_life
from bot.store.db import Tx
from bot.store.people import Address, Person, address_at, addresses_of
from bot.store.stays import current_stay


def claimed_address(tx: Tx, person: Person, channel: str, native: str) -> Address | None:
    """The address a claim comes from, to be confirmed; None where it is in use by somebody else."""
    known = address_at(tx.rows, channel, native)
    if known is None:
        known = Address(channel=channel, native=native, created_at=tx.now)
        tx.rows.add(known)
    elif known.person_id != person.id and known.state != "revoked":
        return None
    known.person_id, known.state, known.used_at = person.id, "pending", tx.now
    tx.rows.flush()
    return known


def left(tx: Tx, address: Address) -> None:
    """Nothing arrives there any more. With no other address it is a coordinator's task at once, not the learner's silence."""
    address.state = "left"
    tx.rows.flush()
    stay = current_stay(tx.rows, address.person_id)
    if stay is not None and stay.enrolled_at is not None and not addresses_of(tx.rows, address.person_id):
        open_matter(tx, stay, Matter(Level.FOLLOW_UP, "undelivered"))


def back(tx: Tx, address: Address) -> None:
    """They write again from where we thought nobody was: the same account as ever, so nothing has to be confirmed."""
    address.state = "confirmed"
    tx.rows.flush()
    stay = current_stay(tx.rows, address.person_id)
    if stay is not None:
        sign_of_life(tx, stay)
