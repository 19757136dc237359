"""A reaction was removed, or a message deleted: the answer that it was is taken back, and its question stands again."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Incoming, Letter
from bot.domain.touchpoints import occasions
from bot.engine.advance import Press, Refusal, Session, TakenBack, Turn, Words, advance
from bot.engine.flow import Flow
from bot.engine.understand import understand
from bot.handlers.case.case import sign_of_life
from bot.handlers.conversation.effects import carry_out, uncredit
from bot.handlers.conversation.sessions import flow_of, open_next
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import SEALED, call_off, post, retire
from bot.handlers.sending.delivered import wait_for_answer
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow, open_session, open_up
from bot.store.stays import StayRow, current_stay


def take_back(tx: Tx, person: Person, channel: str, incoming: Incoming) -> None:
    """Where it was the answer that counts, it is unsaid. What was decided on a case, or ticked, stays as it is."""
    home = current_stay(tx.rows, person.id)
    if home is not None:
        sign_of_life(tx, home)
    wanted = select(InboxRow).where(InboxRow.channel == channel, InboxRow.message == incoming.message)
    answered = wanted.where(InboxRow.person_id == person.id, InboxRow.session_id.is_not(None))
    said = tx.rows.scalars(answered.order_by(InboxRow.id.desc())).first()  # votes in one poll share its name
    row = tx.rows.get(SessionRow, said.session_id) if said is not None and said.session_id else None
    flow = flow_of(tx, row) if row is not None else None
    if said is None or row is None or flow is None or _is_over(tx, row):
        return
    before, step = Session(row.facts, dict(row.answers), row.asked), said.step or ""
    given = before.answers.get(step)
    if given is None or given != _meant(tx, flow, before, said):
        return
    turn = advance(flow, before, TakenBack(step))
    if turn.refused is Refusal.SEALED:
        stay = tx.rows.get_one(StayRow, row.stay_id)
        post(tx, row.person_id, Letter(SEALED, stay_facts(tx, stay)), Lane.ANSWER)
    elif not turn.refused:
        _forget(tx, row, flow, step, turn)


def _is_over(tx: Tx, row: SessionRow) -> bool:
    """Its time is gone: what was said stands, unless it is answered otherwise. Nobody is missed for a week long past."""
    stay = tx.rows.get_one(StayRow, row.stay_id)
    if stay.cancelled or row.state == "expired" or row.expires_at <= tx.now:
        return True
    key = (row.touchpoint, row.occurrence)
    return any(each.key == key and each.until <= tx.now for each in occasions(tx.programme, stay.facts()))


def _meant(tx: Tx, flow: Flow, session: Session, said: InboxRow) -> str | None:
    """The answer that a message or a tap gave to its step."""
    wanted = select(OutboxRow).where(OutboxRow.session_id == said.session_id, OutboxRow.step == said.step)
    for asked in tx.rows.scalars(wanted):
        shown = asked.rendered["buttons"] if asked.rendered else []
        if said.shown in shown:
            return str(asked.message["offers"][shown.index(said.shown)]["action"].get("choice"))
    meant = understand(flow, Session(session.facts, session.answers, said.step), said.shown or "")
    if isinstance(meant, Press):
        return meant.choice
    return meant.text.strip()[: getattr(flow.question(said.step), "limit", None)] if isinstance(meant, Words) else None


def _forget(tx: Tx, row: SessionRow, flow: Flow, step: str, turn: Turn) -> None:
    """Save what is left. The questions that had followed offer nothing any more; the one that stands does again."""
    entered = [each.id for each in flow.walk(row.facts, dict(row.answers)).entered]
    followed = entered[entered.index(step) + 1 :]
    row.answers, row.asked = [list(pair) for pair in turn.session.answers.items()], turn.session.asked
    row.wake_at = None
    carry_out(tx, row, turn.effects)
    if not any(answer is not None for _step, answer in row.answers):
        uncredit(tx, row)
    for name in followed:
        call_off(tx, row.id, name)
    for name in (*followed, step):
        retire(tx, row.id, name, None)
    _stand(tx, row)


def _stand(tx: Tx, row: SessionRow) -> None:
    """The question waits for its answer as if it had just come; where another stands it is asked again in its turn."""
    current = open_session(tx.rows, row.person_id)
    if current is None or current.id == row.id:
        open_up(tx.rows, row)
        wait_for_answer(tx, row)
        return
    row.state = "queued"
    tx.rows.flush()
    open_next(tx, row.person_id, lane=Lane.ANSWER)
