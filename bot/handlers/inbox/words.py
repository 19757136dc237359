"""Somebody wrote. SOS first, then commands, then the answer to the question that stands; nothing is left unanswered."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.domain.command_words import word_of
from bot.domain.desk import has_desk
from bot.domain.level import Level
from bot.domain.messages import Incoming, Letter
from bot.domain.sos import is_sos
from bot.engine.advance import Again, Press, Session, Words, standing
from bot.engine.understand import understand
from bot.handlers.case.case import sign_of_life
from bot.handlers.case.distress import listen
from bot.handlers.case.exclusion import leave_out_doubtful, leave_out_named
from bot.handlers.case.open_cry import acknowledge, cry_of, keep
from bot.handlers.case.question import not_understood, question, wants_somebody
from bot.handlers.case.sos import sos
from bot.handlers.conversation import diary
from bot.handlers.conversation.drill import tried
from bot.handlers.conversation.postponement import is_later, put_off
from bot.handlers.conversation.sessions import flow_of, happen, waiting_for_words
from bot.handlers.desk import DESK
from bot.handlers.inbox.commands import obey
from bot.handlers.inbox.edits import said_as
from bot.handlers.inbox.presses import mean
from bot.handlers.inbox.typed_answers import LEAVES, Meaning, ask_which, meanings
from bot.handlers.say.post import post
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, Outcome
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, current_stay, last_stay

UNCLEAR = _("I did not understand. Please choose one of the buttons, or write its number.")
HEARD = _("I am a robot and understand little. /help shows what I can do. If you need somebody, write SOS.")
HEARD_ADULT = _("I am a robot and understand little. /help shows what I can do.")
STORY = 3
"""Words that are more than a button, a number or a name."""
_CONTINUOUS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{4}")
"""Writing without spaces between words."""


class Listened(NamedTuple):
    """What came of listening to words before they are understood."""

    instead: Text | None = None
    """What is said in place of "I did not understand": there was distress."""
    meant: list[Meaning] | None = None
    """All that they can mean to what stands; none where that has to be looked at once more, since something was done."""


def hear(tx: Tx, person: Person, text: str, row: InboxRow, listened: Listened) -> None:
    """Understand a typed message, whatever state its author is in."""
    instead, meant = listened
    home = last_stay(tx.rows, person.id)
    if home is not None and is_sos(text, tx.programme.sos.words):
        if tried(tx, person, text):
            return None
        leave_out_named(tx, home, text)
        return sos(tx, home)
    stay = current_stay(tx.rows, person.id)
    word, rest = word_of(text)
    if word in {"help", "question"} and instead is not None:  # adults have these words, and are told how grave they are
        return _say(tx, person.id, instead)
    if word:
        return obey(tx, person, word, rest)
    if answer_what_stands(tx, person, text, row, meant, worried=instead is not None):
        return None
    if stay is not None and instead is None and wants_somebody(tx, stay, text):
        question(tx, person, stay, text, Level.TODAY)
        instead = ""
    cry = cry_of(tx, home) if row.outcome is None else None
    if cry is not None:
        leave_out_doubtful(tx, cry, text)
        keep(tx, cry, row, readable=True)
    session = waiting_for_words(tx, person.id) if stay is not None else None
    if session is not None and is_later(text) and _puts_off(tx, session, text):
        return put_off(tx, session)
    step = standing(Session(session.facts, dict(session.answers), session.asked)) if session is not None else None
    if (
        session is not None
        and (cry is None or _answers(tx, session, text))
        and answer_in_words(tx, session, text, instead, row)
    ):
        row.session_id, row.step = session.id, step
        return None
    if cry is not None:
        return acknowledge(tx, cry, readable=True)
    if stay is not None:
        sign_of_life(tx, stay)
    if instead is None:
        return _not_understood(tx, person, stay, row)
    return _say(tx, person.id, instead)


def _not_understood(tx: Tx, person: Person, stay: StayRow | None, row: InboxRow) -> None:
    if stay is None or not not_understood(tx, stay, row):
        row.outcome = Outcome.UNREAD
        _say(tx, person.id, HEARD if stay else HEARD_ADULT)


def answer_what_stands(
    tx: Tx, person: Person, text: str, row: InboxRow, meant: list[Meaning] | None = None, *, worried: bool = False
) -> bool:
    """Words as the answer to the one message of ours that they fit; of several the person is asked which. Words of
    distress are passed on to nobody: those who are told of them are.
    """
    found = [
        each
        for each in (meanings(tx, person, text, row) if meant is None else meant)
        if not (worried and each.place is None and each.message.step in LEAVES)
    ]
    if len(found) > 1:
        ask_which(tx, person, found, text, row)
    elif found:
        if found[0].place is None and found[0].message.step != diary.STEP:  # the very words are wanted, by somebody
            row.outcome = Outcome.HANDED
        mean(tx, person, found[0], text)
    return bool(found)


def listen_for_distress(tx: Tx, person: Person, incoming: Incoming, row: InboxRow) -> Listened:
    """As `case.distress.listen`; words that answer what an adult wrote are read by them. A command answers nothing, and what
    the team types behind one of its own is about others.
    """
    if incoming.text.startswith("/"):
        word, _rest = word_of(incoming.text)
        if word in DESK and has_desk(held.role for held in person.roles):
            return Listened()
        return Listened(listen(tx, person, incoming, row, read=word == "question", private=word == "diary"))
    meant = meanings(tx, person, incoming.text, row)
    read = any(each.relayed for each in meant)
    private = any(each.place is None and each.message.step == diary.STEP for each in meant)
    if incoming.edited:
        before = said_as(tx, person, row.channel, incoming)
        private = before is not None and diary.entry_of(tx, person, before.shown) is not None
    instead = listen(tx, person, incoming, row, read=read, private=private)
    return Listened(instead, meant if instead is None else None)


def _puts_off(tx: Tx, row: SessionRow, text: str) -> bool:
    """Whether the word is no answer to the question itself, which may offer it or ask for words."""
    return row.state == "open" and row.asked is not None and not _answers(tx, row, text)


def _answers(tx: Tx, row: SessionRow, text: str) -> bool:
    return _meant(tx, row, text) is not None


def _meant(tx: Tx, row: SessionRow, text: str) -> Press | Words | None:
    flow = flow_of(tx, row)
    return understand(flow, Session(row.facts, dict(row.answers), row.asked), text) if flow else None


def _say(tx: Tx, person: int, text: Text) -> None:
    """An empty text: enough was said already."""
    if text:
        post(tx, person, Letter(text), Lane.ANSWER)


def answer_in_words(tx: Tx, row: SessionRow, text: str, instead: Text | None, said: InboxRow) -> bool:
    """The answer to the question that stands, or the question once more, kindly. False where none stands any more.

    Whoever tells a story is asked first whether it is for an adult; the question comes again after that.
    """
    meant = _meant(tx, row, text)
    if meant is not None:
        happen(tx, row, meant, Lane.ANSWER)
        return True
    if row.state != "open":
        return False
    stay = tx.rows.get_one(StayRow, row.stay_id)
    sign_of_life(tx, stay)
    if instead is None and _is_story(text) and not_understood(tx, stay, said):
        return True
    said.outcome = said.outcome or Outcome.UNREAD
    _say(tx, row.person_id, UNCLEAR if instead is None else instead)
    happen(tx, row, Again(), Lane.ANSWER)
    return True


def _is_story(text: str) -> bool:
    """More than a button or a number could have been meant by."""
    return sum(any(map(str.isalpha, word)) for word in text.split()) >= STORY or _CONTINUOUS.search(text) is not None
