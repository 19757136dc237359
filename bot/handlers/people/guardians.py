"""The guardians whom the roster names become people who can be invited, one for each guardian and learner."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.domain.person import Role, clean_name, halves
from bot.handlers.say import consents
from bot.store.consents import Tie, parents_of
from bot.store.db import Tx
from bot.store.people import Address, Guardian, Invitation, Person, RoleHeld, by_ref
from bot.store.records import AuditRow


def family_of(tx: Tx, learner: Person) -> list[Person]:
    """A person for each guardian of a learner, made where there is none yet."""
    known = {_key(parent.full_name): parent for parent in parents_of(tx.rows, learner.id)}
    return [known.get(_key(each.name)) or _make(tx, learner, each) for each in _named(tx, learner)]


def keep_up(tx: Tx, learner: Person) -> None:
    """The roster has changed: who is still named is brought up to date, who is not is told nothing more.

    A court may have decided so: nothing waits for anybody's press, and no code or address opens anything any more.
    """
    named = {_key(each.name): each for each in _named(tx, learner)}
    for parent in parents_of(tx.rows, learner.id):
        found = named.get(_key(parent.full_name))
        if found is not None:
            parent.email, parent.phone = found.email, found.phone
            continue
        consents.stop(tx, parent, channel="roster")
        tx.rows.execute(update(Address).where(Address.person_id == parent.id).values(state="revoked"))
        unused = update(Invitation).where(Invitation.person_id == parent.id, Invitation.used_at.is_(None))
        tx.rows.execute(unused.values(expires_at=tx.now))
        target = f"person {parent.id}"
        tx.rows.add(AuditRow(at=tx.now, actor="roster", action="end family tie", target=target, detail={}))


def _named(tx: Tx, learner: Person) -> list[Guardian]:
    wanted = select(Guardian).where(Guardian.person_id == learner.id).order_by(Guardian.position)
    return list(tx.rows.scalars(wanted))


def _make(tx: Tx, learner: Person, guardian: Guardian) -> Person:
    first, last = halves(guardian.name)
    parent = Person(
        ref=_free(tx, learner.ref),
        first_name=first,
        last_name=last,
        language=guardian.language,
        email=guardian.email,
        phone=guardian.phone,
        school_id=learner.school_id,
    )
    parent.roles.append(RoleHeld(role=Role.PARENT))
    tx.rows.add(parent)
    tx.rows.flush()
    tx.rows.add(Tie(parent_id=parent.id, learner_id=learner.id))
    tx.rows.flush()
    return parent


def _free(tx: Tx, ref: str) -> str:
    """`lina~1`: a reference that nobody has."""
    number = 1
    while by_ref(tx.rows, f"{ref}~{number}") is not None:
        number += 1
    return f"{ref}~{number}"


def _key(name: str) -> str:
    return clean_name(name).casefold()
