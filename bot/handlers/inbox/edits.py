"""A message was changed after it was sent, or answers one particular message of ours: what it means is known from there."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Incoming, Letter
from bot.engine.advance import Session, Words
from bot.engine.understand import understand
from bot.handlers.case import relay
from bot.handlers.case.case import sign_of_life
from bot.handlers.conversation.diary import entry_of
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.desk.broadcast import has_read
from bot.handlers.inbox.presses import press_in_words, take_answer
from bot.handlers.say.post import GONE, TOGETHER, post, tell
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, Outcome, latest_of_case, sent_as
from bot.store.people import Address, Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, current_stay

SEVERAL = _("That message is about several learners, so nothing was passed on. To write to one: /write and the name.")


def revise(tx: Tx, person: Person, channel: str, incoming: Incoming) -> None:
    """Somebody changed what they had written. Where it was an answer, the answer changes; nothing else does."""
    before = said_as(tx, person, channel, incoming)
    session = tx.rows.get(SessionRow, before.session_id) if before is not None and before.session_id else None
    if before is not None and session is not None and before.step:
        answer(tx, session, before.step, incoming.text)
        before.shown = incoming.text
        return
    entry = entry_of(tx, person, before.shown) if before is not None else None
    if before is not None and entry is not None:
        entry.words = before.shown = incoming.text
    stay = current_stay(tx.rows, person.id)
    if stay is not None:
        sign_of_life(tx, stay)


def said_as(tx: Tx, person: Person, channel: str, incoming: Incoming) -> InboxRow | None:
    """What somebody wrote in the message that they change now."""
    wanted = select(InboxRow).where(InboxRow.channel == channel, InboxRow.message == incoming.message)
    return tx.rows.scalars(wanted.where(InboxRow.person_id == person.id).order_by(InboxRow.id)).first()


def answer_to(tx: Tx, row: InboxRow, address: Address, person: Person, incoming: Incoming) -> bool:
    """A reply to one of our messages. False where that says nothing of what it means."""
    ours = sent_as(tx.rows, address.id, incoming.reply_to or incoming.thread)
    if ours is not None and not incoming.reply_to and ours.case_id is not None:
        ours = latest_of_case(tx.rows, ours)
    if ours is None or ours.person_id != person.id or not incoming.text or incoming.text.startswith("/"):
        return False
    if press_in_words(tx, person, ours, incoming.text):
        return True  # "1" in reply to an alert takes the case; it is nothing to say to a learner
    if ours.stay_id is None and (ours.step or "").startswith(
        TOGETHER
    ):  # it is about several: nobody's words go to one of them by chance
        tell(tx, person, SEVERAL)
        return True
    if ours.case_id is not None:
        row.outcome = Outcome.HANDED
        relay.to_learner(tx, person, ours.case_id, incoming.text)
        return True
    if ours.step == relay.BACK and ours.stay_id is not None:
        row.outcome = Outcome.HANDED
        relay.write(tx, person, tx.rows.get_one(StayRow, ours.stay_id), incoming.text)
        return True
    if ours.step == relay.STEP:
        row.outcome = Outcome.HANDED
        has_read(tx, person.id, ours)
        relay.to_adult(tx, person, ours, incoming.text)
        return True
    session = tx.rows.get(SessionRow, ours.session_id) if ours.session_id else None
    if session is None or not ours.step or not answer(tx, session, ours.step, incoming.text):
        return False
    row.session_id, row.step = session.id, ours.step
    return True


def answer(tx: Tx, row: SessionRow, step: str, text: str) -> bool:
    """Words for one step of a conversation, asked now or long ago. False where they are no answer to it."""
    flow = flow_of(tx, row)
    if flow is None or flow.question(step) is None:
        return False
    meant = understand(flow, Session(row.facts, dict(row.answers), step), text)
    if meant is None:
        return False
    if row.state == "expired" or row.expires_at <= tx.now:
        post(tx, row.person_id, Letter(GONE), Lane.ANSWER)
        return True
    take_answer(tx, row, Words(text, step) if isinstance(meant, Words) else meant)
    return True
