"""A learner answered by phone: the coordinator credits it, the silence ends, the learner hears it."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.people import Person
from bot.store.records import AuditRow
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, Mark
from tests.handlers.conversation.test_postponement import paper_asked
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey, instant
from tests.journeys.scenes import arrival_missing, check_in_asked, cry, forget
from tests.journeys.words import ended

THANKS = "Nadia Ferhaoui has noted your answer: thank you."


async def test_a_credited_arrival_closes_the_case_of_its_silence(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    asked = await ask(journey, "nadia", "/phoned lina")
    assert asked == [
        "What did Lina H. answer you by phone? [the arrival, 6 March 2027] [European Health Insurance Card (EHIC)]"
    ]
    await journey.press("nadia", "the arrival, 6 March 2027")

    assert journey.heard("nadia") == [
        ended("has answered", "Sunday 7 Mar 13:45"),
        "Noted as answered by phone: the arrival. I tell Lina H.",
    ]
    assert journey.heard("lina") == [THANKS]
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "arrival")) == [("answered",)]
    assert journey.ask(select(SessionRow.state).where(SessionRow.touchpoint == "arrival")) == [("done",)]
    assert journey.ask(select(CaseRow.reason)) == [("answered",)]
    assert journey.ask(select(AuditRow.actor, AuditRow.target).where(AuditRow.action == "phoned")) == [
        (f"person {_number(journey, 'nadia')}", f"stay {journey.stay('lina')} arrival once@2027-03-06")
    ]
    assert journey.ask(select(Person.last_sign_at).where(Person.ref == "lina")) == [(instant("2027-03-07 13:45"),)]


def _number(journey: Journey, ref: str) -> int:
    return int(journey.ask(select(Person.id).where(Person.ref == ref))[0][0])


async def test_credited_twice_is_credited_once(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await ask(journey, "nadia", "/telephone lina")
    token = journey.token("nadia", "the weekly check-in, 14 March 2027")
    await journey.bring("nadia", {"token": token})
    await journey.bring("nadia", {"token": token})

    assert journey.heard("nadia") == [
        "Noted as answered by phone: the weekly check-in. I tell Lina H.",
        "This has its answer already, or is not asked any more.",
    ]
    assert journey.heard("lina") == [THANKS]
    await journey.until("2027-03-18 10:00")
    assert (journey.heard("lina"), journey.ask(select(CaseRow.id))) == ([], [])


async def test_another_case_stays_open_and_hears_of_it(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await cry(journey)
    await ask(journey, "nadia", "/llamado lina")
    await journey.press("nadia", "the weekly check-in, 14 March 2027")

    assert journey.ask(select(CaseRow.topic, CaseRow.closed_at, CaseRow.owner_id)) == [("sos", None, None)]
    assert journey.ask(select(CaseEvent.kind).order_by(CaseEvent.id.desc()).limit(1)) == [("noted",)]


async def test_a_paper_told_by_phone_is_still_to_be_seen(begin: Begin) -> None:
    journey = begin()
    await paper_asked(journey)
    await ask(journey, "nadia", "/phoned lina")
    await journey.press("nadia", "European Health Insurance Card (EHIC)")

    assert journey.ask(select(ItemState.state)) == [("declared",)]
    forget(journey)
    assert await ask(journey, "nadia", "/phoned lina") == ["Nothing that I asked Lina H. waits for an answer."]


async def test_at_night_the_learner_hears_it_in_the_morning(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-14 23:00")
    await ask(journey, "nadia", "/phoned lina")
    await journey.press("nadia", "the weekly check-in, 14 March 2027")
    night = journey.heard("lina")
    await journey.until("2027-03-15 09:00")

    assert (night, journey.heard("lina")) == ([], [THANKS])


async def test_walls_and_roles_hold(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    nobody = ["I find no learner of that name. /who shows who is abroad now."]

    assert await ask(journey, "yann", "/phoned lina") == nobody
    assert await ask(journey, "yann", f"/phoned #{journey.stay('lina')} arrival once@2027-03-06") == nobody
    assert await ask(journey, "pascale", "/phoned lina") == [
        "Only those who follow learners can do this. /help shows what you can do."
    ]
    assert await ask(journey, "nadia", "/phoned") == ["Write a name behind it, for example: /phoned Lina"]
    assert journey.ask(select(AuditRow.id).where(AuditRow.action == "phoned")) == []
