"""Carrying out what a conversation decided."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.occasion import Kind
from bot.domain.programme import Means
from bot.engine.effect import Declare, Effect, Enrol, OpenCase, Postpone, SetItem, SetLanguage
from bot.handlers.case.case import Matter, move_item, note, open_matter, settle_answered, sign_of_life
from bot.handlers.case.sos import answer_at_once
from bot.handlers.conversation.watching import heard_of
from bot.handlers.family.employer import let_employer_know
from bot.handlers.say.marks import mark
from bot.i18n import _
from bot.store.cases import open_case
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.sessions import SessionRow, standing_sessions
from bot.store.stays import StayRow, stays_of_person

ATTENDANCE = Kind.ATTENDANCE.value
CREDITED = _("{writer} has noted your answer: thank you.")
"""What a learner hears when an adult has noted an answer for them."""


def carry_out(tx: Tx, row: SessionRow, effects: tuple[Effect, ...]) -> None:
    """Do what was decided, in the same transaction."""
    stay = tx.rows.get_one(StayRow, row.stay_id)
    for effect in effects:
        match effect:
            case OpenCase():
                _open_case(tx, row, stay, effect)
            case SetItem():
                move_item(tx, stay, effect.item, effect.state, effect.value, row.person_id)
            case Declare():
                _declare(tx, row, stay, effect.items)
            case SetLanguage():
                tx.rows.get_one(Person, row.person_id).language = effect.language
            case Enrol():
                _enrol(tx, row.person_id)
            case Postpone():
                _postpone(tx, row.person_id)


def _declare(tx: Tx, row: SessionRow, stay: StayRow, items: tuple[str, ...]) -> None:
    """What was going to be asked one by one is answered."""
    for item in items:
        move_item(tx, stay, item, "declared", None, row.person_id)
        for waiting in standing_sessions(tx.rows, stay.id, f"item.{item}"):
            mark(tx, stay.id, (waiting.touchpoint, waiting.occurrence), "answered")
            waiting.state, waiting.wake_at = "done", None


def _enrol(tx: Tx, person: int) -> None:
    """A person begins once, for every stay that is theirs."""
    for stay in stays_of_person(tx.rows, person):
        if stay.ended is None:
            stay.enrolled_at, stay.wake_at = stay.enrolled_at or tx.now, tx.now
            heard_of(tx, stay)


def _open_case(tx: Tx, row: SessionRow, stay: StayRow, effect: OpenCase) -> None:
    missed = effect.topic == "missed"
    if missed and row.touchpoint == ATTENDANCE and effect.level is Level.FOLLOW_UP:
        return _note_untold(tx, row, stay)
    if _is_task(tx, stay, effect):
        return None
    open_matter(tx, stay, Matter(effect.level, effect.topic, row.touchpoint if missed else effect.answer, row.id))
    if effect.topic == ATTENDANCE:
        let_employer_know(tx, stay, effect.topic, date.fromisoformat(row.occurrence.rpartition("@")[2]))
    if missed:
        mark(tx, row.stay_id, (row.touchpoint, row.occurrence), "missed")
    elif effect.level is Level.NOW:
        answer_at_once(tx, stay)
    return None


def _note_untold(tx: Tx, row: SessionRow, stay: StayRow) -> None:
    """Days at work that nobody told are a task (`/missing`, the digest); how somebody is, other questions ask. Where adults
    are looking already, it stands in their case.
    """
    mark(tx, row.stay_id, (row.touchpoint, row.occurrence), "missed")
    case = open_case(tx.rows, stay.id)
    if case is not None:
        note(tx, case, Matter(Level.FOLLOW_UP, "missed", ATTENDANCE, row.id))


def _is_task(tx: Tx, stay: StayRow, effect: OpenCase) -> bool:
    """A wish or a paper that an adult takes on stands among what they tick (`/tasks`): nobody has to climb a ladder."""
    item = tx.programme.journey(stay.kind).item(effect.topic)
    choice = next((each for each in item.choices if each.id == effect.answer), None) if item else None
    return choice is not None and choice.means is Means.HANDED and effect.level is Level.FOLLOW_UP


def credit(tx: Tx, row: SessionRow, *, told_an_adult: bool) -> None:
    """An answer counts for its occurrence, however late, and settles the case that its silence opened."""
    mark(tx, row.stay_id, (row.touchpoint, row.occurrence), "answered")
    row.answered_at = row.answered_at or tx.now
    case = open_case(tx.rows, row.stay_id)
    if case is None or told_an_adult:
        return
    settled = settle_answered(tx, case.stay, row.id)
    if case.closed_at is None and (settled or case.topic == "missed"):
        sign_of_life(tx, case.stay)


def uncredit(tx: Tx, row: SessionRow) -> None:
    """The only answer of an occurrence was taken back: it was asked, and no more. A case it had settled is not reopened,
    the next silence opens one.
    """
    mark(tx, row.stay_id, (row.touchpoint, row.occurrence), "asked")
    row.answered_at = None


def _postpone(tx: Tx, person: int) -> None:
    """What waits its turn comes one a day, from tomorrow at this hour."""
    wanted = select(SessionRow).where(SessionRow.person_id == person, SessionRow.state == "queued")
    for place, waiting in enumerate(tx.rows.scalars(wanted.order_by(SessionRow.urgency, SessionRow.id)), 1):
        waiting.wake_at = tx.now + timedelta(days=place)
