"""The SOS exercise. It alarms nobody – and no cry is ever lost to it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.domain.sos import CARD
from bot.engine import drill
from bot.handlers.case.case import Matter, open_matter
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.stays import ItemState, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import small
from tests.journeys.remembered import scene
from tests.journeys.scenes import cry, forget
from tests.journeys.words import DANGER

HOME = "112"
ASKED = (
    "Now try it once: write SOS here, nothing else. For ten minutes it is an exercise and nobody is told. "
    f"If you really need help, write more than SOS, or call {HOME}. [Not now]"
)
SHOWN = (
    "🎓 Exercise: nobody has been told.\n"
    f"🆘 Immediate danger: call {HOME} now. I am a bot, I cannot come.\n"
    "On call for your school: +33 6 39 98 00 10.\n"
    "Was it for real? [No, it was the exercise] [Yes, I need help]"
)
DONE = "Well done, now you know how. From now on every SOS is real: an adult is told at once, at any hour."
OVER = "The exercise is over: from now on every SOS is real again. I'll ask you another day."


@pytest.fixture(scope="session")
def small_programme(programme: Programme) -> Programme:
    """The exercise is the only paper."""
    out = small(programme).outgoing
    kept = tuple(item for item in programme.outgoing.before if item.id == "drill")
    return programme.model_copy(update={"outgoing": out.model_copy(update={"before": kept})})


async def asked(begin: Begin, start: str = "2027-03-01 09:00") -> Journey:
    """Lina knows what to do, and is asked to try it."""
    journey = begin(start)
    await knows_what_to_do(journey)
    return journey


@scene
async def knows_what_to_do(journey: Journey) -> None:
    await journey.enrol("lina")
    await journey.until("2027-03-03 18:00")
    await journey.press("lina", "call")
    assert journey.heard("lina")[-1] == ASKED
    forget(journey)


def cases(journey: Journey) -> list[tuple[str, str]]:
    return journey.ask(select(CaseRow.topic, CaseRow.level).order_by(CaseRow.id))


def item(journey: Journey) -> list[tuple[str, ...]]:
    return journey.ask(select(ItemState.state).where(ItemState.item == "drill"))


@pytest.mark.parametrize("words", ["SOS", "sos!!!", "S.O.S.", "/sos", "🆘", "SOOOS"])
async def test_sos_is_tried_and_alarms_nobody(begin: Begin, words: str) -> None:
    journey = await asked(begin)

    said, told = await cry(journey, words)
    assert (said, told, cases(journey), item(journey)) == ([SHOWN], [], [], [("done",)])
    messages = journey.ask(select(func.count(OutboxRow.id)))
    await journey.press("lina", "exercise")

    assert journey.heard("lina") == [DONE]
    assert journey.ask(select(func.count(OutboxRow.id))) == messages, (
        "it stands under the button, and no phone rings for it"
    )
    await journey.until("2027-03-05 12:00")
    assert (cases(journey), item(journey)) == ([], [("done",)])


async def test_whoever_meant_it_says_so_with_one_press(begin: Begin) -> None:
    journey = await asked(begin)
    await cry(journey)

    await journey.press("lina", "help")

    assert journey.heard("lina") == [DANGER]
    assert cases(journey) == [("sos", "now")]
    assert "SOS: needs help now." in journey.heard("luc")[0]


async def test_the_second_sos_is_real(begin: Begin) -> None:
    journey = await asked(begin)
    await cry(journey)

    said, told = await cry(journey)

    assert said[0] == DANGER
    assert (len(told), cases(journey)) == (1, [("sos", "now")])


@pytest.mark.parametrize(
    "words", ["sos je suis à la gare", "🆘 vite", "au secours", "Help", "j'ai besoin d'aide", "sos police"]
)
async def test_anything_but_sos_alone_is_real(begin: Begin, words: str) -> None:
    journey = await asked(begin)

    said, told = await cry(journey, words)

    assert said[0] == DANGER
    assert (len(told), cases(journey)) == (1, [("sos", "now")])


@pytest.mark.parametrize(("minute", "real"), [("18:09", False), ("18:10", True), ("18:30", True)])
async def test_after_ten_minutes_it_is_real(begin: Begin, minute: str, real: bool) -> None:
    journey = await asked(begin)
    await journey.until(f"2027-03-03 {minute}")

    said, _told = await cry(journey)

    assert said[0] == (DANGER if real else SHOWN)
    assert cases(journey) == ([("sos", "now")] if real else [])


async def test_before_it_is_asked_it_is_real(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-03 18:00")

    said, _told = await cry(journey)

    assert said[0] == DANGER


async def test_who_is_in_a_case_already_is_not_in_an_exercise(begin: Begin) -> None:
    journey = await asked(begin)

    def worried(tx: Tx, stay: int) -> None:
        open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.TODAY, "problem"))

    await journey.do(worried, journey.stay("lina"))
    said, _told = await cry(journey)

    assert said[0] == DANGER
    assert cases(journey) == [("sos", "now")]


async def test_a_paper_that_is_overdue_is_no_reason_to_alarm_anybody(begin: Begin) -> None:
    journey = await asked(begin)

    def overdue(tx: Tx, stay: int) -> None:
        open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.FOLLOW_UP, "overdue", "ehic"))

    await journey.do(overdue, journey.stay("lina"))
    said, _told = await cry(journey)

    assert said[0] == SHOWN
    assert cases(journey) == [("overdue", "follow_up")]


async def test_silence_after_it_is_an_adults_matter(begin: Begin) -> None:
    journey = await asked(begin)
    await cry(journey)

    await journey.until("2027-03-03 18:30")

    assert cases(journey) == [("drill", "today")]
    assert "Wrote SOS in the exercise, and has not said that it was one." in journey.heard("nadia")[0]
    assert journey.heard("lina")[0].startswith("You wrote SOS in the exercise and have not said whether you meant it")
    await journey.press("lina", "help")
    assert cases(journey) == [("sos", "now")]


async def test_at_night_the_adult_is_told_and_the_learner_sleeps(begin: Begin) -> None:
    journey = await asked(begin)
    await journey.until("2027-03-03 18:05")
    await journey.press("lina", "later")
    await journey.until("2027-03-03 20:25")
    await journey.press("lina", "wait")
    await journey.press("lina", "call")
    await cry(journey)

    await journey.until("2027-03-03 20:50")

    assert (cases(journey), journey.heard("lina")) == ([("drill", "today")], [])
    await journey.until("2027-03-04 08:00")
    assert journey.heard("lina")[0].startswith("You wrote SOS in the exercise")


@pytest.mark.parametrize("words", ["Not now", "hello?"])
async def test_it_can_be_put_off_and_is_asked_again(begin: Begin, words: str) -> None:
    journey = await asked(begin)

    await journey.say("lina", words)

    assert journey.heard("lina") == [OVER]
    assert item(journey) == [("doing",)]
    said, _told = await cry(journey)
    assert said[0] == DANGER


async def test_words_of_distress_are_heard_in_it_too(begin: Begin) -> None:
    journey = await asked(begin)

    await journey.say("lina", "je veux mourir")

    assert cases(journey) == [("distress", "now")]


def test_the_words_are_those_of_a_real_cry() -> None:
    assert str(CARD) in str(drill.CARD)
