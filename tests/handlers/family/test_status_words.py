"""The family is told a few status words, with consent, and nothing else; the learner sees all of it."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.handlers.case.case import Matter, open_matter
from bot.store.consents import ConsentRow
from bot.store.db import Tx
from bot.store.stays import Mark, StayRow
from tests.handlers.family.weeks import HELLO, after_weeks
from tests.journeys.conftest import Begin
from tests.journeys.families import ADEL, ARRIVED, BACK, LEFT, NEWS, NOT_YET, SONIA, come_in, family
from tests.journeys.scenes import answer_check_in


async def test_a_parent_is_greeted_as_a_parent_and_asked_once(begin: Begin) -> None:
    journey = await family(begin, "lina")
    journey.heard("lina")

    await journey.do(come_in, SONIA)

    assert journey.heard(SONIA) == [HELLO]
    await journey.press(SONIA, "yes")
    thanks = "Thank you. You will hear from me when there is something to say; each message says how to stop."
    assert journey.heard(SONIA) == [thanks]
    told = (
        "Sonia Haddouche has agreed to a few words from me: left, arrived, has given news, back. Never your answers. "
        "You see all of it any time: /family"
    )
    assert journey.heard("lina") == [told]
    consents = select(ConsentRow.giver, ConsentRow.given, ConsentRow.text_version, ConsentRow.language, ConsentRow.channel)  # fmt: skip
    assert journey.ask(consents) == [("guardian", True, "2026-11", "en", "web")]


async def test_a_whole_stay_as_both_guardians_hear_it_each_in_their_language(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA, ADEL)
    await answer_check_in(journey)
    await journey.until("2027-03-15 18:30")
    assert journey.heard(SONIA) == [LEFT, ARRIVED, NEWS]
    assert len(journey.heard(ADEL)) == 3
    await journey.until("2027-03-21 18:30")
    await answer_check_in(journey)
    await journey.until("2027-03-27 20:30")
    journey.heard(ADEL)
    journey.heard(SONIA)
    await journey.press("lina", "Yes")
    await journey.until("2027-03-28 09:00")

    assert journey.heard(SONIA) == [BACK]
    await journey.until("2027-04-30 09:00")
    assert journey.heard(SONIA) == []


async def test_a_silent_week_is_not_yet_and_the_late_answer_follows(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    journey.heard(SONIA)

    await journey.until("2027-03-15 18:29")
    assert journey.heard(SONIA) == []
    await journey.until("2027-03-15 19:00")
    assert journey.heard(SONIA) == [NOT_YET]
    await journey.press("lina", "fine")
    assert journey.heard(SONIA) == [NEWS]
    await journey.until("2027-03-20 12:00")

    assert journey.heard(SONIA) == []


async def test_a_grave_week_sounds_like_a_silent_one(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    journey.heard(SONIA)
    await journey.say("lina", "SOS")

    await answer_check_in(journey)
    await journey.until("2027-03-16 12:00")

    assert journey.heard(SONIA) == [NOT_YET]
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "family.week")) == [("not yet",)]


async def test_a_word_that_waited_for_the_morning_is_the_other_one_if_the_night_was_bad(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    await answer_check_in(journey)
    journey.db.programme = journey.programme = late_in_the_evening(journey.programme)
    await journey.until("2027-03-15 20:45")
    journey.heard(SONIA)

    await journey.say("lina", "SOS")
    await journey.until("2027-03-16 12:00")

    assert journey.heard(SONIA) == [NOT_YET]


def late_in_the_evening(programme: Programme) -> Programme:
    """The weekly word is written when the family may no more be written to that day."""
    return programme.model_copy(update={"family": programme.family.model_copy(update={"evening": time(20, 40)})})


async def test_a_paper_that_an_adult_is_on_changes_no_word(begin: Begin) -> None:
    journey = await after_weeks(begin, SONIA)
    journey.heard(SONIA)
    await journey.do(paper_missing, journey.stay("lina"))

    await answer_check_in(journey)
    await journey.until("2027-03-16 12:00")

    assert journey.heard(SONIA) == [NEWS]


def paper_missing(tx: Tx, stay: int) -> None:
    open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.TODAY, "overdue", "ehic"))


async def test_an_arrival_with_a_worry_is_not_told_by_the_robot(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.until("2027-03-06 20:10")
    journey.heard(SONIA)

    await journey.press("lina", "yes")
    await journey.press("lina", "nowhere")
    await journey.until("2027-03-08 12:00")

    assert journey.heard(SONIA) == []


async def test_a_word_said_at_night_waits_for_the_morning(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.until("2027-03-06 20:20")
    journey.heard(SONIA)

    await journey.press("lina", "yes")

    await journey.until("2027-03-07 07:59")
    assert journey.heard(SONIA) == []
    await journey.until("2027-03-07 08:00")
    assert journey.heard(SONIA) == [ARRIVED]
