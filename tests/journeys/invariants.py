"""What must be true whatever happens (DESIGN, I1-I8), read from the committed rows after every step.

I7, every message reaches a named end, is asked at the end of a journey.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.level import Level
from bot.handlers.case.crew import crew_of
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.watch.audit import differences
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Database, Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.sessions import SessionRow

AGAIN = {"enrolment", "catch_up"}
"""Conversations that may be had more than once for the same occurrence."""
# Asked after every step: built once, for to build one costs as much as to ask it.
_UPDATES = select(InboxRow.state, InboxRow.person_id)
_CASES = select(CaseRow.wake_at, CaseRow.owner_id).where(CaseRow.closed_at.is_(None))
_WAITING = select(SessionRow.id, SessionRow.state, SessionRow.wake_at, SessionRow.asked).where(
    SessionRow.state.in_(("open", "queued"))
)
_EVENTS = select(CaseEvent).where(CaseEvent.id > bindparam("after")).order_by(CaseEvent.id)
_SENT = select(OutboxRow.id).where(OutboxRow.state == "sent")
_ARRIVED = select(OutboxRow.sent_at).where(
    OutboxRow.session_id == bindparam("session"), OutboxRow.step == bindparam("step"), OutboxRow.state == "sent"
)
_LATEST = _ARRIVED.order_by(OutboxRow.id.desc()).limit(1)
_FIRST = _ARRIVED.where(OutboxRow.chosen.is_(None)).order_by(OutboxRow.id).limit(1)
"""Of those that were not answered, as the wait is counted."""
_CONVERSATIONS = select(SessionRow.stay_id, SessionRow.touchpoint, SessionRow.occurrence).where(
    SessionRow.touchpoint.not_in(AGAIN), SessionRow.occurrence != "early"
)


class Watch:
    """Checks a database again and again; rows that were found right and cannot change are not read twice."""

    def __init__(self, db: Database, received: int) -> None:
        self.db = db
        self.received = received
        self._events = 0
        self._sent: set[int] = set()

    def go_on_from(self, other: Watch) -> None:
        """The same rows, in a copy."""
        self._events, self._sent = other._events, set(other._sent)

    def check(self, rows: Session) -> None:
        """Everything that must hold at this instant, once nothing is left to do."""
        self.updates(rows)
        self.standing(rows)
        self.lasting(rows)
        assert differences(Tx(rows, self.db.clock.now(), self.db.programme)) == (), "the auditor finds something"

    def updates(self, rows: Session) -> None:
        """I1: an accepted update is handled or quarantined, once."""
        kept = [(row.state, row.person_id) for row in rows.execute(_UPDATES)]
        states = Counter(state for state, _person in kept)
        assert states["new"] == 0, "I1: left in the inbox"
        assert states.total() == self.received, "I1: lost or doubled"
        twice = [person for state, person in kept if state == "quarantined" and person is not None]
        assert twice == [], "I1: handled, and set aside all the same"

    def standing(self, rows: Session) -> None:
        """I3 and one half of I5: nothing that waits has been forgotten."""
        now = self.db.clock.now()
        for case in rows.execute(_CASES):
            assert case.wake_at is not None, "I3: a case without a next attempt"
            assert case.wake_at > now or case.owner_id is not None, "I3: the next attempt is past"
        for row in rows.execute(_WAITING):
            assert row.wake_at is None or row.wake_at > now, "I5: a silence that nobody noticed"
            if row.state == "open" and _delivered(rows, row.id, row.asked):
                assert row.wake_at is not None, "I5: a question that waits for ever"

    def lasting(self, rows: Session) -> None:
        """I2, I4, I5, I6, I8: what is true of every decision from its commit on."""
        tx = Tx(rows, self.db.clock.now(), self.db.programme)
        for event in rows.scalars(_EVENTS, {"after": self._events}):
            self._events = event.id
            if event.kind == "matter" and event.detail["topic"] == "sos":
                _sos_alerted(tx, event)
            if event.kind == "matter" and event.detail["topic"] == "missed":
                _silence_was_long_enough(tx, event)
        fresh = set(rows.scalars(_SENT)) - self._sent
        sent = list(rows.scalars(select(OutboxRow).where(OutboxRow.id.in_(fresh)))) if fresh else []
        crews: dict[int, frozenset[int]] = {}
        for row in sent:
            _had_the_right(tx, row, crews)
        self._sent |= {row.id for row in sent}
        prompts = Counter((row.person_id, row.created_at) for row in sent if _is_prompt(row))
        assert max(prompts.values(), default=0) <= 1, "I8: two prompts for one person in one tick"
        _one_conversation_each(rows)


def _sos_alerted(tx: Tx, event: CaseEvent) -> None:
    """I2: whoever is to acknowledge has an alert in the very transaction of the cry, or had one in the minutes before."""
    case = tx.rows.get_one(CaseRow, event.case_id)
    rungs = tx.programme.levels[Level.NOW].rungs
    crew = crew_of(tx, case)
    first = next((people for rung in rungs if (people := crew.standing(rung.roles))), crew.reachable)
    wanted = select(OutboxRow.person_id).where(OutboxRow.case_id == case.id, OutboxRow.lane == Lane.ALERT)
    lately = set(
        tx.rows.scalars(
            wanted.where(OutboxRow.created_at <= event.at, OutboxRow.created_at > event.at - timedelta(minutes=2))
        )
    )
    owner_told = case.owner_id is not None and case.owner_id in lately
    assert owner_told or set(first) <= lately, "I2: an SOS without an alert"


def _silence_was_long_enough(tx: Tx, event: CaseEvent) -> None:
    """I5: escalated only if the first of the questions that nobody answered was delivered their waits ago, however often
    it was shown since; and an hour after the last.
    """
    row = tx.rows.get_one(SessionRow, int(event.detail["session"]))
    flow = flow_of(tx, row)
    answers = [answer for _step, answer in row.answers]
    last = next((place for place, answer in reversed(list(enumerate(answers))) if answer is not None), -1)
    silent = [step for step, _answer in row.answers[last + 1 :]]
    questions = [question for step in silent if flow and (question := flow.question(step)) is not None]
    if not questions:  # answered since
        return
    arrived = [at for question in questions if (at := _delivered(tx.rows, row.id, question.id)) is not None]
    assert arrived, "I5: escalated without delivery"
    assert event.at >= arrived[-1] + timedelta(hours=1), "I5: escalated at once"
    waits = [question.wait for question in questions if isinstance(question.wait, timedelta)]
    if isinstance(questions[-1].wait, timedelta):
        began = (_delivered(tx.rows, row.id, question.id, first=True) for question in questions)
        since = min((at for at in began if at is not None), default=min(arrived))
        assert event.at >= since + sum(waits, timedelta(0)), "I5: escalated too early"
    else:
        named = datetime.fromisoformat(row.facts[str(questions[-1].wait)])
        assert event.at >= named, "I5: escalated before the deadline"


def _delivered(rows: Session, session: int, step: str | None, *, first: bool = False) -> datetime | None:
    return rows.scalars(_FIRST if first else _LATEST, {"session": session, "step": step}).first()


def _had_the_right(tx: Tx, row: OutboxRow, crews: dict[int, frozenset[int]]) -> None:
    """I6: a case is read by those who may follow it, a conversation by the person who has it."""
    if row.case_id is not None and row.case_id not in crews:
        crews[row.case_id] = frozenset(crew_of(tx, tx.rows.get_one(CaseRow, row.case_id)).everyone)
    assert row.case_id is None or row.person_id in crews[row.case_id], "I6: a stranger was told"
    if row.session_id is not None:
        assert row.person_id == tx.rows.get_one(SessionRow, row.session_id).person_id, "I6: somebody else's question"


def _is_prompt(row: OutboxRow) -> bool:
    return row.lane == Lane.PROMPT and row.session_id is not None and bool(row.message["offers"])


def _one_conversation_each(rows: Session) -> None:
    """I4: an occurrence is one conversation."""
    found = Counter((row[0], row[1], row[2]) for row in rows.execute(_CONVERSATIONS))
    assert max(found.values(), default=0) <= 1, "I4: asked twice"
