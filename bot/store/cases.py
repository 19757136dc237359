"""Cases and their log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ForeignKey, Index, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.domain.level import Level
from bot.store.autoflush import ask, lasting
from bot.store.base import Base
from bot.store.batch_loader import Question, ask_of
from bot.store.sealed import BLANK, SealedJson, SealedText
from bot.store.stays import StayRow


class CaseRow(Base):
    """A matter a human must take. One open case per stay: further matters raise it or are noted in it."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_open",
            "stay_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    words_of: ClassVar = ("stay_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"))
    topic: Mapped[str]
    """What opened it: `missed`, `undelivered`, `sos`, or the id of the question answered."""
    level: Mapped[Level]
    opened_at: Mapped[datetime]
    rung: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=0)
    alerted: Mapped[list[Any]] = mapped_column(default=list)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    touched_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When the owner was asked how it is, because nothing had followed."""
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(SealedText("cases.reason"))
    grave: Mapped[bool] = mapped_column(default=False)
    """The learner asked for help or said that they are not well: it is for those only who need to know."""
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column()
    stay: Mapped[StayRow] = relationship()
    __mapper_args__ = {"version_id_col": version}


class LeftOut(Base):
    """An adult who may know nothing of what befalls a learner: the learner said so, or their words name them."""

    __tablename__ = "left_out"
    __table_args__ = (
        Index(
            "uq_left_out",
            "person_id",
            "adult_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    """The learner."""
    adult_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    by_learner: Mapped[bool]
    """Their own wish, which nobody else lifts; else their words named the adult, and somebody of the ladder decides."""
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))


UNREADABLE = f'{{"topic": "unreadable", "level": "now", "answer": "{BLANK}", "words": "{BLANK}", "reason": "{BLANK}", "case": "0", "group": "0", "person": "0"}}'
"""What stands for an entry that nobody can read any more: as grave as it may have been."""


class CaseEvent(Base):
    """One line of a case's log."""

    __tablename__ = "case_events"
    words_of: ClassVar = ("case_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    detail: Mapped[dict[str, Any]] = mapped_column(SealedJson("case_events.detail", gone=UNREADABLE), default=dict)


_OPEN_OF_SEVERAL = (
    select(CaseRow)
    .where(CaseRow.closed_at.is_(None), CaseRow.stay_id.in_(bindparam("stays", expanding=True)))
    .order_by(CaseRow.opened_at, CaseRow.id)
)
_LEFT_OUT = (
    select(LeftOut.person_id, LeftOut.adult_id, LeftOut.by_learner)
    .where(LeftOut.lifted_at.is_(None))
    .order_by(LeftOut.id)
)
LOG = Question(CaseEvent.case_id, CaseEvent, live=True)
OPEN = Question(CaseRow.stay_id, CaseRow, only=(CaseRow.closed_at.is_(None),))


def log_of(session: Session, case: int, *kinds: str) -> list[CaseEvent]:
    """What stands in the log of a case, all of it or of these kinds, the first first: each who is told is told the same."""
    return [event for event in ask_of(session, LOG, case) if not kinds or event.kind in kinds]


class Out(NamedTuple):
    """An adult who may know nothing of a learner."""

    adult_id: int
    by_learner: bool


def left_out(session: Session, learner: int) -> tuple[Out, ...]:
    """Which adults may know nothing of a learner, in the order in which they were left out."""
    return _by_learner(session).get(learner, ())


def left_out_of(session: Session, learners: Collection[int]) -> dict[int, frozenset[int]]:
    """Which adults may know nothing of several learners: learner -> adults."""
    found = _by_learner(session)
    return {learner: frozenset(out.adult_id for out in found[learner]) for learner in learners if learner in found}


def kept_from(session: Session, adult: int) -> frozenset[int]:
    """The learners of whom an adult may know nothing."""
    return _by_adult(session).get(adult, frozenset())


def rows_left_out(session: Session, learner: int) -> list[LeftOut]:
    """The same as `left_out`, for whoever changes it."""
    wanted = select(LeftOut).where(LeftOut.person_id == learner, LeftOut.lifted_at.is_(None))
    return list(session.scalars(wanted.order_by(LeftOut.id)))


@lasting(_LEFT_OUT)
def _by_learner(session: Session) -> Mapping[int, tuple[Out, ...]]:
    found: dict[int, list[Out]] = {}
    for learner, adult, by_learner in session.execute(_LEFT_OUT):
        found.setdefault(learner, []).append(Out(adult, by_learner))
    return {learner: tuple(adults) for learner, adults in found.items()}


@lasting(_LEFT_OUT)
def _by_adult(session: Session) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for learner, adult, _by_learner in session.execute(_LEFT_OUT):
        found.setdefault(adult, set()).add(learner)
    return {adult: frozenset(learners) for adult, learners in found.items()}


def open_case(session: Session, stay_id: int) -> CaseRow | None:
    """The open case of a stay."""
    return next((case for case in ask_of(session, OPEN, stay_id) if case.closed_at is None), None)


def open_cases(session: Session, stays: Collection[int]) -> dict[int, CaseRow]:
    """The open cases of several stays, by stay."""
    return {row.stay_id: row for row in ask(session, _OPEN_OF_SEVERAL, {"stays": stays}).scalars()}


def matters_of(session: Session, cases: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The matters of several cases, in order: case -> details."""
    wanted = select(CaseEvent.case_id, CaseEvent.detail).where(CaseEvent.case_id.in_(cases), CaseEvent.kind == "matter")
    found: dict[int, list[dict[str, Any]]] = {}
    for case, detail in session.execute(wanted.order_by(CaseEvent.id)):
        found.setdefault(case, []).append(detail)
    return found
