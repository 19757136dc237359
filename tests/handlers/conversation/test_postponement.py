"""« Tomorrow »: a question put off is asked again the next day, and nobody's silence counts meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.cases import CaseRow
from bot.store.sessions import SessionRow
from bot.store.stays import Mark
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import answer_check_in, arrival_missing, arrived, check_in_asked
from tests.journeys.words import NUDGE, OPENING

AGAIN = "All right. I ask you again on {}."
ENOUGH = (
    "We have put this one off before. It stays here for whenever you like, and Nadia Ferhaoui will ask you about it."
)
CANNOT = "This one cannot wait until tomorrow: somebody would worry about you. One button is enough."
NOTHING = "There is no question of mine that waits for you now."


OTHER_WORDS = "Has your European card come? If not, a provisional certificate can be printed online. Do you have it?"


@scene
async def paper_asked(journey: Journey) -> str:
    """Lina is asked for her health card."""
    await journey.gather("lina")
    journey.heard("lina")
    await journey.press("lina", "yes")
    await journey.until("2027-03-01 10:00")
    return journey.heard("lina")[-1]


@pytest.mark.parametrize("words", ["/tomorrow", "/demain", "/mañana", "Demain !", "plus tard", "Later"])
async def test_a_paper_is_asked_again_the_next_day_at_the_same_hour(begin: Begin, words: str) -> None:
    journey = begin()
    question, _bracket, buttons = (await paper_asked(journey)).partition(" [")

    assert await ask(journey, "lina", words) == [AGAIN.format("Tuesday 2 Mar 10:00")]
    await journey.until("2027-03-02 09:59")
    assert journey.heard("lina") == []
    await journey.until("2027-03-02 10:01")
    assert journey.heard("lina") == [f"1/2 · {OTHER_WORDS} [{buttons}"], "never word for word the same"
    assert OTHER_WORDS not in question


async def test_the_third_time_an_adult_is_told_and_says_so_once(begin: Begin) -> None:
    journey = begin()
    await paper_asked(journey)
    for day in ("2027-03-02 10:30", "2027-03-03 10:30"):
        await journey.say("lina", "/tomorrow")
        await journey.until(day)
    journey.heard("lina")
    journey.heard("nadia")

    assert await ask(journey, "lina", "demain") == [ENOUGH]
    assert await ask(journey, "lina", "demain") == [ENOUGH]
    told = [line for line in journey.heard("nadia") if "Has put off more than once: " in line]
    assert len(told) == 1
    assert journey.ask(select(CaseRow.topic)) == [("postponed",)]
    assert journey.ask(select(SessionRow.state).where(SessionRow.touchpoint == "item.ehic")) == [("open",)]


async def test_an_answer_in_the_meantime_settles_it(begin: Begin) -> None:
    journey = begin()
    await paper_asked(journey)
    await journey.say("lina", "demain")
    await journey.press("lina", "have")
    journey.heard("lina")
    await journey.until("2027-03-03 12:00")

    assert journey.heard("lina") == []


async def test_a_week_is_put_off_once_without_any_reminder_and_its_answer_counts_for_it(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    assert await ask(journey, "lina", "demain") == [AGAIN.format("Monday 15 Mar 18:30")]
    await journey.until("2027-03-15 18:29")
    assert journey.heard("lina") == []
    await journey.until("2027-03-15 18:31")
    assert journey.heard("lina") == [OPENING]
    assert await ask(journey, "lina", "/tomorrow") == [ENOUGH]
    await journey.until("2027-03-16 18:31")
    assert journey.heard("lina") == [NUDGE]
    await journey.press("lina", "fine")
    weeks = select(Mark.occurrence, Mark.outcome).where(Mark.touchpoint == "check_in").order_by(Mark.id)
    assert journey.ask(weeks) == [("first@2027-03-08", "answered"), ("2027-03-14", "answered")]


async def test_silence_counts_from_the_day_it_was_put_off_to(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.say("lina", "demain")
    await journey.until("2027-03-17 18:29")
    assert journey.ask(select(CaseRow.id)) == []
    await journey.until("2027-03-18 10:00")

    assert journey.ask(select(CaseRow.topic)) == [("missed",)]


async def test_an_arrival_cannot_wait_and_still_worries_in_time(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:30")
    journey.heard("lina")

    assert await ask(journey, "lina", "/tomorrow") == [CANNOT]
    assert await ask(journey, "lina", "plus tard") == [CANNOT]
    await journey.until("2027-03-07 13:45")
    assert journey.ask(select(CaseRow.topic)) == [("missed",)]


async def test_where_nothing_stands_there_is_nothing_to_put_off(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    assert await ask(journey, "lina", "/tomorrow") == [NOTHING]


async def test_what_was_put_off_holds_up_nothing_else(begin: Begin) -> None:
    journey = begin("2027-03-05 09:00")
    await arrived(journey)
    await journey.until("2027-03-10 18:30")
    await journey.say("lina", "demain")
    journey.heard("lina")
    await journey.say("lina", "/checklist")
    await journey.press("lina", "ehic")

    assert "European card (EHIC)" in journey.heard("lina")[-1]
    await journey.until("2027-03-11 18:31")
    await answer_check_in(journey)
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "check_in")) == [("answered",)]
