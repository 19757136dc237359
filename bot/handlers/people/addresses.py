"""What becomes of an address: claimed, left by its person, written from again."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from bot.handlers.case.case import sign_of_life
from bot.handlers.case.undelivered import out_of_reach
from bot.store.autoflush import ask
from bot.store.consents import learners_of
from bot.store.db import Tx
from bot.store.people import IN_ORDER, Address, Person, addresses_at, addresses_of
from bot.store.stays import current_stay

TO_ALL = ("who", "share")
"""The steps of messages that are for everybody at a shared address: is it you, do you share it?"""


_OTHERS = (
    select(Address.id)
    .where(Address.channel == bindparam("channel"), Address.native == bindparam("native"))
    .where(Address.state == "confirmed", Address.person_id != bindparam("person"))
    .limit(1)
)

_ELSE = aliased(Address)
_WITH_OTHERS = (
    select(
        Address,
        exists().where(
            _ELSE.channel == Address.channel,
            _ELSE.native == Address.native,
            _ELSE.state == "confirmed",
            _ELSE.person_id != Address.person_id,
        ),
    )
    .where(Address.person_id.in_(bindparam("people", expanding=True)), Address.state == "confirmed")
    .order_by(*IN_ORDER)
)


def claimed_address(tx: Tx, person: Person, channel: str, native: str, account: str = "") -> Address:
    """The address a claim comes from, to be confirmed. Others may share it: it becomes nobody's who did not claim it."""
    known = next((each for each in addresses_at(tx.rows, channel, native) if each.person_id == person.id), None)
    if known is None:
        known = Address(person_id=person.id, channel=channel, native=native, created_at=tx.now)
        tx.rows.add(known)
    known.state, known.used_at, known.account = "pending", tx.now, account or known.account
    tx.rows.flush()
    return known


def sharing(tx: Tx, address: Address) -> list[Address]:
    """The others who have a confirmed address in the same chat, browser or mailbox."""
    there = addresses_at(tx.rows, address.channel, address.native)
    return [each for each in there if each.state == "confirmed" and each.person_id != address.person_id]


def is_shared(tx: Tx, address: Address) -> bool:
    """Whether there are others."""
    there = {"channel": address.channel, "native": address.native, "person": address.person_id}
    return ask(tx.rows, _OTHERS, there).first() is not None


def with_others(tx: Tx, people: Collection[int]) -> list[tuple[Address, bool]]:
    """The confirmed addresses of several people, as `addresses_of` orders them, and whether somebody else has one, too."""
    return [(address, others) for address, others in ask(tx.rows, _WITH_OTHERS, {"people": sorted(people)})]


def name_here(tx: Tx, person: Person) -> str:
    """A name that tells those apart who share an address: a guardian's with the learners they are there for."""
    learners = [each.first_name for each in learners_of(tx.rows, person.id)]
    return f"{person.full_name} ({', '.join(learners)})" if learners else person.full_name


def left(tx: Tx, address: Address) -> None:
    """Nothing arrives there any more. With no other address it is a coordinator's task at once, not the learner's silence."""
    address.state = "left"
    tx.rows.flush()
    stay = current_stay(tx.rows, address.person_id)
    if stay is not None and stay.enrolled_at is not None and not addresses_of(tx.rows, address.person_id):
        out_of_reach(tx, stay)


def back(tx: Tx, address: Address) -> None:
    """They write again from where we thought nobody was: the same account as ever, so nothing has to be confirmed."""
    address.state = "confirmed"
    tx.rows.flush()
    stay = current_stay(tx.rows, address.person_id)
    if stay is not None:
        sign_of_life(tx, stay)
