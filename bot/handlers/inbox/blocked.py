"""Somebody blocked us, or lets us in again."""

from __future__ import annotations

from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter, sign_of_life
from bot.store.db import Tx
from bot.store.people import Address, addresses_of
from bot.store.stays import current_stay


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
