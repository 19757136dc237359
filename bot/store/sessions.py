"""Sessions: one person in one flow."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ForeignKey, Index, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.base import Base, among
from bot.store.batch_loader import Question, ask_of
from bot.store.sealed import SealedJson
from bot.store.stays import StayRow


class SessionRow(Base):
    """A conversation. At most one per person is `open`; others are `queued`, then `done` or `expired`.

    A done session stays editable until `expires_at`. `wake_at` is when the wait of the asked step runs out,
    or when a queued session may start at the earliest.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_person_state", "person_id", "state"),
        Index(
            "uq_sessions_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    words_of: ClassVar = ("person_id",)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stay_id: Mapped[int] = mapped_column(ForeignKey("stays.id", ondelete="CASCADE"), index=True)
    flow: Mapped[str]
    touchpoint: Mapped[str]
    occurrence: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(SealedJson("sessions.facts", gone="{}"))
    answers: Mapped[list[Any]] = mapped_column(SealedJson("sessions.answers", gone="[]"))
    """Pairs of step id and answer, in the order given: JSON objects keep no order on PostgreSQL."""
    asked: Mapped[str | None]
    state: Mapped[str]
    urgency: Mapped[int]
    answered_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    postponed: Mapped[int] = mapped_column(default=0)
    """How often the learner has put it off to the next day."""
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


STANDING = Question(SessionRow.person_id, SessionRow, only=(among(SessionRow.state, ("open", "queued")),))
_HELD = Question(SessionRow.stay_id, SessionRow.id, SessionRow.touchpoint, SessionRow.answers)
_FOR = (
    select(SessionRow)
    .where(SessionRow.stay_id == bindparam("stay"), SessionRow.touchpoint == bindparam("touchpoint"))
    .where(SessionRow.state.in_(bindparam("states", expanding=True)))
    .order_by(SessionRow.id.desc())
    .limit(1)
)
"""Statements are built once: building one costs as much as running it."""


def open_session(session: Session, person_id: int) -> SessionRow | None:
    """The conversation this person is in."""
    return next((row for row in _standing(session, person_id) if row.state == "open"), None)


def open_up(session: Session, row: SessionRow) -> None:
    """This is the conversation its person is in. One of them is open at every instant, the database holds us to it: what
    another has become is written first, where SQLAlchemy would write it after this one, by their numbers.
    """
    others = (each for each in session.dirty if isinstance(each, SessionRow) and each.person_id == row.person_id)
    if any(each.id > (row.id or each.id) for each in others):
        session.flush()
    row.state = "open"


def next_queued(session: Session, person_id: int, now: datetime) -> SessionRow | None:
    """The conversation that comes next: the most urgent, then the oldest; what was put off stands in nobody's way."""
    queued = (row for row in _standing(session, person_id) if row.state == "queued")
    return min(queued, key=lambda row: (_is_put_off(row, now), row.urgency, row.id), default=None)


def standing_sessions(session: Session, stay_id: int, touchpoint: str | None = None) -> list[SessionRow]:
    """The conversations of a stay that are open or wait their turn, of one touchpoint where it is named."""
    person = session.get_one(StayRow, stay_id).person_id
    rows = (row for row in _standing(session, person) if row.stay_id == stay_id)
    return [row for row in rows if touchpoint in {None, row.touchpoint}]


def _standing(session: Session, person_id: int) -> list[SessionRow]:
    rows: list[SessionRow] = ask_of(session, STANDING, person_id)
    return [row for row in rows if row.state in {"open", "queued"}]


def _is_put_off(row: SessionRow, now: datetime) -> bool:
    return row.postponed > 0 and row.wake_at is not None and row.wake_at > now


class Held(NamedTuple):
    """A conversation of a stay, whatever became of it: what it was about, and pairs of step id and answer."""

    id: int
    touchpoint: str
    answers: list[Any]


def held_sessions(session: Session, stay_id: int) -> list[Held]:
    """Every conversation of a stay, the first one first."""
    return [Held(*row) for row in ask_of(session, _HELD, stay_id)]


def session_for(session: Session, stay_id: int, touchpoint: str, *states: str) -> SessionRow | None:
    """The latest session of a touchpoint in one of these states."""
    return session.scalars(_FOR, {"stay": stay_id, "touchpoint": touchpoint, "states": states}).first()


def put_first(session: Session, stay: int, touchpoint: str) -> None:
    """Of what waits for its turn this comes next."""
    waiting = session_for(session, stay, touchpoint, "queued")
    if waiting is not None:
        waiting.urgency, waiting.wake_at = 0, None
        session.flush()
