"""How long an answer is waited for: from the first time the question arrived, whatever came between."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.conversation.sessions import open_next, queue
from bot.handlers.say.facts import stay_facts
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.people import join, settle_in
from tests.journeys.scenes import check_in_asked
from tests.journeys.words import NUDGE, OPENING

MISSED = select(CaseEvent.at).where(CaseEvent.kind == "matter").order_by(CaseEvent.id)
AWAY = {"moment": "2027-03-14T10:00:00+00:00", "zone": "Europe/Berlin"}


def put_before(tx: Tx, stay: int) -> None:
    """A graver question comes between."""
    row = tx.rows.get_one(StayRow, stay)
    queue(tx, row, "away", ("away", "test"), 0, stay_facts(tx, row) | {"since": AWAY})
    open_next(tx, row.person_id)


async def test_a_conversation_that_was_put_before_it_does_not_restart_the_wait(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-15 10:00")
    await journey.do(put_before, journey.stay("lina"))
    await journey.until("2027-03-15 12:00")
    journey.heard("lina")
    await journey.press("lina", "yes")
    again = journey.heard("lina")
    await journey.until("2027-03-15 17:30")
    early = journey.heard("lina")
    await journey.until("2027-03-15 18:30")

    assert (again[1:], early, journey.heard("lina")) == ([OPENING], [], [NUDGE])


async def test_a_wait_that_ran_out_behind_another_conversation_is_over_when_that_ends_in_silence(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-15 10:00")
    await journey.do(put_before, journey.stay("lina"))
    journey.heard("lina")
    await journey.until("2027-03-16 10:30")

    assert journey.heard("lina") == [NUDGE]
    await journey.until("2027-03-16 18:30")
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("missed", "today")]


async def test_a_repeat_does_not_restart_it_either(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-15 17:00")
    await journey.say("lina", "blah")
    repeated = journey.heard("lina")
    await journey.until("2027-03-15 18:30")

    assert (repeated[-1], journey.heard("lina")) == (OPENING, [NUDGE])


async def test_a_question_that_an_answer_led_to_waits_as_long_as_ever(begin: Begin) -> None:
    """What was reminded of two weeks ago was another round: the words in Spanish have their two days, and so has their
    reminder.
    """
    journey = begin("2027-03-05 19:00")
    await journey.do(settle_in, ("jules",))
    await journey.do(join, "jules", "yann")
    await journey.until("2027-03-21 16:00")
    before = len(journey.ask(MISSED))
    await journey.press("jules", "lang_es")
    await journey.until("2027-03-25 15:59")
    early = journey.ask(MISSED)[before:]
    await journey.until("2027-03-25 18:00")

    assert (early, len(journey.ask(MISSED)) - before) == ([], 1)
