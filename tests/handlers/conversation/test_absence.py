"""Away, delayed, cancelled, moved: no flood, and nothing that has become pointless."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from bot.handlers.conversation.sessions import open_next, queue
from bot.handlers.say.facts import stay_facts
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import Mark, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, cancel, instant
from tests.journeys.scenes import arrival_asked, check_in_asked
from tests.journeys.words import NUDGE

GREAT = "Great! One thing at a time. To see it all now: /checklist."


def first_lines(lines: list[str]) -> list[str]:
    return [line.split(":")[0].split(" [")[0] for line in lines]


async def test_three_weeks_of_downtime_are_one_question_and_no_flood(begin: Begin) -> None:
    journey = begin()
    await arrival_asked(journey)
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    journey.heard("lina"), journey.heard("nadia")

    journey.clock.move_to(instant("2027-03-28 08:30"))
    await journey.settle()

    said = journey.heard("lina")
    assert first_lines(said) == ["Are you safely back, Lina? Still on your way"]
    outcomes = select(Mark.touchpoint, Mark.occurrence, Mark.outcome).where(Mark.touchpoint == "check_in")
    assert journey.ask(outcomes) == [
        ("check_in", "first@2027-03-08", "expired"),
        ("check_in", "2027-03-14", "expired"),
        ("check_in", "2027-03-21", "expired"),
    ]
    assert [line for line in journey.heard("nadia") if "[" in line] == []


async def test_a_reminder_and_the_next_week_due_at_once_are_one_question(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    journey.clock.move_to(instant("2027-03-21 18:30"))
    await journey.settle()

    assert journey.heard("lina") == [NUDGE]


async def test_downtime_at_night_wakes_nobody(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    journey.heard("lina"), journey.heard("nadia")

    journey.clock.move_to(instant("2027-03-11 03:00"))
    await journey.settle()
    at_night = journey.heard("lina")
    await journey.until("2027-03-11 08:00")

    assert at_night == []
    assert len(journey.heard("lina")) == 1


async def test_a_cancelled_stay_falls_silent(begin: Begin) -> None:
    journey = begin()
    await arrival_asked(journey)
    journey.heard("lina"), journey.heard("nadia")
    await journey.do(cancel, journey.stay("lina"))

    await journey.press("lina", "yes")
    await journey.finish()

    assert journey.heard("lina") == ["This question is no longer open. Thank you all the same."]
    learner = select(Person.id).where(Person.ref == "lina").scalar_subquery()
    assert journey.ask(select(OutboxRow.id).where(OutboxRow.person_id == learner, OutboxRow.state == "pending")) == []
    assert [line for line in journey.heard("nadia") if "[" in line] == []


async def test_changed_dates_move_every_question(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    stay = journey.stay("lina")

    def later(tx: Tx) -> None:
        row = tx.rows.get_one(StayRow, stay)
        row.departure, row.start = date(2027, 3, 13), date(2027, 3, 15)
        row.end, row.back, row.wake_at = date(2027, 4, 2), date(2027, 4, 3), tx.now

    await journey.do(later)
    await journey.until("2027-03-13 19:59")
    before = first_lines(journey.heard("lina"))
    await journey.until("2027-03-13 20:00")

    assert [line for line in before if "arrived" in line] == []
    assert first_lines(journey.heard("lina")) == ["Have you arrived safely in Leipzig, Lina? Still on your way"]


async def test_what_an_adult_has_ticked_is_not_asked_any_more(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.press("lina", "have")
    await journey.say("nadia", "/tasks")
    await journey.say("lina", "/checklist")
    await journey.say("lina", "/checkin")
    await journey.do(ask_again, journey.stay("lina"))
    journey.heard("lina")
    before = journey.ask(select(SessionRow.state).where(SessionRow.occurrence == "test"))

    await journey.press("nadia", "ehic")

    assert before == [("open",)]
    assert journey.ask(select(SessionRow.state).where(SessionRow.occurrence == "test")) == [("expired",)]


def ask_again(tx: Tx, stay: int) -> None:
    row = tx.rows.get_one(StayRow, stay)
    queue(tx, row, "item", ("item.ehic", "test"), 4, stay_facts(tx, row))
    open_next(tx, row.person_id)


async def test_a_message_delayed_past_the_evening_waits_for_the_morning(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 12:00")
    journey.heard("lina")

    def delay(tx: Tx) -> None:
        stay = tx.rows.get_one(StayRow, 1)
        stay.wake_at = tx.now

    await journey.do(delay)
    await slow(journey)
    assert journey.heard("lina") == []
    await journey.until("2027-03-07 08:00")

    assert first_lines(journey.heard("lina")) == ["Have you arrived safely in Leipzig, Lina? Still on your way"]


async def slow(journey: Journey) -> None:
    """The arrival is decided at eight, but delivery comes to it only at ten in the evening."""
    journey.clock.move_to(instant("2027-03-06 20:00"))
    await journey.app.tick()
    journey.clock.move_to(journey.clock.now() + timedelta(hours=2))
    await journey.settle()
