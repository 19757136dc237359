"""A parent without any chat: the link of their invitation is a page, and its button confirms their e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.domain.person import Role
from bot.handlers.family.status_words import contact
from bot.handlers.family.welcome import REFUSED, agree
from bot.handlers.people.addresses import claimed_address
from bot.handlers.people.confirm import note
from bot.handlers.people.invitations import Claimed, look
from bot.handlers.say import consents
from bot.handlers.say.links import Page, opened
from bot.store.consents import learners_of
from bot.store.db import Tx
from bot.store.links import hashed
from bot.store.people import Invitation, Person


@dataclass(frozen=True)
class Invited:
    """What a link leads to, in which language, and what its page may say."""

    state: Claimed
    language: str
    values: dict[str, Any]


def invited(tx: Tx, code: str) -> Invited | None:
    """What a code opens; None where it is no parent's. Looking changes nothing."""
    state = look(tx, code)
    invitation = _invitation(tx, code)
    person = tx.rows.get(Person, invitation.person_id) if invitation else None
    if person is None or person.school is None or not person.holds(Role.PARENT) or not tx.programme.family.pings:
        return None
    hint = masked(person.email) if person.email else ""
    values = {"school": person.school.name, "contact": contact(tx, person.school), "email": hint}
    return Invited(state, person.language, values)


def agree_by_email(tx: Tx, code: str) -> Invited | None:
    """Use the code up. PENDING where it cannot be: no address is known. Another guardian may have the same mailbox."""
    found, invitation = invited(tx, code), _invitation(tx, code)
    if found is None or invitation is None or found.state is not Claimed.PENDING:
        return found
    person = tx.rows.get_one(Person, invitation.person_id)
    if not person.email:
        return found
    address = claimed_address(tx, person, "email", person.email)
    invitation.used_at = tx.now
    address.state = "confirmed"
    note(tx, address, "confirm")
    said = [(agree(tx, person, each, channel="email"), each.first_name) for each in learners_of(tx.rows, person.id)]
    text, name = said[0] if said else (REFUSED, "")
    return Invited(Claimed.CONFIRMED, person.language, found.values | {"outcome": text, "name": name})


def may_stop(tx: Tx, code: str) -> str | None:
    """The language of the page that stops the messages; None where the link leads nowhere."""
    found = opened(tx, code, Page.STOP)
    return found.person.language if found else None


def stop_by_link(tx: Tx, code: str) -> str | None:
    """The parent wants no more. Pressing twice is no second record."""
    found = opened(tx, code, Page.STOP)
    if found is None:
        return None
    consents.stop(tx, found.person, channel="email", learner=found.stay.person_id)
    return found.person.language


def masked(email: str) -> str:
    """Enough for its owner to recognise, too little for anybody else."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def _invitation(tx: Tx, code: str) -> Invitation | None:
    return tx.rows.scalar(select(Invitation).where(Invitation.code_hash == hashed(code)))
