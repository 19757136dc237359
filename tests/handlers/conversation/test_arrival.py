"""Arrived? A minor's silence reaches an adult the next morning, an adult's in the evening."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Address, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.scenes import arrival_asked
from tests.journeys.words import ARRIVED, ARRIVED_NUDGE, BUTTONS, NO_ARRIVAL, TODAY, alert, climbs, ended, sign

SEEN = sign("Monday 1 Mar 09:00")


async def test_a_silent_minor_is_looked_for_the_next_morning(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 19:59")
    journey.heard("lina"), journey.heard("nadia")

    await journey.until("2027-03-07 09:29")
    assert journey.heard("lina") == [ARRIVED.format("Leipzig", "Lina"), ARRIVED_NUDGE.format("Lina")]
    assert journey.heard("nadia") == []
    await journey.until("2027-03-07 09:30")

    by = climbs("Sunday 7 Mar 13:30", "the deputy")
    assert journey.heard("nadia") == [alert(TODAY, "Lina H., Leipzig (09:30", NO_ARRIVAL, SEEN, by)]


async def test_a_silent_adult_is_looked_for_in_the_evening(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("noemie")
    await journey.until("2027-03-06 19:59")
    journey.heard("nadia")

    await journey.until("2027-03-07 17:59")
    assert journey.heard("nadia") == []
    await journey.until("2027-03-07 18:00")

    by = climbs("Monday 8 Mar 09:00", "the deputy")
    assert journey.heard("nadia") == [alert(TODAY, "Noémie A., Bergen (18:00", NO_ARRIVAL, SEEN, by)]


async def test_who_answers_late_is_all_right_and_everyone_hears_it(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-07 13:45")
    journey.heard("lina"), journey.heard("nadia"), journey.heard("luc")

    await journey.press("lina", "Yes, but not all as planned")

    assert [line.split(" [")[0] for line in journey.heard("lina")] == ["2/3 · Is the housing what was agreed?"]
    assert journey.heard("nadia") == journey.heard("luc") == [ended("has answered", "Sunday 7 Mar 13:45")]
    assert journey.heard("cathy")[1:] == []
    assert journey.ask(select(CaseRow.topic, CaseRow.reason, CaseRow.wake_at)) == [("missed", "answered", None)]


async def test_a_problem_on_arrival_is_for_today_and_nobody_waits_for_the_morning(begin: Begin) -> None:
    journey = begin()
    await arrival_asked(journey)
    journey.heard("nadia")

    await journey.press("lina", "trouble")

    matter = "Have you arrived safely in Leipzig, Lina? Still on your way: answer later, this message waits for you."
    by = climbs("Sunday 7 Mar 11:05", "the deputy")
    here = sign("Saturday 6 Mar 20:05")
    assert journey.heard("nadia") == [alert(TODAY, "Lina H., Leipzig (20:05", f"{matter} → I have a problem", here, by)]


def lose(tx: Tx, ref: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    for address in tx.rows.scalars(select(Address).where(Address.person_id == person.id)):
        address.state = "revoked"


async def test_an_arrival_that_cannot_be_asked_about_is_for_today(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 19:00")
    await journey.do(lose, "lina")
    journey.heard("nadia")

    await journey.until("2027-03-06 20:00")

    by = climbs("Sunday 7 Mar 11:00", "the deputy")
    lost = "My messages no longer reach Lina H."
    assert journey.heard("nadia") == [
        alert(TODAY, "Lina H., Leipzig (20:00", lost, SEEN, by, buttons=f"{BUTTONS} [Contact is kept otherwise…]")
    ]


async def test_a_question_that_never_arrived_does_not_hold_up_the_next(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(lose, "lina")

    await journey.until("2027-03-10 19:00")

    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("undelivered", "today")]
    assert [topic for (topic,) in journey.undelivered()] == ["item.ehic", "arrival", "check_in"]
