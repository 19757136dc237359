"""Schools, people, their roles, leave, addresses and invitations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, event, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, object_session, relationship, validates

from bot.domain.channel import OPEN
from bot.domain.check_words import check_words
from bot.domain.person import Adult, Role
from bot.domain.roster.reference import reference_key
from bot.domain.spelling import letters_apart
from bot.store.autoflush import ask, lasting
from bot.store.base import Base, among
from bot.store.sealed import SealedText

HOME_ZONE = "Europe/Paris"


class School(Base):
    """A member of the consortium. The row with an empty `ref` is the consortium itself."""

    __tablename__ = "schools"
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    city: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default=HOME_ZONE)
    phone: Mapped[str | None]
    on_call_phone: Mapped[str | None]


class Person(Base):
    """Anybody Compagnon talks to or about."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    ref_key: Mapped[str] = mapped_column(index=True, default="", server_default="")
    """What every way to write the reference has in common; empty for those whom no school gives one (`lina~tutor`)."""
    first_name: Mapped[str]
    last_name: Mapped[str]
    letters: Mapped[int] = mapped_column(default=1, server_default="1")
    """So many of the last name tell them from others of the same first name at their school; kept by the import."""
    birth: Mapped[date | None]
    language: Mapped[str] = mapped_column(default="fr")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"), index=True)
    last_sign_at: Mapped[datetime | None]
    """The last time this person did anything: the last sign of life."""
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    """Adults: when their next digest is due."""
    school: Mapped[School | None] = relationship()
    roles: Mapped[list[RoleHeld]] = relationship(back_populates="person", cascade="all, delete-orphan")
    leaves: Mapped[list[LeaveTaken]] = relationship(back_populates="person", cascade="all, delete-orphan")
    slots: Mapped[list[OnCallSlot]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @validates("ref")
    def _keep_key(self, _name: str, ref: str) -> str:
        self.ref_key = "" if "~" in ref else reference_key(ref)
        return ref

    @property
    def zone(self) -> ZoneInfo:
        """The zone of their school; who belongs to no single one works by the consortium's, in France."""
        return ZoneInfo(self.school.zone if self.school else HOME_ZONE)

    @property
    def short_name(self) -> str:
        """First name and initial: enough for whoever knows the class, little for anybody else. Where two would be called the
        same, as many letters as tell them apart: an alarm names one of them.
        """
        letters = self.letters or 1
        if not self.last_name or 1 < letters >= len(self.last_name):
            return self.full_name
        return f"{self.first_name} {self.last_name[:letters].rstrip()}.".strip()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def holds(self, role: Role) -> bool:
        return any(held.role == role for held in self.roles)

    @property
    def adult(self) -> Adult:
        """The person as rights see them."""
        held = [(each.role, each.school_id) for each in self.roles]
        rows = object_session(self) if any(place is not None for _role, place in held) else None
        roles, elsewhere = posts(self.school_id, held, consortium_of(rows) if rows else None)
        return Adult(self.id, roles, self.school_id, elsewhere=elsewhere)


class RoleHeld(Base):
    """A role of a person: at their own school, or in the consortium where they have none; else at the school named. Where the
    consortium itself is named, somebody of a school has that duty for every school.
    """

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("person_id", "role", "school_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    role: Mapped[Role]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id", ondelete="CASCADE"))
    person: Mapped[Person] = relationship(back_populates="roles")


class LeaveTaken(Base):
    """Planned leave of an adult, both ends included."""

    __tablename__ = "leaves"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    first: Mapped[date]
    last: Mapped[date]
    announced: Mapped[bool] = mapped_column(default=False)
    """Said in the chat, and not in the team's file: importing that file again leaves it alone."""
    person: Mapped[Person] = relationship(back_populates="leaves")


class OnCallSlot(Base):
    """A time an adult is on call. The end is no longer part of it."""

    __tablename__ = "on_call_slots"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[Person] = relationship(back_populates="slots")


class Guardian(Base):
    """A legal guardian of a minor, as the roster names them. To be written to, one is invited and becomes a person."""

    __tablename__ = "guardians"
    __table_args__ = (UniqueConstraint("person_id", "position"),)
    words_of: ClassVar = ("person_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(SealedText("guardians.name"))
    email: Mapped[str | None] = mapped_column(SealedText("guardians.email"))
    phone: Mapped[str | None] = mapped_column(SealedText("guardians.phone"))
    language: Mapped[str] = mapped_column(default="fr")


class Address(Base):
    """Where a person can be reached: `pending` until confirmed, then `confirmed`, at last `revoked`.

    `left`: the person blocked us or is gone there; whatever they write from it makes it `confirmed` again.
    Several people may share one chat, browser or mailbox: then each has an address of their own with the same `native`.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        UniqueConstraint("channel", "native", "person_id"),
        Index("ix_addresses_person_state", "person_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    channel: Mapped[str]
    native: Mapped[str]
    """The channel's own id; for the web the SHA-256 of the browser's token."""
    state: Mapped[str] = mapped_column(default="pending")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    account: Mapped[str | None]
    """How its owner is called there, as the platform said when it was claimed: for whoever confirms it."""
    identity: Mapped[str | None]
    """The key by which an encrypted channel knows whose address it is. Another one must be confirmed anew."""
    person: Mapped[Person] = relationship()

    @property
    def check_words(self) -> str:
        """What whoever claimed it and whoever confirms it both see: said aloud, they are the same, or it is somebody else."""
        return check_words(f"{self.id} {self.channel} {self.native}")


CHANGED = "addresses changed"
"""Under this name a session notes the addresses (channel and native id) whose state it has changed."""


@event.listens_for(Address.state, "set")
def _note_change(address: Address, state: str, before: object, _initiator: object) -> None:
    rows = object_session(address)
    if rows is not None and state != before:
        rows.info.setdefault(CHANGED, set()).add((address.channel, address.native))


class Invitation(Base):
    """A single-use code, of which only the hash is kept."""

    __tablename__ = "invitations"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    trusted: Mapped[bool] = mapped_column(default=False)
    """Handed over in person: the claim needs no confirmation by the coordinator."""


CONSORTIUM = select(School.id).where(School.ref == "")
IN_ORDER = (among(Address.channel, sorted(OPEN)), Address.used_at.desc(), Address.id.desc())
_ADDRESSES = (
    select(Address).where(Address.person_id == bindparam("person"), Address.state == "confirmed").order_by(*IN_ORDER)
)
_ADDRESSES_OF_SEVERAL = (
    select(Address)
    .where(Address.person_id.in_(bindparam("people", expanding=True)), Address.state == "confirmed")
    .order_by(*IN_ORDER)
)
_OTHERS_THERE = select(Address).where(
    Address.person_id == bindparam("person"), Address.channel == bindparam("channel"), Address.id != bindparam("this")
)
LAST_USED = (Address.state != "confirmed", Address.used_at.desc(), Address.id.desc())
_AT = (
    select(Address)
    .options(joinedload(Address.person, innerjoin=True).joinedload(Person.roles))
    .where(Address.channel == bindparam("channel"), Address.native == bindparam("native"))
    .order_by(*LAST_USED)
)
_IDENTITY = (
    select(Address.identity)
    .where(Address.channel == bindparam("channel"), Address.native == bindparam("native"))
    .order_by(Address.state != "confirmed", Address.used_at.desc(), Address.id.desc())
    .limit(1)
)


def posts(
    home: int | None, held: Iterable[tuple[Role, int | None]], consortium: int | None
) -> tuple[frozenset[Role], tuple[tuple[int | None, frozenset[Role]], ...]]:
    """Roles at home, and those at further schools; a role that names no school is held at home. Under None: those held for
    the consortium, whose row is no school.
    """
    found: dict[int | None, set[Role]] = defaultdict(set)
    for role, place in held:
        found[home if place is None else None if place == consortium else place].add(role)
    further = [(place, frozenset(roles)) for place, roles in found.items() if place != home]
    return frozenset(found[home]), tuple(sorted(further, key=lambda each: each[0] or 0))


@lasting(CONSORTIUM)
def consortium_of(session: Session) -> int | None:
    """The number of the row that is the consortium itself."""
    return session.scalar(CONSORTIUM)


def by_ref(session: Session, ref: str) -> Person | None:
    return session.scalar(select(Person).where(Person.ref == ref))


def tell_apart(session: Session) -> None:
    """Keep, for each school, how much of a last name has to be said for nobody to be taken for somebody else."""
    schools: dict[int | None, list[Person]] = defaultdict(list)
    for each in session.scalars(select(Person).where(Person.ref_key != "").order_by(Person.id)):
        schools[each.school_id].append(each)
    for people in schools.values():
        needed = letters_apart([(each.first_name, each.last_name) for each in people])
        for each, letters in zip(people, needed, strict=True):
            each.letters = letters


def addresses_at(session: Session, channel: str, native: str) -> list[Address]:
    """Whose address it is, whatever its state: of those who share it the one who used it last first."""
    return list(session.scalars(_AT, {"channel": channel, "native": native}).unique())


def address_at(session: Session, channel: str, native: str) -> Address | None:
    """The address, whatever its state: that of whoever used it last, where several share it."""
    return next(iter(addresses_at(session, channel, native)), None)


def identity_at(session: Session, channel: str, native: str) -> str:
    """The key by which whoever is there is known; empty where they are not, or where none is noted yet."""
    return session.scalar(_IDENTITY, {"channel": channel, "native": native}) or ""


def addresses_of(session: Session, person_id: int) -> list[Address]:
    """Confirmed addresses, the one used last first; those of an open channel after all others."""
    return list(ask(session, _ADDRESSES, {"person": person_id}).scalars())


def others_there(session: Session, address: Address) -> list[Address]:
    """The other addresses of its person on its channel, whatever their state."""
    this = {"person": address.person_id, "channel": address.channel, "this": address.id}
    return list(ask(session, _OTHERS_THERE, this).scalars())


def confirmed(session: Session, people: Collection[int]) -> list[Address]:
    """The confirmed addresses of several people, in the same order."""
    return list(ask(session, _ADDRESSES_OF_SEVERAL, {"people": sorted(people)}).scalars())
