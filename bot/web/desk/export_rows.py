"""The rows of each export: what an adult may read on the desk, learner by learner, and nothing besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.documents.badges import badge_of
from bot.documents.tables import Cell
from bot.domain.occasion import slot_of
from bot.domain.rights import Act
from bot.domain.roster.fields import Field, label
from bot.domain.touchpoints import due_day
from bot.engine.step import Upload, Write
from bot.flows.attendance import days_told
from bot.flows.check_in import asked_in_general
from bot.handlers.case.crew import followed
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.conversation.tasks import may_tick, title_for
from bot.handlers.desk.payments import DaysAtWork, days_at_work, may_count, payments
from bot.i18n import Text, _
from bot.store.badges import BadgeRow
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, StayRow
from bot.web.desk.answers import ASKED, SILENT
from bot.web.desk.cases import reason_of
from bot.web.desk.labels import title
from bot.web.desk.payments import shown_payment
from bot.web.desk.timeline import ITEMS, TODO, items
from bot.web.desk.visitor import Visitor, within

OWN_WORDS = _("own words: to be read on the learner's page")
Rows = Iterator[tuple[StayRow, tuple[Cell, ...]]]
"""A stay, and the cells that stand behind those of its learner."""


@dataclass(frozen=True)
class Export:
    """What may be taken out: what it is called, what holds it, which right it needs, its columns and its rows."""

    title: Text
    about: Text
    act: Act
    columns: tuple[Text, ...]
    rows: Callable[[Tx, Visitor, dict[int, StayRow]], Rows]


def learner_header(language: str) -> tuple[str, ...]:
    """The columns that every export begins with."""
    fields = (Field.REFERENCE, Field.LAST_NAME, Field.FIRST_NAME, Field.SCHOOL, Field.CLASS, Field.CITY, Field.DEPARTURE, Field.BACK)  # fmt: skip
    return tuple(label(field, language) for field in fields)


def learner_cells(stay: StayRow) -> tuple[Cell, ...]:
    """Who, and which stay."""
    person = stay.person
    return person.ref, person.last_name, person.first_name, stay.school.name, stay.class_name, stay.city, stay.departure, stay.back  # fmt: skip


def stays_for(tx: Tx, who: Visitor, act: Act) -> dict[int, StayRow]:
    """The stays with which somebody may do something, whatever became of them, the class and the name in order."""
    wanted = select(StayRow).where(within(who, act)).options(joinedload(StayRow.person), joinedload(StayRow.school))
    rows = [row for row in tx.rows.scalars(wanted) if who.may_with(act, row)]
    rows.sort(key=lambda row: (row.school.name, row.class_name, row.person.last_name, row.person.first_name, row.id))
    return {row.id: row for row in rows}


def _papers(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    states = {(row.stay_id, row.item): row for row in tx.rows.scalars(select(ItemState))}
    adults = _names(tx, {row.by_id for row in states.values() if row.by_id})
    titles: dict[str, str] = {}
    for stay in stays.values():
        for item in items(tx.programme, stay.facts()):
            key = f"{stay.kind} {stay.school_id} {item.id}"
            titles[key] = titles.get(key) or who.says(title_for(who.person, stay, item))
            state = states.get((stay.id, item.id))
            told = who.says(ITEMS.get(state.state if state else "", TODO))
            by = adults.get(state.by_id or 0, "") if state and state.by_id != stay.person_id else ""
            at = _local(who, state.at) if state else None
            yield stay, (titles[key], due_day(stay.facts(), item), told, at, by)


def _sessions(tx: Tx, stays: dict[int, StayRow]) -> Iterator[tuple[StayRow, SessionRow]]:
    found: dict[int, list[SessionRow]] = {}
    for row in tx.rows.scalars(select(SessionRow).where(SessionRow.flow.in_(ASKED)).order_by(SessionRow.id)):
        found.setdefault(row.stay_id, []).append(row)
    return ((stay, session) for stay in stays.values() for session in found.get(stay.id, ()))


def _attendance(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    for stay, session in _sessions(tx, stays):
        days = days_told(session.answers)
        if days is not None or session.flow == "attendance":
            expected = session.facts.get("expected")
            wanted = int(str(expected)) if str(expected).isdigit() else None
            yield stay, (_week(session), days, wanted, _local(who, session.answered_at))


def _answers(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    for stay, session in _sessions(tx, stays):
        flow = flow_of(tx, session)
        for step, given in session.answers if flow else ():
            question = flow.question(step) if flow else None
            if question is None or isinstance(question, Upload):
                continue
            choice = next((each for each in question.choices if each.id == given), None)
            told = who.says(SILENT) if given is None else given
            if choice is not None:
                told = who.says(choice.label, **session.facts)
            elif isinstance(question, Write) and given is not None:
                told = who.says(OWN_WORDS)
            named = title(tx.programme, stay, session.touchpoint, who.language)
            asked = who.says(asked_in_general(question), **session.facts)
            yield stay, (named, _week(session), asked, told, _local(who, session.answered_at))


def _cases(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    wanted = select(CaseRow).where(CaseRow.stay_id.in_(stays)).options(joinedload(CaseRow.stay)).order_by(CaseRow.id)
    rows = followed(tx, who.person, tx.rows.scalars(wanted), who.kept)
    taken: dict[int, datetime] = {}
    events = select(CaseEvent.case_id, CaseEvent.at).where(CaseEvent.kind == "taken").order_by(CaseEvent.id)
    for case, at in tx.rows.execute(events):
        taken.setdefault(case, at)
    owners = _names(tx, {row.owner_id for row in rows if row.owner_id})
    for row in rows:
        level = who.says(tx.programme.levels[row.level].name)
        reason = who.says(reason_of(row)) if row.closed_at else ""
        instants = (_local(who, row.opened_at), _local(who, taken.get(row.id)), _local(who, row.closed_at))
        yield stays[row.stay_id], (row.id, level, *instants, owners.get(row.owner_id or 0, ""), reason)


def _balance(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    for each in payments(tx, who.adult, stays):
        shown = shown_payment(tx, who, each)
        read = each.standing.certificate
        days: tuple[Cell, ...] = shown.days or (None, None)
        waits = "; ".join(what for what, _whose in shown.missing)
        first, last = (read.first, read.last) if read else (None, None)
        yield stays[each.row.id], (who.says(shown.state), waits, shown.outcome, first, last, *days, " ".join(shown.remarks), shown.levels)  # fmt: skip


def _allowance(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    theirs = [row for row in stays.values() if not row.cancelled and may_count(tx, who.person, row)]
    told = days_at_work(tx, [row.id for row in theirs])
    certified = {each.row.id: each.standing.certificate for each in payments(tx, who.adult, [row.id for row in theirs])}
    for row in theirs:
        days, read = told.get(row.id, DaysAtWork()), certified.get(row.id)
        first, last = (read.first, read.last) if read else (None, None)
        yield row, (days.days, days.weeks, days.untold, first, last)


def _badges(tx: Tx, who: Visitor, stays: dict[int, StayRow]) -> Rows:
    """Of those alone who said with a press that their badge may go to a platform."""
    wanted = tx.programme.badge
    shared = set(tx.rows.scalars(select(BadgeRow.stay_id).where(BadgeRow.shared_at.is_not(None))))
    for row in (stays[number] for number in stays if number in shared):
        item = tx.programme.journey(row.kind).item(wanted.item) if wanted else None
        badge = badge_of(tx, row, row.person.language) if item and may_tick(who.person, row, item) else None
        if badge is not None:
            yield row, (row.person.email, badge.name, badge.about, _local(who, badge.day), badge.token)


def _week(session: SessionRow) -> str:
    """The day that a weekly question is about, as its occurrence names it."""
    return slot_of(session.occurrence)


def _names(tx: Tx, people: set[int]) -> dict[int, str]:
    found = tx.rows.scalars(select(Person).where(Person.id.in_(people))) if people else ()
    return {person.id: person.full_name for person in found}


def _local(who: Visitor, at: datetime | None) -> datetime | None:
    return at.astimezone(who.clock.zone).replace(tzinfo=None) if at else None


EXPORTS: dict[str, Export] = {
    "papers": Export(
        _("Papers and tasks"),
        _("Each item of the checklist, by when it is due, where it stands, and who ticked it."),
        Act.SEE_LEARNERS,
        (_("Item"), _("Due"), _("State"), _("Since"), _("Ticked by")),
        _papers,
    ),
    "balance": Export(
        _("Balance"),
        _("Every stay that is over: whether its balance can be paid, and what it waits for. Nothing of how anybody is."),
        Act.SEE_LEARNERS,
        (_("State"), _("Waits for"), _("Certificate"), _("First day on it"), _("Last day on it"), _("Days certified"), _("Days agreed"), _("To settle first"), _("Language test")),
        _balance,
    ),
    "allowance": Export(
        _("Days for the allowance"),
        _("The days at work that each learner said, added up, for whoever enters them; apprentices have no such allowance."),
        Act.TICK,
        (_("Days at work"), _("Weeks told"), _("Weeks without an answer"), _("First day on the certificate"), _("Last day on the certificate")),
        _allowance,
    ),
    "badges": Export(
        _("Badges for a platform"),
        _("The signed badge of each learner who agreed with a press in /skills, for Open Badge Passport and the like. Of nobody else."),
        Act.TICK,
        (_("E-mail"), _("Badge"), _("What it says"), _("Awarded"), _("Open Badges 3.0 credential")),
        _badges,
    ),
    "attendance": Export(
        _("Days at work"),
        _("The days that each learner said, week by week."),
        Act.READ_ANSWERS,
        (_("Week"), _("Days at work"), _("Days expected"), _("Answered")),
        _attendance,
    ),
    "answers": Export(
        _("Answers"),
        _("What was answered by choice. Own words stay on the learner's page, behind a reason."),
        Act.READ_ANSWERS,
        (_("Contact"), _("Week"), _("Question"), _("Answer"), _("Answered")),
        _answers,
    ),
    "cases": Export(
        _("Cases"),
        _("When each was opened, taken and closed, by whom, and how it ended. Cries for help only for those who may know of them."),
        Act.SEE_CASES,
        (_("Case"), _("Level"), _("Opened"), _("Taken"), _("Closed"), _("Followed by"), _("How it ended")),
        _cases,
    ),
}  # fmt: skip
