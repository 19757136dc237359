"""Invitations and claims: how an address comes to be a person's."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from bot.domain.person import STAFF, age_on
from bot.domain.stay import Kind
from bot.handlers.people.addresses import claimed_address
from bot.handlers.people.confirm import accept, ask, note, who_confirms
from bot.handlers.people.other_device import tell_the_others
from bot.store.db import Tx
from bot.store.links import hashed
from bot.store.people import Invitation, Person, addresses_at, addresses_of
from bot.store.stays import current_stay

VALID = timedelta(hours=72)


class Claimed(StrEnum):
    """What became of a claim."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    TOO_YOUNG = "too young"
    """Younger than this channel allows: nothing of the address is kept, and the code stays good elsewhere."""


@dataclass(frozen=True)
class Claim:
    """The outcome of a claim. `language` is the person's once the code was good, else None."""

    state: Claimed
    language: str | None = None


def invite(tx: Tx, person: Person, *, trusted: bool = False) -> str:
    """A new single-use code of 128 bits. Only its hash is kept; `trusted` claims need no confirmation."""
    code = secrets.token_urlsafe(16)
    tx.rows.add(Invitation(person_id=person.id, code_hash=hashed(code), expires_at=tx.now + VALID, trusted=trusted))
    return code


def fresh(tx: Tx, person: Person, *, trusted: bool) -> str:
    """A new code; those of this person that nobody used stop working, so that one sheet at most lies about."""
    unused = select(Invitation).where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
    for old in tx.rows.scalars(unused.where(Invitation.expires_at > tx.now)):
        old.expires_at = tx.now
    return invite(tx, person, trusted=trusted)


def look(tx: Tx, code: str) -> Claimed:
    """Whether a code could be claimed now, without using it: opening a link must change nothing."""
    return state_of(tx, tx.rows.scalar(select(Invitation).where(Invitation.code_hash == hashed(code))))


def state_of(tx: Tx, invitation: Invitation | None) -> Claimed:
    """The same of the invitation that a code belongs to."""
    if invitation is None:
        return Claimed.UNKNOWN
    if invitation.used_at is not None:
        return Claimed.USED
    return Claimed.EXPIRED if invitation.expires_at <= tx.now else Claimed.PENDING


def claim(tx: Tx, code: str, channel: str, native: str, account: str = "") -> Claim:
    """Use a code up. The claim of a learner, or of a colleague, is pending until an adult of the school confirms it.

    A chat or browser that is somebody else's already is shared by guardians as they come; learners are asked first
    (`shared_device`), and until then their code stays good.
    """
    invitation = invitation_of(tx, code)
    state = state_of(tx, invitation)
    if invitation is None or state is not Claimed.PENDING:
        return Claim(state)
    others = [each for each in addresses_at(tx.rows, channel, native) if each.person_id != invitation.person_id]
    asks_first = not invitation.trusted and current_stay(tx.rows, invitation.person_id) is not None
    if asks_first and any(each.state != "revoked" for each in others):
        return Claim(Claimed.USED)
    return use(tx, invitation, channel, native, account)


def use(tx: Tx, invitation: Invitation, channel: str, native: str, account: str = "") -> Claim:
    """The address that a good invitation was opened from becomes its person's, or waits to be confirmed."""
    person = tx.rows.get_one(Person, invitation.person_id)
    if channel == "telegram" and too_young(tx, person):
        return Claim(Claimed.TOO_YOUNG, person.language)
    address = claimed_address(tx, person, channel, native, account)
    invitation.used_at = tx.now
    note(tx, address, "claim")
    tell_the_others(tx, address, person)
    if invitation.trusted or not _to_be_confirmed(tx, person):
        accept(tx, address, person)
        return Claim(Claimed.CONFIRMED, person.language)
    ask(tx, address, person)
    return Claim(Claimed.PENDING, person.language)


def _to_be_confirmed(tx: Tx, person: Person) -> bool:
    """Learners always; of a team everybody, once there is somebody who can say so: the first of a school has nobody yet."""
    if current_stay(tx.rows, person.id) is not None:
        return True
    return not STAFF.isdisjoint(person.adult.every_role) and any(
        addresses_of(tx.rows, adult) for adult in who_confirms(tx, person)
    )


def invitation_of(tx: Tx, code: str) -> Invitation | None:
    """The invitation that a code belongs to, whatever became of it."""
    return tx.rows.scalars(select(Invitation).where(Invitation.code_hash == hashed(code)).with_for_update()).first()


def too_young(tx: Tx, person: Person) -> bool:
    """Whether a learner is younger than the programme lets use Telegram (`rules.telegram_min_age`), today."""
    stay = current_stay(tx.rows, person.id)
    if stay is None or stay.kind is Kind.STAFF:
        return False
    return person.birth is None or age_on(person.birth, tx.now.date()) < tx.programme.rules.telegram_min_age


def claim_again(tx: Tx, person: Person, code: str) -> Claimed:
    """A code from an address that is confirmed already: used up where it is the same person's, else left as it is."""
    invitation = invitation_of(tx, code)
    if invitation is None or invitation.person_id != person.id:
        return Claimed.UNKNOWN if invitation is None else Claimed.USED
    invitation.used_at = invitation.used_at or tx.now
    return Claimed.CONFIRMED
