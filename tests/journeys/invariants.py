"""What must be true whatever happens (DESIGN, I1-I8), read from the committed rows after every step.

I7, every message reaches a named end, is asked at the end of a journey. What can be is asked of SQLite itself, past the program
and its queries: that costs a thirtieth, and no fault of a query hides itself. The auditor is asked for everything wherever a
journey rested, once it goes on from there or ends: what people do meanwhile takes no time. At stops on the way it is asked of
stays and of conversations alone: one that sleeps too long is woken late, and then nothing shows it any more. What else it looks
for, `standing` reads there more strictly than it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from bot.clock import Enough
from bot.domain.audit import Difference
from bot.domain.level import Level
from bot.handlers.case.crew import crew_of
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.watch import audit
from bot.handlers.watch.audit import PARTS, Found, Place, differences_at
from bot.handlers.watch.incremental_audit import Afresh, Seen
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.sessions import SessionRow
from tests.faults.asked import text_of

A_WEEK = timedelta(days=7)
LATE, SLOW = timedelta(minutes=10), timedelta(hours=1)
"""So late an alert, and any other message, is never where nothing hinders it."""
Ask = Callable[..., list[tuple[Any, ...]]]
Part = Callable[[Tx, int, Seen, Enough], Found]
_WAITING = """
    SELECT s.state, s.wake_at, EXISTS (
        SELECT 1 FROM outbox o WHERE o.session_id = s.id AND o.step = s.asked AND o.state = 'sent')
    FROM sessions s WHERE s.state IN ('open', 'queued')"""
_CONVERSATIONS = """
    SELECT stay_id, touchpoint, occurrence FROM sessions
    WHERE touchpoint NOT IN ('enrolment', 'catch_up') AND occurrence <> 'early' GROUP BY 1, 2, 3 HAVING count(*) > 1"""
"""Those two may be had more than once for the same occurrence."""
_UNSENT = """
    SELECT o.id FROM outbox o WHERE o.state = 'sending' AND o.lease_until < :late
    OR o.state = 'pending' AND o.lane = 0 AND o.due_at < :late
    OR o.state = 'pending' AND o.lane <> 0 AND o.due_at < :slow AND NOT EXISTS (
        SELECT 1 FROM outbox e WHERE e.person_id = o.person_id AND e.id < o.id AND e.state = 'pending' AND e.attempts > 0
        AND e.due_at > :now)"""
_SENT = """
    SELECT o.id, o.person_id, o.case_id, o.lane, o.created_at, s.person_id
    FROM outbox o LEFT JOIN sessions s ON s.id = o.session_id WHERE o.state = 'sent'"""
_READ: Mapping[Part, tuple[str, ...]] = {
    audit._stays: (
        "SELECT * FROM stays",
        "SELECT id, ref, birth, last_sign_at FROM people",
        "SELECT id, stay_id, touchpoint, occurrence, outcome, at FROM marks",
        "SELECT stay_id, item, state FROM item_states",
        "SELECT max(id), count(*) FROM green_lights",
        "SELECT id, stay_id, until FROM contact_elsewhere",
        "SELECT id, stay_id FROM cases WHERE closed_at IS NULL",  # looked at now, whatever happens in them
        "SELECT c.id, c.stay_id, max(e.at) FROM cases c JOIN case_events e ON e.case_id = c.id"
        " WHERE c.closed_at IS NOT NULL GROUP BY 1",
        "SELECT since, until FROM deaf_spells",
    ),
    audit._sessions: (
        "SELECT id, kind, ended FROM stays",
        "SELECT since, until FROM deaf_spells",
        "SELECT id, flow, touchpoint, facts, asked, wake_at FROM sessions WHERE state = 'open'",
        "SELECT o.id, o.step, o.state, o.sent_at FROM outbox o JOIN sessions s ON s.id = o.session_id WHERE s.state = 'open'",
    ),
}
"""All that the auditor reads of stays, and of conversations."""
_CREWS = (
    "SELECT id, school_id FROM people",
    "SELECT person_id, role, school_id FROM roles",
    "SELECT id, ref FROM schools",
    "SELECT person_id, adult_id, lifted_at FROM left_out",
    "SELECT c.id, c.stay_id, s.school_id, s.person_id FROM cases c JOIN stays s ON s.id = c.stay_id",
)
"""All that says who may read of a case; the time does not."""
_ARRIVED = select(OutboxRow.sent_at).where(
    OutboxRow.session_id == bindparam("session"), OutboxRow.step == bindparam("step"), OutboxRow.state == "sent"
)
_MATTERS = select(CaseEvent).where(CaseEvent.kind == "matter", CaseEvent.id > bindparam("seen")).order_by(CaseEvent.id)
_LATEST = _ARRIVED.order_by(OutboxRow.id.desc()).limit(1)
_FIRST = _ARRIVED.where(OutboxRow.chosen.is_(None)).order_by(OutboxRow.id).limit(1)
"""Of those that were not answered, as the wait is counted."""


@contextmanager
def _asking(engine: Engine) -> Iterator[Ask]:
    """Plain questions to SQLite."""
    raw = engine.raw_connection()
    try:
        yield lambda sql, **values: raw.cursor().execute(sql, values).fetchall()
    finally:
        raw.close()


class Watch:
    """Checks a database again and again; rows that were found right and cannot change are not read twice."""

    def __init__(self, db: Database, received: int) -> None:
        self.db = db
        self.received = received
        self._events = 0
        self._sent: set[int] = set()
        self._team: tuple[Any, ...] = ()
        self._crews: dict[int, frozenset[int]] = {}
        self._read: Mapping[Part, tuple[Any, ...]] = {}
        self._rested = False
        self._quiet = db.clock.now()

    @property
    def right(self) -> tuple[int, frozenset[int]]:
        """What was found right: the last event of a case, and the messages that were sent."""
        return self._events, frozenset(self._sent)

    def go_on_from(self, right: tuple[int, frozenset[int]]) -> None:
        """The same rows, in a copy."""
        self._events, self._sent = right[0], set(right[1])

    def check(self, engine: Engine, *, on_the_way: bool = False) -> None:
        """What must hold at this instant, once nothing is left to do; `on_the_way` somewhere else, the auditor is asked, too."""
        with _asking(engine) as ask:
            self.updates(ask)
            self.standing(ask)
        self.lasting(engine)
        self._rested = not on_the_way
        if on_the_way:
            self._on_the_way(engine)

    def _on_the_way(self, engine: Engine) -> None:
        """The auditor is asked of stays and of conversations where something was written of what it reads, and where so much
        time has passed as it said.
        """
        before, passed = self._read, self.db.clock.now() >= self._quiet
        self._read = self._what_it_reads(engine)
        again = [part for part in _READ if passed or self._read[part] != before.get(part)]
        if again:
            self._audit(engine, again)

    def left(self, engine: Engine) -> None:
        """The journey goes on from where it rested, if it did: there the auditor is asked for everything."""
        if self._rested:
            self._rested, self._read = False, self._what_it_reads(engine)
            self._audit(engine, PARTS)

    def _what_it_reads(self, engine: Engine) -> Mapping[Part, tuple[Any, ...]]:
        with _asking(engine) as ask:
            return {part: (self.db.programme, *(ask(sql) for sql in wanted)) for part, wanted in _READ.items()}

    def _audit(self, engine: Engine, parts: Sequence[Part]) -> None:
        now = self.db.clock.now()
        with Session(engine) as rows:
            tx, quiet = Tx(rows, now, self.db.programme), _Quiet(now)
            assert [each for part in parts for each in _found(tx, part, quiet)] == [], "the auditor finds something"
        if audit._stays in parts:
            self._quiet = quiet.until

    def updates(self, ask: Ask) -> None:
        """I1: an accepted update is handled or quarantined, once."""
        kept = ask("SELECT state, person_id FROM inbox")
        states = Counter(state for state, _person in kept)
        assert states["new"] == 0, "I1: left in the inbox"
        assert states.total() == self.received, "I1: lost or doubled"
        twice = [person for state, person in kept if state == "quarantined" and person is not None]
        assert twice == [], "I1: handled, and set aside all the same"

    def standing(self, ask: Ask) -> None:
        """I3 and one half of I5: nothing that waits has been forgotten."""
        now = self.db.clock.now()
        here, late, slow = text_of(now), text_of(now - LATE), text_of(now - SLOW)
        for wake_at, owner in ask("SELECT wake_at, owner_id FROM cases WHERE closed_at IS NULL"):
            assert wake_at is not None, "I3: a case without a next attempt"
            assert wake_at > here or (owner is not None and wake_at >= late), "I3: the next attempt is past"
        for state, wake_at, delivered in ask(_WAITING):
            assert wake_at is None or wake_at > here, "I5: a silence that nobody noticed"
            assert wake_at is not None or state != "open" or not delivered, "I5: a question that waits for ever"
        for table in ("stays", "people"):
            assert ask(f"SELECT id FROM {table} WHERE wake_at <= :here", here=here) == [], f"{table} that nobody woke"
        assert ask(_UNSENT, now=here, late=late, slow=slow) == [], "a message that has not left"

    def lasting(self, engine: Engine) -> None:
        """I2, I4, I5, I6, I8: what is true of every decision from its commit on."""
        with _asking(engine) as ask:
            assert ask(_CONVERSATIONS) == [], "I4: asked twice"
            fresh = [row for row in ask(_SENT) if row[0] not in self._sent]
            told = ask("SELECT id, kind FROM case_events WHERE id > :seen", seen=self._events)
            if any(case is not None for _row, _person, case, *_more in fresh):
                self._who_may_read(tuple(ask(sql) for sql in _CREWS))
        matters = any(kind == "matter" for _number, kind in told)
        if matters or fresh:
            with Session(engine) as rows:
                tx = Tx(rows, self.db.clock.now(), self.db.programme)
                if matters:
                    _matters(tx, self._events)
                _had_the_right(tx, fresh, self._crews)
                _one_prompt_each(tx, fresh)
        self._events = max((number for number, _kind in told), default=self._events)
        self._sent |= {row[0] for row in fresh}

    def _who_may_read(self, team: tuple[Any, ...]) -> None:
        """Crews are worked out anew once they may be others."""
        if team != self._team:
            self._team, self._crews = team, {}


class _Quiet(Afresh):
    """Until when nothing follows, so long as nothing is written; a week at the most."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.until = now + A_WEEK

    def keep(self, tx: Tx, quiet: Mapping[int, datetime | None]) -> None:
        self.until = min((self.until, *(until or tx.now for until in quiet.values())))


def _found(tx: Tx, part: Part, quiet: _Quiet) -> Iterator[Difference]:
    """What the auditor finds of this part."""
    place: Place | None = Place(PARTS.index(part))
    while place is not None and PARTS[place.part] is part:
        found, place = differences_at(tx, place, quiet)
        yield from found


def _matters(tx: Tx, seen: int) -> None:
    for event in tx.rows.scalars(_MATTERS, {"seen": seen}):
        if event.detail["topic"] == "sos":
            _sos_alerted(tx, event)
        if event.detail["topic"] == "missed":
            _silence_was_long_enough(tx, event)


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


def _had_the_right(tx: Tx, sent: list[tuple[Any, ...]], crews: dict[int, frozenset[int]]) -> None:
    """I6: a case is read by those who may follow it, a conversation by the person who has it."""
    for _row, person, case, _lane, _created, asked in sent:
        if case is not None and case not in crews:
            crews[case] = frozenset(crew_of(tx, tx.rows.get_one(CaseRow, case)).everyone)
        assert case is None or person in crews[case], "I6: a stranger was told"
        assert asked in {None, person}, "I6: somebody else's question"


def _one_prompt_each(tx: Tx, sent: list[tuple[Any, ...]]) -> None:
    """I8: what is said in a conversation is a prompt where it asks something."""
    said = [(row, person, at) for row, person, _case, lane, at, asked in sent if lane == Lane.PROMPT and asked]
    at_once = Counter(each[1:] for each in said)
    rows = [row for row, *told in said if at_once[tuple(told)] > 1]
    if rows:
        asking = select(OutboxRow.person_id, OutboxRow.created_at, OutboxRow.message).where(OutboxRow.id.in_(rows))
        prompts = Counter((person, at) for person, at, message in tx.rows.execute(asking) if message["offers"])
        assert max(prompts.values(), default=0) <= 1, "I8: two prompts for one person in one tick"
