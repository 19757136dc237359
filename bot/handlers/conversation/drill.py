"""SOS within the exercise that asks for it. Whatever is not certainly the exercise is a real cry."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.sos import is_bare_sos
from bot.engine.drill import TRIED, TRY, WINDOW
from bot.engine.event import Words
from bot.engine.step import Write
from bot.handlers.conversation.sessions import flow_of, happen
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow, open_session

WORRYING = frozenset({"sos", "distress", "problem", "nudge", "missed", "trend"})
"""Topics about the person, whatever their level."""


def tried(tx: Tx, person: Person, text: str) -> bool:
    """Take SOS for the exercise, if it is: SOS alone, its question stands and reached the learner less than ten minutes
    ago, and no adult is worried about them. The next SOS is real: the question does not stand any more.
    """
    row = open_session(tx.rows, person.id)
    if row is None or not is_bare_sos(text) or not _asked_just_now(tx, row) or _worrying(tx, row.stay_id):
        return False
    turn = happen(tx, row, Words(TRIED), Lane.ALERT)
    return bool(turn.says)


def _worrying(tx: Tx, stay: int) -> bool:
    """A case for today or now, or of distress. A paper that is overdue is no reason to doubt the exercise."""
    case = open_case(tx.rows, stay)
    return case is not None and (case.level.rank >= Level.TODAY.rank or case.topic in WORRYING)


def _asked_just_now(tx: Tx, row: SessionRow) -> bool:
    flow = flow_of(tx, row) if row.asked == TRY else None
    if flow is None or not isinstance(flow.question(TRY), Write) or flow.find("card") is None:
        return False
    wanted = select(OutboxRow.sent_at).where(OutboxRow.session_id == row.id, OutboxRow.step == TRY)
    sent = tx.rows.scalars(wanted.where(OutboxRow.state == "sent").order_by(OutboxRow.id.desc()).limit(1)).first()
    return sent is not None and tx.now - sent < WINDOW
