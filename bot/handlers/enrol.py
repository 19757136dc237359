"""Invitations, claims and confirmations: how an address comes to be a person's."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from bot.domain.channel import NAMES
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role, age_on
from bot.domain.stay import Kind
from bot.handlers.converse import begin_now, queue
from bot.handlers.digest import next_monday
from bot.handlers.facts import adult_of, stay_facts
from bot.handlers.post import About, post, settle_asked
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Address, Invitation, Person
from bot.store.records import AuditRow
from bot.store.sessions import session_for
from bot.store.stays import current_stay

VALID = timedelta(hours=72)
CONFIRM = _(
    "{name} has just opened their invitation ({channel}). Is it really them? Nothing is shown before you say so."
)
WELCOME_ADULT = _(
    "Good morning {name}. I am Compagnon. Alerts about your learners come here, each with its buttons. "
    "/tasks shows what waits for your tick, /help everything else."
)
REFUSED = _("Your coordinator did not recognise this device. Please ask them for a new link.")


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


def hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def look(tx: Tx, code: str) -> Claimed:
    """Whether a code could be claimed now, without using it: opening a link must change nothing."""
    invitation = tx.rows.scalar(select(Invitation).where(Invitation.code_hash == hashed(code)))
    if invitation is None:
        return Claimed.UNKNOWN
    if invitation.used_at is not None:
        return Claimed.USED
    return Claimed.EXPIRED if invitation.expires_at <= tx.now else Claimed.PENDING


def claim(tx: Tx, code: str, channel: str, native: str) -> Claim:
    """Use a code up. A learner's claim is pending until an adult of the school confirms it."""
    state = look(tx, code)
    if state is not Claimed.PENDING:
        return Claim(state)
    invitation = tx.rows.scalars(select(Invitation).where(Invitation.code_hash == hashed(code)).with_for_update()).one()
    person = tx.rows.get_one(Person, invitation.person_id)
    if channel == "telegram" and too_young(tx, person):
        return Claim(Claimed.TOO_YOUNG, person.language)
    address = _address(tx, person, channel, native)
    if address is None:
        return Claim(Claimed.USED)
    invitation.used_at = tx.now
    _note(tx, address, "claim")
    if invitation.trusted or current_stay(tx.rows, person.id) is None:
        _accept(tx, address, person)
        return Claim(Claimed.CONFIRMED, person.language)
    _ask(tx, address, person)
    return Claim(Claimed.PENDING, person.language)


def too_young(tx: Tx, person: Person) -> bool:
    """Whether a learner is younger than the programme lets use Telegram (`rules.telegram_min_age`), today."""
    stay = current_stay(tx.rows, person.id)
    if stay is None or stay.kind is Kind.STAFF:
        return False
    return person.birth is None or age_on(person.birth, tx.now.date()) < tx.programme.rules.telegram_min_age


def claim_again(tx: Tx, person: Person, code: str) -> Claimed:
    """A code from an address that is confirmed already: used up where it is the same person's, else left as it is."""
    wanted = select(Invitation).where(Invitation.code_hash == hashed(code)).with_for_update()
    invitation = tx.rows.scalars(wanted).first()
    if invitation is None or invitation.person_id != person.id:
        return Claimed.UNKNOWN if invitation is None else Claimed.USED
    invitation.used_at = invitation.used_at or tx.now
    return Claimed.CONFIRMED


def _address(tx: Tx, person: Person, channel: str, native: str) -> Address | None:
    """The address a claim comes from, to be confirmed; None where it is in use by somebody else."""
    known = tx.rows.scalar(select(Address).where(Address.channel == channel, Address.native == native))
    if known is None:
        known = Address(channel=channel, native=native, created_at=tx.now)
        tx.rows.add(known)
    elif known.person_id != person.id and known.state != "revoked":
        return None
    known.person_id, known.state, known.used_at = person.id, "pending", tx.now
    tx.rows.flush()
    return known


def _ask(tx: Tx, address: Address, person: Person) -> None:
    """Ask the school's coordinator, and the deputy too, whether it is really them."""
    action = {"do": "confirm", "address": address.id}
    offers = (
        Offer(_("Yes, it is them"), action | {"yes": True}),
        Offer(_("No, it is not"), action | {"yes": False}),
    )
    letter = Letter(CONFIRM, {"name": person.full_name, "channel": NAMES[address.channel]}, offers)
    found = [_adult(tx, person, role) for role in (Role.COORDINATOR, Role.DEPUTY)]
    for number in sorted({adult.id for adult in found if adult}):
        post(tx, number, letter, Lane.ANSWER, About(step=_asking(address)))


def _asking(address: Address) -> str:
    """What the messages that ask about an address have in common: once one is answered, all are done."""
    return f"confirm {address.id}"


def _adult(tx: Tx, person: Person, role: Role) -> Person | None:
    return adult_of(tx, person.school_id, role) if person.school_id is not None else None


def confirm(tx: Tx, adult: Person, number: int, *, yes: bool) -> bool:
    """An adult of the school says whether an address is really the person's. The first answer counts.

    False where it is not theirs to say.
    """
    address = tx.rows.get_one(Address, number)
    person = address.person
    allowed = adult.school_id in {None, person.school_id} and (
        adult.holds(Role.COORDINATOR) or adult.holds(Role.DEPUTY) or adult.holds(Role.HEAD)
    )
    if not allowed:
        return False
    values = {"name": person.full_name}
    if address.state != "pending":
        post(tx, adult.id, Letter(_("This has been answered already. Thank you."), values), Lane.ANSWER)
    elif yes:
        _accept(tx, address, person)
        settle_asked(tx, _asking(address))
        post(tx, adult.id, Letter(_("Thank you. {name} can begin."), values), Lane.ANSWER)
    else:
        address.state = "revoked"
        _note(tx, address, "refuse")
        settle_asked(tx, _asking(address))
        post(
            tx,
            adult.id,
            Letter(_("Thank you. This device is refused; a new link is needed for {name}."), values),
            Lane.ANSWER,
        )
    return True


def _accept(tx: Tx, address: Address, person: Person) -> None:
    """The address is theirs: what was there before on this channel is revoked, and the first words are said."""
    others = select(Address).where(Address.person_id == person.id, Address.channel == address.channel)
    for other in tx.rows.scalars(others.where(Address.id != address.id)):
        other.state = "revoked"
    address.state, address.used_at = "confirmed", tx.now
    _note(tx, address, "confirm")
    stay = current_stay(tx.rows, person.id)
    if stay is None:
        person.wake_at = person.wake_at or next_monday(tx, person)
        post(tx, person.id, Letter(WELCOME_ADULT, {"name": person.full_name}), Lane.ANSWER)
    elif stay.enrolled_at is None:
        begin(tx, person)
    else:
        post(
            tx, person.id, Letter(_("Good to see you again, {name}. We go on here."), stay_facts(tx, stay)), Lane.ANSWER
        )
        begin_now(tx, person.id)


def begin(tx: Tx, person: Person) -> None:
    """The first conversation of a learner; the one that stands, once more, where it was begun on another device."""
    stay = current_stay(tx.rows, person.id)
    if stay is None:
        return
    if session_for(tx.rows, stay.id, "enrolment", "open", "queued") is None:
        queue(tx, stay, "enrolment", ("enrolment", "once"), 0, stay_facts(tx, stay))
    begin_now(tx, person.id)


def _note(tx: Tx, address: Address, action: str) -> None:
    target = f"address {address.id} of person {address.person_id}"
    tx.rows.add(AuditRow(at=tx.now, actor="enrolment", action=action, target=target, detail={}))
