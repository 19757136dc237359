"""School walls: who may not touch a case, and what they hear; who may read a learner's own words."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Person, School, by_ref
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing
from tests.journeys.words import FOLLOW_UP, alert, climbs, sign

SEEN = sign("Monday 1 Mar 09:00")


def log_of(journey: Journey) -> list[str]:
    wanted = select(CaseEvent.kind, Person.ref).outerjoin(Person, Person.id == CaseEvent.person_id)
    return [f"{kind} {ref or ''}".strip() for kind, ref in journey.ask(wanted.order_by(CaseEvent.id))]


def move_school(tx: Tx, ref: str, school: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    person.school = tx.rows.scalars(select(School).where(School.ref == school)).one()


async def test_who_has_gone_to_another_school_cannot_act_and_hears_why(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.do(move_school, "luc", "ombelle")

    for choice in ("take", "pass", "reached", "close"):
        await journey.press("luc", choice)

    assert journey.heard("luc") == ["This case is not yours to follow."] * 4
    assert journey.heard("nadia") == []
    assert journey.ask(select(CaseRow.owner_id, CaseRow.closed_at)) == [(None, None)]


async def test_finance_and_another_school_hear_nothing_and_cannot_press(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    token = journey.token("nadia", "take")

    for stranger in ("pascale", "yann"):
        await journey.bring(stranger, {"token": token})

    assert journey.heard("pascale") == journey.heard("yann") == ["This button is not for you."]
    assert log_of(journey)[-1] == "alerted rung 1"


async def test_a_learners_question_is_read_only_by_who_may_follow_and_the_reading_is_noted(begin: Begin) -> None:
    journey = begin("2027-01-04 09:00")
    await journey.enrol("martina")
    await journey.until("2027-01-04 18:00")
    journey.heard("nadia"), journey.heard("martina")
    await journey.press("martina", "question")
    await journey.say("martina", "¿Puedo llevar mi gato?")
    assert journey.heard("martina")[1] == "Thank you. Nadia Ferhaoui will answer you."

    told = journey.heard("nadia")
    await journey.press("nadia", "Read the message")

    by = climbs("Wednesday 6 Jan 18:00", "the deputy")
    buttons = "[I take it] [Pass on…] [Reached] [Reached, all well] [Close…] [Read the message]"
    seen = sign("Monday 4 Jan 18:00")
    assert told == [
        alert(FOLLOW_UP, "Martina A., at home (14:00", "Has a question for you.", seen, by, buttons=buttons)
    ]
    assert journey.heard("nadia") == ["Martina A. writes: « ¿Puedo llevar mi gato? »"]
    assert journey.ask(select(AuditRow.action, AuditRow.target).where(AuditRow.action == "read")) == [
        ("read", "case 1")
    ]
