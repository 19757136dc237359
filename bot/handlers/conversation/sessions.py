"""Conversations: one open session per person, the others wait their turn; what a turn changes is saved at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from bot import flows
from bot.domain.formal import spoken_to
from bot.domain.messages import Letter, Offer
from bot.domain.programme import Programme
from bot.domain.stay import Kind, Stay, open_for
from bot.domain.touchpoints import occasions
from bot.engine.advance import Again, Begin, Event, Handed, Press, Session, Silence, Turn, Words, advance
from bot.engine.flow import Flow
from bot.engine.step import Branch, Choose, Question, Say, Step, Write, on_offer
from bot.handlers.conversation.effects import carry_out, credit
from bot.handlers.conversation.waiting_time import silence_at
from bot.handlers.conversation.wording import place_of, worded
from bot.handlers.family import status_words
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, call_off, post, retire, say_under
from bot.i18n import from_json
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow, of_session
from bot.store.records import audit
from bot.store.sessions import SessionRow, next_queued, open_session, open_up
from bot.store.stays import StayRow

APART = timedelta(minutes=10)
"""So long after one thing was told the next one is."""
EDITABLE = timedelta(days=21)
"""How long an answer may still be given or changed."""
_DONE = (
    select(SessionRow)
    .where(SessionRow.person_id == bindparam("person"), SessionRow.state == "done")
    .where(SessionRow.expires_at > bindparam("now"))
    .order_by(SessionRow.id.desc())
    .limit(1)
)
_SENT = select(OutboxRow.id).where(OutboxRow.session_id == bindparam("session"), OutboxRow.state == "sent").limit(1)


def queue(tx: Tx, stay: StayRow, flow: str, key: tuple[str, str], urgency: int, facts: dict[str, Any]) -> SessionRow:
    """A conversation that is to be had with the learner of a stay. It begins when its turn comes."""
    row = SessionRow(
        person_id=stay.person_id,
        stay_id=stay.id,
        flow=flow,
        touchpoint=key[0],
        occurrence=key[1],
        facts=facts,
        answers=[],
        asked=None,
        state="queued",
        urgency=urgency,
        expires_at=tx.now + EDITABLE,
    )
    tx.rows.add(row)
    return row


def open_next(tx: Tx, person: int, *, lane: Lane = Lane.PROMPT) -> None:
    """Begin the next conversation, unless one is open that is as urgent, or it is too late in the evening.

    A more urgent one does not wait behind a question nobody answers: that one is asked again afterwards.
    """
    waiting = next_queued(tx.rows, person, tx.now)
    if waiting is None:
        return None
    stay = tx.rows.get_one(StayRow, waiting.stay_id)
    if stay.doubtful:
        return None
    current = open_session(tx.rows, person)
    if current is not None and current.urgency <= waiting.urgency:
        if _has_told(tx, current) and waiting.flow == "message" and (waiting.wake_at or tx.now) <= tx.now:
            happen(tx, current, Silence(str(current.asked)), Lane.PROMPT)  # "got it" is waited for by nobody
        return None
    facts = stay.facts()
    opening = tx.now if lane is Lane.ANSWER else open_for(tx.programme, facts, tx.now)
    start = max(opening, waiting.wake_at or tx.now)
    if stay.cancelled or too_late(tx, facts, waiting):
        waiting.state, waiting.wake_at = "expired", None
        return open_next(tx, person, lane=lane)
    if start > tx.now:
        waiting.wake_at = start
        return None
    if current is not None:
        _park(tx, current)
    open_up(tx.rows, waiting)
    waiting.wake_at, waiting.expires_at = None, tx.now + EDITABLE
    happen(tx, waiting, _taken_up(tx, waiting, lane), lane)
    return None


def _taken_up(tx: Tx, row: SessionRow, lane: Lane) -> Event:
    """How a conversation begins, or goes on after another was put before it: its wait went on meanwhile. Whoever has
    just written, or had put it off until now, is asked again all the same.
    """
    if row.asked is None:
        return Begin()
    flow = flow_of(tx, row)
    asked_for = lane is Lane.ANSWER or row.postponed > 0
    over = silence_at(tx, row, flow) if flow is not None and not asked_for else None
    return Silence(row.asked) if over is not None and over <= tx.now else Again()


def _has_told(tx: Tx, row: SessionRow) -> bool:
    """Whether something was told that asks for nothing but "got it", and has arrived."""
    if row.flow != "message" or row.asked is None or row.answers:
        return False
    return tx.rows.scalar(_SENT, {"session": row.id}) is not None


def let_next_be_told(tx: Tx, row: SessionRow) -> None:
    """Something was told: what is to be told as well does not wait for a "got it", only a little."""
    waiting = next_queued(tx.rows, row.person_id, tx.now) if row.flow == "message" and not row.answers else None
    if waiting is not None and waiting.flow == "message":
        waiting.wake_at = waiting.wake_at or tx.now + APART


def too_late(tx: Tx, stay: Stay, row: SessionRow) -> bool:
    """Its time went by while it waited for its turn: a paper for the departure is not asked for afterwards."""
    key = (row.touchpoint, row.occurrence)
    gone = any(each.key == key and each.until <= tx.now for each in occasions(tx.programme, stay))
    if gone and row.asked is None:
        mark(tx, row.stay_id, key, "expired")
    return gone


def give_up(tx: Tx, row: SessionRow) -> None:
    """What it had to say comes too late: that is noted, and what waited behind it comes next."""
    row.state, row.asked, row.wake_at = "expired", None, None
    tx.rows.flush()
    too_late(tx, tx.rows.get_one(StayRow, row.stay_id).facts(), row)
    audit(tx, "sending", "too late", f"session {row.id}")
    open_next(tx, row.person_id)


def begin_now(tx: Tx, person: int) -> None:
    """What the person asked for comes before what waits. Where something graver stands, that is asked again."""
    tx.rows.flush()
    before = open_session(tx.rows, person)
    open_next(tx, person, lane=Lane.ANSWER)
    if before is not None and before.state == "open" and before.asked:
        happen(tx, before, Again(), Lane.ANSWER)


def take_over(tx: Tx, row: SessionRow) -> None:
    """The person goes on with this conversation: another that was open waits its turn."""
    if row.state == "open":
        return
    current = open_session(tx.rows, row.person_id)
    if current is not None:
        _park(tx, current)
    open_up(tx.rows, row)


def _park(tx: Tx, row: SessionRow) -> None:
    """One open conversation per person, at every instant: the database holds us to it."""
    row.state, row.wake_at = "queued", None
    tx.rows.flush()


def happen(tx: Tx, row: SessionRow, event: Event, lane: Lane) -> Turn:
    """Let an event happen to a session: decide, save, say, carry out. A refusal changes nothing."""
    flow = flow_of(tx, row)
    before = Session(row.facts, dict(row.answers), row.asked)
    if flow is None:
        row.state, row.wake_at = "expired", None
        open_next(tx, row.person_id)
        return Turn(before)
    turn = _without_repeats(tx, row, flow, advance(flow, before, event))
    if turn.refused or (turn.session == before and not turn.says):
        return turn
    if isinstance(event, Again) and turn.session == before and _leaves_now(tx, row):
        return Turn(before)
    if isinstance(event, Press | Words | Handed):
        if turn.says:
            take_over(tx, row)
        credit(tx, row, told_an_adult=any(effect.seals for effect in turn.effects))
    asked = _retired(tx, row, event, before.asked)
    if turn.session != before:  # a question that is only repeated waits no longer for it
        row.wake_at = None
    row.answers = [list(pair) for pair in turn.session.answers.items()]
    row.asked = turn.session.asked
    for step in turn.says:
        _say(tx, row, flow, step, lane, asked if isinstance(event, Press) and not event.typed else ())
    carry_out(tx, row, turn.effects)
    if isinstance(event, Press | Words | Handed):
        status_words.answered(tx, row)
    if row.asked is None:
        row.state = "done"
        open_next(tx, row.person_id, lane=lane if not isinstance(event, Silence) else Lane.PROMPT)
    return turn


def _without_repeats(tx: Tx, row: SessionRow, flow: Flow, turn: Turn) -> Turn:
    """What ends a conversation ends it once: answers that come in pieces add nothing to it."""
    ends = [step for name in turn.says if isinstance(step := flow.find(name), Say) and step.once]
    said = [step for step in ends if of_session(tx.rows, row.id, step.id)]
    if not said:
        return turn
    told = [rule(turn.session.facts, turn.session.answers) for step in said for rule in step.effects]
    return replace(
        turn,
        says=tuple(name for name in turn.says if name not in {step.id for step in said}),
        effects=tuple(effect for effect in turn.effects if effect not in told),
    )


def _leaves_now(tx: Tx, row: SessionRow) -> bool:
    """Whether the question that stands is on its way at this moment. A copy that has yet to leave gives way to the new
    one: nobody is asked the same thing twice.
    """
    if row.asked is None:
        return False
    call_off(tx, row.id, row.asked)
    return any(each.state == "sending" for each in of_session(tx.rows, row.id, row.asked))


def flow_of(tx: Tx, row: SessionRow) -> Flow | None:
    """The table of a session as the programme now has it; None where it is gone."""
    return table_of(tx.programme, row.flow, tx.rows.get_one(StayRow, row.stay_id).kind, row.touchpoint)


def table_of(programme: Programme, flow: str, kind: Kind, touchpoint: str) -> Flow | None:
    """The same, by what it follows from."""
    return _table(programme, flow, kind, touchpoint.rpartition(".")[2])


@lru_cache(maxsize=1024)
def _table(programme: Programme, flow: str, kind: Kind, name: str) -> Flow | None:
    """A programme does not change while it is in force: its tables are built once."""
    return flows.build(flow, programme.journey(kind), kind.value, name)


def _retired(tx: Tx, row: SessionRow, event: Event, asked: str | None) -> Sequence[OutboxRow]:
    """The messages that asked what is answered now: their buttons are done."""
    match event:
        case Press():
            return retire(tx, row.id, event.step, event.choice)
        case Handed():
            return retire(tx, row.id, event.step, None)
        case Words() if asked:
            return retire(tx, row.id, event.step or asked, None)
    return ()


def _say(tx: Tx, row: SessionRow, flow: Flow, name: str, lane: Lane, tapped: Sequence[OutboxRow]) -> None:
    """Say a step; where that is a receipt, under the question whose button was `tapped`."""
    step = flow.find(name)
    if step is None or isinstance(step, Branch) or step.text is None:
        return
    values = row.facts | {"new_level": (dict(row.answers).get("level") or "").upper()}
    text, more = worded(tx, row, step)
    letter = Letter(text, values | more, _offers(row, step), place_of(tx, row, step))
    if isinstance(step, Say) and step.receipt and tapped and _said_under(tx, row, tapped, letter):
        return
    post(tx, row.person_id, letter, lane, About(stay=row.stay_id, session=row.id, step=step.id))


def _said_under(tx: Tx, row: SessionRow, asked: Sequence[OutboxRow], letter: Letter) -> bool:
    stay = tx.rows.get_one(StayRow, row.stay_id)
    words = replace(letter, text=spoken_to(stay.kind, letter.text, stay.person.language))
    return say_under(tx, asked, words)


def _offers(row: SessionRow, step: Step) -> tuple[Offer, ...]:
    if not isinstance(step, Question):
        return ()
    action = {"do": "answer", "session": row.id, "step": step.id}
    own = [
        Offer(choice.label, action | {"choice": choice.id}) for choice in on_offer(step, row.facts) if not choice.hidden
    ]
    if isinstance(step, Choose) and step.into:
        into = action | {"choice": step.into}
        own += [Offer(from_json(words), into | {"first": name}) for name, words in row.facts.get("into", ())]
    if isinstance(step, Choose) and step.beside:
        word, label = step.beside
        own.append(Offer(label, {"do": "command", "word": word, "keeps": True}))
    return tuple(own)


def waiting_for_words(tx: Tx, person: int) -> SessionRow | None:
    """The session a typed text is for: the open one, else the last that ended in silence and can still be answered."""
    current = open_session(tx.rows, person)
    if current is not None:
        return current
    last = tx.rows.scalar(_DONE, {"person": person, "now": tx.now})
    if last is None or not last.answers or last.answers[-1][1] is not None:
        return None
    flow = flow_of(tx, last)
    question = flow.question(last.answers[-1][0]) if flow else None
    return None if isinstance(question, Write) and not question.late else last
