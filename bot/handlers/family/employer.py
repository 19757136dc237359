"""The employer of an apprentice or an adult learner hears of an absence, and that nobody can reach them: the fact, and whom to
ring. The adults of the school hear first, and the learner knows beforehand that it is so.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from bot.domain.external import NEWS_OF, News, news_for_employer
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.domain.stay import conditions
from bot.handlers.case.matters import external_meant
from bot.handlers.say.facts import coordinator_of, phone_of
from bot.handlers.say.host import external_of
from bot.handlers.say.marks import mark
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow, open_case
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, marks_of

STEP = "employer."
"""The steps of these letters begin with it."""
FIRST = timedelta(hours=12)
"""So long the adults of the school have before the letter leaves, in working hours."""
MISTAKEN = "false_alarm"
HEARS = "employer hears"
"""What the log of the case says of it."""
LETTERS: dict[News, Text] = {
    News.ABSENCE: _(
        "Good day. {school} has noted that {name} was absent from work in the week of {day}. A letter like this one says no "
        "reasons. Please ring {coordinator}: {phone}."
    ),
    News.UNREACHABLE: _(
        "Good day. {school} cannot reach {name} at present, and is looking for them. If you hear from them, please ring "
        "{coordinator}: {phone}."
    ),
}


def let_employer_know(tx: Tx, stay: StayRow, topic: str, day: date) -> None:
    """A matter has just been opened: where the employer is to hear of it, their letter waits for the morning. Once a week."""
    facts = stay.facts()
    news = news_for_employer(tx.programme, facts, conditions(tx.programme, facts), topic, facts.day_at(tx.now))
    case = open_case(tx.rows, stay.id)
    if news is None or case is None or case.grave or not _was_told(tx, stay):
        return
    person, monday = external_of(tx, stay, Role.EMPLOYER), day - timedelta(days=day.weekday())
    key = f"{STEP}{news}", monday.isoformat()
    if person is None or not person.email or key in marks_of(tx.rows, stay.id) or external_meant(tx, stay, person):
        return
    mark(tx, stay.id, key, "told")
    values = {"school": stay.school.name, "name": stay.person.full_name, "day": {"day": monday.isoformat()}}
    values |= {"coordinator": coordinator_of(tx, stay), "phone": phone_of(stay.school)}
    letter = Letter(LETTERS[news], values)
    post(tx, person.id, letter, Lane.BROADCAST, About(stay=stay.id, step=key[0]), tx.now + FIRST)
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind=HEARS, person_id=None, detail={}))


def _was_told(tx: Tx, stay: StayRow) -> bool:
    """Whether the learner has been told that their employer hears of such things."""
    notice = f"message.{tx.programme.employer.notice}"
    sent = select(OutboxRow.id).join(SessionRow, SessionRow.id == OutboxRow.session_id).where(OutboxRow.state == "sent")
    return (
        tx.rows.scalar(sent.where(SessionRow.stay_id == stay.id, SessionRow.touchpoint == notice).limit(1)) is not None
    )


def still_so(tx: Tx, row: OutboxRow, stay: StayRow) -> bool:
    """Whether what the letter says still stands as it leaves: the matter is none that was settled or a mistake, and nobody
    has cried for help since.
    """
    news = News((row.step or "").removeprefix(STEP))
    person, current = tx.rows.get_one(Person, row.person_id), open_case(tx.rows, stay.id)
    if stay.cancelled or external_meant(tx, stay, person) or (current is not None and current.grave):
        return False
    named = external_of(tx, stay, Role.EMPLOYER)
    wanted = select(CaseEvent.detail, CaseRow.reason).join(CaseRow, CaseRow.id == CaseEvent.case_id)
    wanted = wanted.where(CaseRow.stay_id == stay.id, CaseEvent.kind == "matter", CaseEvent.at == row.created_at)
    found = [reason for detail, reason in tx.rows.execute(wanted) if NEWS_OF.get(detail["topic"]) is news]
    return named is person and any(reason != MISTAKEN for reason in found)
