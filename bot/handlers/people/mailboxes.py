"""The e-mail addresses of the team, as `consortium.toml` has them: whoever wrote that file answers for them.

Learners have none: nothing is sent to them by e-mail. Several adults may have one mailbox.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role
from bot.handlers.people.confirm import note
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld, addresses_at
from bot.store.records import keep_setting, setting

CHANNEL, SETTING = "email", "email"


def sends_mail(tx: Tx) -> bool:
    """Whether this installation can send e-mail, as it was last started."""
    return bool((setting(tx.rows, SETTING) or {}).get("on"))


def keep_mailboxes(tx: Tx, *, on: bool) -> None:
    """At every start: where e-mail is off an address there reaches nobody, and nobody may count on it."""
    keep_setting(tx.rows, SETTING, {"on": on})
    tx.rows.flush()
    held = select(RoleHeld.person_id).where(RoleHeld.role != Role.LEARNER)
    for person in tx.rows.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)):
        keep_mailbox(tx, person)


def keep_mailbox(tx: Tx, person: Person, *, written: bool = False) -> None:
    """One adult's address is as their person has it. `written`: the file has just said so, so that an address whose
    mail came back is tried again."""
    native = (person.email or "").lower() if _adult(person) and sends_mail(tx) else ""
    for old in tx.rows.scalars(select(Address).where(Address.person_id == person.id, Address.channel == CHANNEL)):
        if old.native != native and old.state != "revoked":
            old.state = "revoked"
            note(tx, old, "revoke")
    if native:
        _confirm(tx, person, native, written=written)
    tx.rows.flush()


def _confirm(tx: Tx, person: Person, native: str, *, written: bool) -> None:
    known = next((each for each in addresses_at(tx.rows, CHANNEL, native) if each.person_id == person.id), None)
    if known is None:
        known = Address(person_id=person.id, channel=CHANNEL, native=native, created_at=tx.now)
        tx.rows.add(known)
    elif known.state in ({"confirmed"} if written else {"confirmed", "left"}):
        return
    known.state, known.used_at = "confirmed", tx.now
    tx.rows.flush()
    note(tx, known, "confirm")


def _adult(person: Person) -> bool:
    return any(held.role is not Role.LEARNER for held in person.roles)
