"""What a learner answered: choices as they were offered; own words behind a reason, files for one look. Looks are noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.messages import Enclosure
from bot.domain.proof import ENDINGS
from bot.engine.flow import Flow
from bot.engine.step import Question, Upload, Write
from bot.flows.check_in import asked_in_general
from bot.handlers.conversation.files import may_look
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.desk.conversation import keeps_words
from bot.i18n import Text, _
from bot.store.db import Tx
from bot.store.keys import Unreadable
from bot.store.portfolio import DIARY, portfolio_of
from bot.store.proofs import ProofRow
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from bot.web.desk.labels import title
from bot.web.desk.relative_time import When
from bot.web.desk.visitor import Missing, Visitor, stay_within

WHY: dict[str, Text] = {
    "case": _("I follow a case of theirs"),
    "asked": _("They asked me to read it"),
    "talk": _("I am about to talk with them"),
    "select": _("I take part in choosing who leaves"),
    "report": _("I prepare the report of the mobility"),
}
"""Reasons to read somebody's own words, by the name under which the audit keeps them."""
SILENT = _("no answer")
SHOWN = 30
ASKED = frozenset({"arrival", "check_in", "attendance", "safe_return"})
"""Conversations whose every answer is shown; of the others only where own words were written."""


@dataclass(frozen=True)
class Answer:
    """A question and the answer to it; own words are named by their step, and not shown."""

    question: str
    answer: str
    words: str = ""


@dataclass(frozen=True)
class Conversation:
    """The answers of one conversation."""

    id: int
    title: str
    at: When | None
    answers: tuple[Answer, ...]


def read_answers(tx: Tx, who: Visitor, row: StayRow) -> list[Conversation]:
    """The answers of a stay, the latest conversation first. Items of the checklist are told there."""
    wanted = select(SessionRow).where(SessionRow.stay_id == row.id, SessionRow.touchpoint.not_like("item.%"))
    found = []
    for session in tx.rows.scalars(wanted.order_by(SessionRow.id.desc()).limit(SHOWN)):
        flow = flow_of(tx, session)
        answers = tuple(_answers(who, flow, session)) if flow else ()
        if answers and (session.flow in ASKED or any(answer.words for answer in answers)):
            named = title(tx.programme, row, session.touchpoint, who.language)
            at = who.clock.of(row, session.answered_at) if session.answered_at else None
            found.append(Conversation(session.id, named, at, answers))
    return [*found, *_shared(tx, who, row)]


def _shared(tx: Tx, who: Visitor, row: StayRow) -> Iterator[Conversation]:
    """What of the diary its writer lets adults read, and nothing else of it."""
    entries = [each for each in portfolio_of(tx.rows, row.id, DIARY) if each.shared_at]
    answers = tuple(Answer(who.clock.of(row, each.at).local, each.words) for each in entries)
    if answers:
        yield Conversation(0, who.says(_("Shared from the diary")), None, answers)


def _answers(who: Visitor, flow: Flow, session: SessionRow) -> Iterator[Answer]:
    for step, given in session.answers:
        question = flow.question(step)
        if question is not None and not isinstance(question, Upload):
            asked = who.says(asked_in_general(question), **session.facts)
            label = _label(who, question, given, session)
            yield Answer(asked, label or "", "" if label is not None else step)


def _label(who: Visitor, question: Question, given: str | None, session: SessionRow) -> str | None:
    """The label of a choice; None for somebody's own words."""
    if given is None:
        return who.says(SILENT)
    choice = next((each for each in question.choices if each.id == given), None)
    if choice is not None:
        return who.says(choice.label, **session.facts)
    return None if isinstance(question, Write) else given


def read_words(tx: Tx, who: Visitor, row: StayRow, number: int, step: str, why: str) -> tuple[str, str]:
    """Somebody's own words: the question and the answer. Who read them, and why, is kept for ever.

    Raises:
        Missing: there are none, or no reason was given.
    """
    session = tx.rows.get(SessionRow, number)
    flow = flow_of(tx, session) if session is not None and session.stay_id == row.id else None
    question = flow.question(step) if flow else None
    given = dict(session.answers).get(step) if session else None
    if session is None or not isinstance(question, Write) or not given or why not in WHY:
        raise Missing
    if keeps_words(tx, who.person, session, step):
        raise Missing
    audit(tx, f"person {who.adult.person}", "read words", f"session {session.id} {step}", why=why)
    return who.says(question.text, **session.facts), given


def opened_file(tx: Tx, who: Visitor, number: int) -> Enclosure:
    """The content of a file. Every look is noted.

    Raises:
        Missing: there is none any more, or it is not theirs to see.
    """
    proof = tx.rows.get(ProofRow, number)
    if proof is None or not may_look(tx, who.person, proof):
        raise Missing
    if proof.session_id is not None:
        stay_within(tx, who, proof.stay_id)
    try:
        content = tx.keys.open(proof.person_id, proof.content) if tx.keys and proof.content else None
    except Unreadable:
        content = None
    if content is None or proof.mime is None or proof.mime not in ENDINGS:
        raise Missing
    audit(tx, f"person {who.adult.person}", "look", f"proof {proof.id}")
    return Enclosure(f"{proof.item or 'sent'}-{proof.id}.{ENDINGS[proof.mime]}", proof.mime, content)
