"""Whatever may be written of what outlasts a transaction, in every way in which it is written, drawn by lot."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from bot.domain.person import Role
from bot.store.cases import LeftOut
from bot.store.outages import DeafSpell
from bot.store.people import Address, LeaveTaken, OnCallSlot, Person, RoleHeld, School
from bot.store.records import SettingRow, keep_setting
from bot.store.signs_of_life import was_heard, was_used

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROLES = (Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.ON_CALL, Role.CONSORTIUM, Role.LEARNER)
Write = Callable[[Session, random.Random], object]


def one(rows: Session, lot: random.Random, model: Any) -> Any:
    found = rows.scalars(select(model).order_by(model.id)).all()
    return lot.choice(found) if found else None


def person(rows: Session, lot: random.Random) -> Any:
    return one(rows, lot, Person) or newcomer(rows, lot)


def newcomer(rows: Session, lot: random.Random) -> Person:
    name = f"p{lot.randrange(10**9)}"
    made = Person(ref=name, first_name=name, last_name="x", school=one(rows, lot, School))
    made.roles.append(RoleHeld(role=lot.choice(ROLES)))
    rows.add(made)
    return made


def moves_school(rows: Session, lot: random.Random) -> None:
    person(rows, lot).school = one(rows, lot, School)


def is_renamed(rows: Session, lot: random.Random) -> None:
    person(rows, lot).first_name = f"n{lot.randrange(99)}"


def shows_up(rows: Session, lot: random.Random) -> None:
    person(rows, lot).last_sign_at = NOW + timedelta(seconds=lot.randrange(10**6))


def is_heard(rows: Session, lot: random.Random) -> None:
    heard = person(rows, lot)
    rows.flush()
    was_heard(rows, heard, NOW + timedelta(seconds=lot.randrange(10**6)))


def uses_address(rows: Session, lot: random.Random) -> None:
    if (found := one(rows, lot, Address)) is not None:
        was_used(rows, found, NOW + timedelta(seconds=lot.randrange(10**6)))


def gains_role(rows: Session, lot: random.Random) -> None:
    place = one(rows, lot, School)
    person(rows, lot).roles.append(RoleHeld(role=lot.choice(ROLES), school_id=lot.choice((None, place.id))))


def loses_roles(rows: Session, lot: random.Random) -> None:
    person(rows, lot).roles.clear()


def loses_a_role_unread(rows: Session, lot: random.Random) -> None:
    rows.execute(delete(RoleHeld).where(RoleHeld.role == lot.choice(ROLES)))


def changes_a_role_past_the_session(rows: Session, lot: random.Random) -> None:
    given = {"old": lot.choice(ROLES).value, "new": lot.choice(ROLES).value}
    rows.connection().execute(text("UPDATE roles SET role = :new WHERE role = :old"), given)


def has_address(rows: Session, lot: random.Random) -> None:
    native, state = f"a{lot.randrange(10**9)}", lot.choice(("pending", "confirmed"))
    channel = lot.choice(("web", "telegram", "email"))
    rows.add(
        Address(person=person(rows, lot), channel=channel, native=native, state=state, created_at=NOW, used_at=NOW)
    )


def leaves_address(rows: Session, lot: random.Random) -> None:
    if (found := one(rows, lot, Address)) is not None:
        found.state = lot.choice(("left", "revoked", "confirmed"))


def address_goes_to_another(rows: Session, lot: random.Random) -> None:
    if (found := one(rows, lot, Address)) is not None:
        found.person = person(rows, lot)


def revokes_unread(rows: Session, lot: random.Random) -> None:
    rows.execute(update(Address).where(Address.id % 3 == lot.randrange(3)).values(state="revoked"))


def takes_leave(rows: Session, lot: random.Random) -> None:
    first = date(2026, 3, 1) + timedelta(days=lot.randrange(30))
    person(rows, lot).leaves.append(LeaveTaken(first=first, last=first))


def comes_back(rows: Session, lot: random.Random) -> None:
    if (found := one(rows, lot, LeaveTaken)) is not None:
        rows.delete(found)


def is_on_call(rows: Session, lot: random.Random) -> None:
    since = NOW + timedelta(hours=lot.randrange(99))
    rows.add(OnCallSlot(person=person(rows, lot), since=since, until=since + timedelta(hours=8)))


def leaves_out(rows: Session, lot: random.Random) -> None:
    learner, adult = person(rows, lot), person(rows, lot)
    rows.flush()
    known = select(LeftOut).filter_by(person_id=learner.id, adult_id=adult.id, lifted_at=None)
    found = rows.scalars(known).first() or LeftOut(person_id=learner.id, adult_id=adult.id, at=NOW)
    found.by_learner = lot.choice((True, False))
    rows.add(found)


def lets_in(rows: Session, lot: random.Random) -> None:
    if (found := one(rows, lot, LeftOut)) is not None:
        found.lifted_at = NOW


def goes(rows: Session, lot: random.Random) -> None:
    gone = person(rows, lot)
    rows.flush()
    rows.delete(gone)


def goes_unread(rows: Session, lot: random.Random) -> None:
    gone = person(rows, lot)
    rows.flush()
    rows.execute(delete(Person).where(Person.id == gone.id))


def school_changes(rows: Session, lot: random.Random) -> None:
    one(rows, lot, School).on_call_phone = lot.choice((None, "+33 1 11 11 11 11", "+33 2 22 22 22 22"))


def is_deaf(rows: Session, lot: random.Random) -> None:
    since = NOW + timedelta(hours=lot.randrange(99))
    rows.add(DeafSpell(channel=lot.choice(("", "web")), since=since, until=lot.choice((None, since))))


def hears_again(rows: Session, lot: random.Random) -> None:
    if (found := one(rows, lot, DeafSpell)) is not None:
        found.until = NOW + timedelta(hours=lot.randrange(99))


def sets(rows: Session, lot: random.Random) -> None:
    keep_setting(rows, lot.choice("ab"), {"to": lot.randrange(9)})


def sets_unread(rows: Session, lot: random.Random) -> None:
    rows.execute(update(SettingRow).where(SettingRow.name == "a").values(value={"to": -lot.randrange(9)}))


WRITES: tuple[Write, ...] = (
    newcomer, moves_school, is_renamed, shows_up, is_heard, uses_address, gains_role, loses_roles, loses_a_role_unread,
    changes_a_role_past_the_session, has_address, leaves_address, address_goes_to_another, revokes_unread, takes_leave,
    comes_back, is_on_call, leaves_out, lets_in, goes, goes_unread, school_changes, is_deaf, hears_again, sets, sets_unread,
)  # fmt: skip
