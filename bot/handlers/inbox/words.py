"""Somebody wrote. SOS first, then commands, then the answer to the question that stands; nothing is left unanswered."""

from __future__ import annotations

from bot.domain.messages import Letter
from bot.domain.sos import is_sos
from bot.engine.advance import Again, Session, standing
from bot.engine.understand import understand
from bot.handlers.case.case import sign_of_life
from bot.handlers.case.sos import sos
from bot.handlers.conversation.drill import tried
from bot.handlers.conversation.sessions import flow_of, happen, waiting_for_words
from bot.handlers.conversation.tomorrow import is_later, put_off
from bot.handlers.inbox.commands import obey, word_of
from bot.handlers.inbox.presses import mean
from bot.handlers.inbox.standing import ask_which, meanings
from bot.handlers.say.post import post
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, current_stay, last_stay

UNCLEAR = _("I did not understand. Please choose one of the buttons, or write its number.")
HEARD = _("I am a robot and understand little. /help shows what I can do. If you need somebody, write SOS.")
HEARD_ADULT = _("I am a robot and understand little. /help shows what I can do.")


def hear(tx: Tx, person: Person, text: str, row: InboxRow, instead: Text | None = None) -> None:
    """Understand a typed message, whatever state its author is in. `instead` is said where nothing is understood."""
    home = last_stay(tx.rows, person.id)
    if home is not None and is_sos(text, tx.programme.sos.words):
        return None if tried(tx, person, text) else sos(tx, home)
    stay = current_stay(tx.rows, person.id)
    word, rest = word_of(text)
    if word:
        return obey(tx, person, word, rest)
    if answer_what_stands(tx, person, text, row):
        return None
    session = waiting_for_words(tx, person.id) if stay is not None else None
    if session is not None and is_later(text) and _puts_off(tx, session, text):
        return put_off(tx, session)
    step = standing(Session(session.facts, dict(session.answers), session.asked)) if session is not None else None
    if session is not None and answer_in_words(tx, session, text, instead):
        row.session_id, row.step = session.id, step
        return None
    if stay is not None:
        sign_of_life(tx, stay)
    _say(tx, person.id, (HEARD if stay else HEARD_ADULT) if instead is None else instead)
    return None


def answer_what_stands(tx: Tx, person: Person, text: str, row: InboxRow) -> bool:
    """Words as the answer to the one message of ours that they fit; of several the person is asked which."""
    found = meanings(tx, person, text, row)
    if len(found) > 1:
        ask_which(tx, person, found, text, row)
    elif found:
        mean(tx, person, found[0], text)
    return bool(found)


def _puts_off(tx: Tx, row: SessionRow, text: str) -> bool:
    """Whether the word is no answer to the question itself, which may offer it or ask for words."""
    flow = flow_of(tx, row)
    meant = understand(flow, Session(row.facts, dict(row.answers), row.asked), text) if flow else None
    return row.state == "open" and row.asked is not None and meant is None


def _say(tx: Tx, person: int, text: Text) -> None:
    """An empty text: enough was said already."""
    if text:
        post(tx, person, Letter(text), Lane.ANSWER)


def answer_in_words(tx: Tx, row: SessionRow, text: str, instead: Text | None = None) -> bool:
    """The answer to the question that stands, or the question once more, kindly. False where none stands any more."""
    flow = flow_of(tx, row)
    meant = understand(flow, Session(row.facts, dict(row.answers), row.asked), text) if flow else None
    if meant is not None:
        happen(tx, row, meant, Lane.ANSWER)
        return True
    if row.state != "open":
        return False
    sign_of_life(tx, tx.rows.get_one(StayRow, row.stay_id))
    _say(tx, row.person_id, UNCLEAR if instead is None else instead)
    happen(tx, row, Again(), Lane.ANSWER)
    return True
