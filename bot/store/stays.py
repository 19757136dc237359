"""Stays, what was done of their plan, the state of their checklist, and what adults changed of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, bindparam, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.domain.green_light import Decision, Verdict
from bot.domain.stay import Ended, Kind, Stay, Track, current
from bot.domain.whereabouts import Whereabouts
from bot.store.autoflush import ask
from bot.store.base import Base
from bot.store.batch_loader import Question, ask_of, ask_of_each
from bot.store.people import Person, School
from bot.store.sealed import SealedText

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A stay is looked at as soon as it is known: it is watched from the import on."""


class StayRow(Base):
    """One mobility. `wake_at` is the next instant at which anything may have to happen to it."""

    __tablename__ = "stays"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    kind: Mapped[Kind]
    track: Mapped[Track]
    class_name: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    city: Mapped[str]
    zone: Mapped[str]
    home_zone: Mapped[str]
    home_country: Mapped[str] = mapped_column(default="")
    working_language: Mapped[str] = mapped_column(default="")
    """As the roster says; empty: that of the place."""
    departure: Mapped[date]
    start: Mapped[date]
    end: Mapped[date]
    back: Mapped[date]
    nights_out: Mapped[int] = mapped_column(default=0)
    nights_back: Mapped[int] = mapped_column(default=0)
    """Nights on the way there, and on the way home."""
    host: Mapped[str] = mapped_column(default="")
    tutor_name: Mapped[str] = mapped_column(default="")
    tutor_email: Mapped[str | None]
    tutor_language: Mapped[str | None]
    tutor_phone: Mapped[str | None]
    teacher: Mapped[str] = mapped_column(default="")
    """Who goes with the learner, or looks after them from the school."""
    teacher_phone: Mapped[str | None]
    tags: Mapped[list[Any]] = mapped_column(default=list)
    enrolled_at: Mapped[datetime | None]
    ended: Mapped[Ended | None]
    """How it ended before its time."""
    ended_at: Mapped[datetime | None]
    unlisted_at: Mapped[datetime | None]
    """Since when its row is gone from the sheet …"""
    kept_at: Mapped[datetime | None]
    """… and when an adult said that it goes on all the same."""
    paused_from: Mapped[datetime | None]
    paused_until: Mapped[date | None]
    wake_at: Mapped[datetime | None] = mapped_column(index=True, default=AT_ONCE)
    version: Mapped[int] = mapped_column()
    person: Mapped[Person] = relationship()
    school: Mapped[School] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @hybrid_property
    def cancelled(self) -> bool:
        """Ended before its time, in whatever way."""
        return self.ended is not None

    @cancelled.inplace.expression
    @classmethod
    def _cancelled(cls) -> ColumnElement[bool]:
        return cls.ended.is_not(None)

    @property
    def doubtful(self) -> bool:
        """Its row went before the departure, and nobody has said yet what that means."""
        if self.unlisted_at is None or self.kept_at is not None:
            return False
        return self.unlisted_at.astimezone(ZoneInfo(self.home_zone)).date() < self.departure

    @property
    def arrives(self) -> date | None:
        """The day of the arrival there, where it is not that of the departure."""
        return self.facts().arrives if self.nights_out else None

    @property
    def home_on(self) -> date | None:
        """The day of the arrival at home, where it is not that of the return."""
        return self.facts().home_on if self.nights_back else None

    @property
    def where(self) -> Whereabouts:
        """Where the learner lives when."""
        return Whereabouts(self.zone, self.home_zone, self.departure, self.back)

    def facts(self) -> Stay:
        """The stay as the pure core sees it: worked out once, while all that it is worked out of stays as it is."""
        try:
            said = *_SAID(vars(self)), *self.tags, self.person.ref, self.person.birth, self.school.ref
        except KeyError:  # it has to be read again
            return self._work_out()
        if self._worked_out.get("of") != said:
            self._worked_out.update(of=said, facts=self._work_out())
        facts: Stay = self._worked_out["facts"]
        return facts

    @cached_property
    def _worked_out(self) -> dict[str, Any]:
        """The facts as they were worked out last, and what they were worked out of."""
        return {}

    def _work_out(self) -> Stay:
        return Stay(
            id=self.id,
            ref=self.person.ref,
            kind=self.kind,
            track=self.track,
            country=self.country,
            city=self.city,
            zone=self.zone,
            home_zone=self.home_zone,
            departure=self.departure,
            start=self.start,
            end=self.end,
            back=self.back,
            nights_out=self.nights_out,
            nights_back=self.nights_back,
            birth=self.person.birth,
            home_country=self.home_country,
            working_language=self.working_language,
            school=self.school.ref,
            tags=frozenset(self.tags),
            enrolled_at=self.enrolled_at,
            ended=self.ended,
            doubtful=self.doubtful,
            paused_from=self.paused_from,
            paused_until=self.paused_until,
        )


_SAID = itemgetter(*({each.key for each in StayRow.__table__.columns} - {"wake_at", "version"}))
"""All that a row says of its stay."""


class Mark(Base):
    """One occurrence of a touchpoint that was made, passed over or closed. Its key makes "once" true."""

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("stay_id", "touchpoint", "occurrence"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    touchpoint: Mapped[str]
    occurrence: Mapped[str]
    outcome: Mapped[str]
    """`asked`, `told`, `expired`, `digest` (told within a digest), `answered`, `missed` or `paused`."""
    at: Mapped[datetime]


class ItemState(Base):
    """Where an item of a stay's checklist stands: doing, handed, declared, done, waived."""

    __tablename__ = "item_states"
    words_of: ClassVar = ("stay_id",)
    __table_args__ = (UniqueConstraint("stay_id", "item"), Index("ix_item_states_state", "state"))
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"))
    item: Mapped[str]
    state: Mapped[str]
    value: Mapped[str | None] = mapped_column(SealedText("item_states.value"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class ChangeRow(Base):
    """One change by an adult: a pause, an extension, an early return; the stay itself only knows how it is now.

    Dates and ids only: a reason may be somebody's health.
    """

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    kind: Mapped[str]
    day: Mapped[str]
    """The day that was written (ISO): the last of a pause, or that of the return."""
    before: Mapped[dict[str, Any]]
    """`start`, `end` and `back` as they were."""


class GreenLightRow(Base):
    """What an adult said about a departure on one day. Rows are only added: the last one for the day counts."""

    __tablename__ = "green_lights"
    words_of: ClassVar = ("stay_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    departure: Mapped[date]
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(SealedText("green_lights.reason"), default="")
    """Why they leave all the same, or what the learner was told: in the adult's words."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class ContactElsewhere(Base):
    """An adult's word that contact with somebody is kept in another way, how, and to the end of which day."""

    __tablename__ = "contact_elsewhere"
    words_of: ClassVar = ("stay_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    until: Mapped[date]
    how: Mapped[str] = mapped_column(SealedText("contact_elsewhere.how"))


MARKS = Question(Mark.stay_id, Mark.touchpoint, Mark.occurrence, Mark.outcome)
_ITEMS = Question(ItemState.stay_id, ItemState)
_VERDICTS = Question(GreenLightRow.stay_id, GreenLightRow.departure, GreenLightRow.verdict)
_ELSEWHERE = Question(ContactElsewhere.stay_id, ContactElsewhere)
_STATES = select(ItemState.stay_id, ItemState.item, ItemState.state).where(
    ItemState.stay_id.in_(bindparam("stays", expanding=True))
)
STAYS = Question(StayRow.person_id, StayRow)


def stays_of_person(session: Session, person_id: int) -> list[StayRow]:
    """Every stay of somebody, the latest first."""
    return sorted(ask_of(session, STAYS, person_id), key=lambda row: row.departure, reverse=True)


def current_stay(session: Session, person_id: int, now: datetime | None = None) -> StayRow | None:
    """The stay a learner is in, else the next, else the last; none that ended early. The instant of the transaction counts."""
    rows = [row for row in stays_of_person(session, person_id) if not row.cancelled]
    at = now or session.info.get("now")
    if len(rows) < 2 or at is None:
        return next(iter(rows), None)
    found = current([row.facts() for row in rows], at.astimezone(ZoneInfo(rows[0].home_zone)).date())
    return next((row for row in rows if found is not None and row.id == found.id), None)


def last_stay(session: Session, person_id: int) -> StayRow | None:
    """The stay a cry for help belongs to: the current one, else the last, however it ended."""
    return current_stay(session, person_id) or next(iter(stays_of_person(session, person_id)), None)


def marks_of(session: Session, stay_id: int) -> dict[tuple[str, str], str]:
    """What was done, in that order: (touchpoint, occurrence) -> outcome."""
    return {(touchpoint, occurrence): outcome for touchpoint, occurrence, outcome in ask_of(session, MARKS, stay_id)}


def items_of(session: Session, stay_id: int) -> dict[str, ItemState]:
    """The state of every item that has one."""
    return {row.item: row for row in ask_of(session, _ITEMS, stay_id)}


def verdict_of(session: Session, stay_id: int) -> Decision | None:
    """What was said last about the departure of a stay, whatever the day it was for."""
    return verdicts(session, [stay_id]).get(stay_id)


def verdicts(session: Session, stays: Collection[int]) -> dict[int, Decision]:
    """The same of each of these stays of which something was said."""
    found = ask_of_each(session, _VERDICTS, stays)
    return {stay: Decision(rows[-1][0], Verdict(rows[-1][1])) for stay, rows in found.items() if rows}


def states_of(session: Session, stays: Collection[int]) -> dict[int, dict[str, str]]:
    """The state of every item of several stays: stay -> item -> state."""
    found: dict[int, dict[str, str]] = {}
    for stay, item, state in ask(session, _STATES, {"stays": stays}):
        found.setdefault(stay, {})[item] = state
    return found


def changes_of(session: Session, stay: int) -> list[ChangeRow]:
    """The changes of a stay, the first first."""
    return list(session.scalars(select(ChangeRow).where(ChangeRow.stay_id == stay).order_by(ChangeRow.id)))


def contacts_elsewhere(session: Session, stays: Collection[int]) -> dict[int, ContactElsewhere]:
    """What was said last of how contact is kept, by stay."""
    return {stay: rows[-1] for stay, rows in ask_of_each(session, _ELSEWHERE, stays).items() if rows}
