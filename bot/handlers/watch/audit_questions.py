"""What the auditor asks the database, built once: to build a statement costs as much as to ask it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, and_, bindparam, exists, func, select, union_all
from sqlalchemy.orm import aliased, joinedload

from bot.handlers.conversation.watching import ENTERED
from bot.store.cases import CaseEvent, CaseRow
from bot.store.messages import IS_PENDING, IS_SENDING, InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import Mark, StayRow

_LATE: BindParameter[datetime] = bindparam("late")
"""What was to happen before this instant is late."""
_STAYS: BindParameter[list[int]] = bindparam("stays", expanding=True)
_OPEN = select(CaseRow.id).where(CaseRow.closed_at.is_(None))
MATTERS = (
    select(CaseEvent, CaseRow)
    .join(CaseRow, CaseRow.id == CaseEvent.case_id)
    .where(CaseEvent.kind == "matter", CaseEvent.at > bindparam("since"), CaseEvent.case_id.in_(_OPEN))
)
"""Found by their cases: of those that are open there are few, of events many."""
ALERTED = select(OutboxRow.person_id).where(
    OutboxRow.case_id == bindparam("case"), OutboxRow.lane == Lane.ALERT, OutboxRow.created_at > bindparam("since")
)
CASES = select(CaseRow.id, CaseRow.wake_at).where(CaseRow.closed_at.is_(None))
UPDATES = select(InboxRow.id).where(InboxRow.state == "new", InboxRow.received_at < _LATE)
STAYS = (
    select(StayRow)
    .where(StayRow.id.in_(_STAYS))
    .order_by(StayRow.id)
    .options(joinedload(StayRow.person, innerjoin=True), joinedload(StayRow.school, innerjoin=True))
)
ENTRIES = select(Mark.stay_id, Mark.at).where(Mark.stay_id.in_(_STAYS), Mark.touchpoint == ENTERED[0])
"""When each stay came into the roster."""
CASE_TIMES = (
    select(CaseRow.stay_id, CaseRow.closed_at, func.max(CaseEvent.at))
    .join(CaseEvent)
    .where(CaseRow.stay_id.in_(_STAYS))
    .group_by(CaseRow.id, CaseRow.stay_id, CaseRow.closed_at)
)
MARKS = select(Mark.stay_id, Mark.touchpoint, Mark.occurrence, Mark.outcome).where(Mark.stay_id.in_(_STAYS))
QUEUED = select(SessionRow.id).where(SessionRow.state == "queued", SessionRow.wake_at < _LATE)
SESSIONS = (
    select(SessionRow, StayRow)
    .join(StayRow, StayRow.id == SessionRow.stay_id)
    .where(SessionRow.state == "open", SessionRow.id > bindparam("after"))
    .order_by(SessionRow.id)
    .limit(bindparam("most"))
)
SENT_AT = (
    select(OutboxRow.session_id, func.max(OutboxRow.sent_at))
    .join(SessionRow, SessionRow.id == OutboxRow.session_id)
    .where(
        OutboxRow.session_id.in_(bindparam("sessions", expanding=True)),
        OutboxRow.step == SessionRow.asked,
        OutboxRow.state.in_(("pending", "sending", "sent")),
    )
    .group_by(OutboxRow.session_id)
    .having(func.count().filter(OutboxRow.state != "sent") == 0)
)
"""When the question that stands in each conversation was delivered; nothing where it is still on its way, perhaps once more."""
DIGESTS = select(Person.id).where(Person.wake_at < _LATE)


def _unsent() -> CompoundSelect[Any]:
    """Due, and not gone: unless it waits behind another that is being tried again."""
    earlier = aliased(OutboxRow)
    tried = and_(earlier.state == IS_PENDING, earlier.attempts > 0, earlier.due_at > bindparam("now"))
    behind = exists().where(earlier.person_id == OutboxRow.person_id, earlier.id < OutboxRow.id, tried)
    waits = select(OutboxRow.id).where(OutboxRow.state == IS_PENDING)
    return union_all(
        waits.where(OutboxRow.lane == Lane.ALERT, OutboxRow.due_at < _LATE),
        waits.where(OutboxRow.lane != Lane.ALERT, OutboxRow.due_at < bindparam("slow"), ~behind),
        select(OutboxRow.id).where(OutboxRow.state == IS_SENDING, OutboxRow.lease_until < _LATE),
    )


UNSENT = _unsent()
