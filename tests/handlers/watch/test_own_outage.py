"""Away for more than a day: what people wrote may be lost, so those abroad are asked, once, and adults know."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.handlers.watch.own_outage import beat
from bot.store.cases import CaseRow
from bot.store.sessions import SessionRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant
from tests.journeys.remembered import scene
from tests.journeys.scenes import answer_check_in, forget
from tests.journeys.words import DANGER

SINCE = "Wednesday 10 Mar 18:30"
WELL = f"I was away since {SINCE}: what you wrote to me then may be lost. Are you well, Lina? [Yes] [I need help]"
TOLD = (
    f"I was away from {SINCE} to Friday 12 Mar 09:00. What was written to me then may be lost, an SOS too. "
    "I am asking 1 learner abroad whether they are well, and tell you if no answer comes."
)


async def back_after(begin: Begin, local: str, *, answered: bool = True) -> Journey:
    """Lina is abroad and has answered everything; Jules has not left. Then nobody is there until `local`."""
    journey = begin()
    await abroad(journey)
    journey.clock.move_to(instant(local))
    await journey.do(beat)
    return journey


@scene
async def abroad(journey: Journey) -> None:
    await journey.enrol("lina", "noemie")
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    await journey.until("2027-03-10 18:30")
    await answer_check_in(journey)
    await journey.do(beat)
    forget(journey)


async def test_whoever_is_abroad_is_asked_once_and_their_coordinator_is_told(begin: Begin) -> None:
    journey = await back_after(begin, "2027-03-12 09:00")

    asked = [line for line in journey.heard("lina") if "away" in line]
    told = [line for line in journey.heard("nadia") if "away" in line]
    again = await journey.do(beat)

    assert (asked, told, again) == ([WELL], [TOLD.replace("1 learner", "2 learners")], False)
    assert journey.heard("yann") == []
    await journey.press("lina", "yes")
    assert journey.heard("lina")[0] == "Thank you Lina, that is good to know. I am back."


async def test_help_is_a_cry_like_any_other(begin: Begin) -> None:
    journey = await back_after(begin, "2027-03-12 09:00")
    forget(journey)

    await journey.press("lina", "help")

    assert journey.heard("lina")[0] == DANGER
    assert [line.split(",")[0] for line in journey.heard("luc")] == ["🆘 SOS · Lina H."]


async def test_no_answer_for_a_day_is_a_case(begin: Begin) -> None:
    journey = await back_after(begin, "2027-03-12 09:00")

    await journey.until("2027-03-13 09:30")

    assert journey.ask(select(CaseRow.level, CaseRow.topic).where(CaseRow.stay_id == journey.stay("lina"))) == [
        ("today", "missed")
    ]


async def test_at_night_the_question_waits_for_the_morning(begin: Begin) -> None:
    journey = await back_after(begin, "2027-03-12 03:00")
    asleep = journey.heard("lina")

    await journey.until("2027-03-12 08:00")

    assert (asleep, journey.heard("lina")) == ([], [WELL])


async def test_a_day_is_not_long_and_the_first_start_ever_is_no_absence(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    first = await journey.do(beat)
    journey.clock.move_to(journey.clock.now() + timedelta(hours=24))
    second = await journey.do(beat)

    assert (first, second) == (False, False)
    assert journey.ask(select(SessionRow.id).where(SessionRow.flow == "away")) == []
