"""Every way of answering: early, late, twice, changed, typed, and not at all to the point."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.sessions import SessionRow
from bot.store.stays import Mark
from tests.journeys.conftest import Begin
from tests.journeys.scenes import answer_check_in, asked_more, check_in_asked
from tests.journeys.words import MOOD, NO_CHECK_IN, OPENING, TODAY, alert, climbs, sign

LINA = "Lina H., Leipzig ("
STOPPED = "All right, I write no more of my own accord. Nadia Ferhaoui knows. SOS still works, and /start goes on."


async def test_an_answer_may_come_before_the_question(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey, sunday="2027-03-12 12:00")

    await journey.say("lina", "/checkin")
    assert journey.heard("lina") == [OPENING]
    await answer_check_in(journey)
    journey.heard("lina")
    await journey.until("2027-03-16 12:00")

    assert journey.heard("lina") == []
    assert journey.ask(select(Mark.occurrence, Mark.outcome).where(Mark.touchpoint == "check_in")) == [
        ("first@2027-03-08", "answered"),
        ("2027-03-14", "answered"),
    ]


async def test_a_check_in_asked_for_while_it_stands_is_shown_again(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    await journey.say("lina", "/checkin")

    assert journey.heard("lina") == [OPENING]


async def test_the_same_press_twice_changes_nothing(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    token = journey.token("lina", "good")

    await journey.bring("lina", {"token": token})
    said = len(journey.heard("lina"))
    await journey.bring("lina", {"token": token})

    assert (said, journey.heard("lina")) == (1, [])


async def test_a_changed_answer_asks_what_follows_anew(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    good, bad = journey.token("lina", "good"), journey.token("lina", "so_so")
    await journey.bring("lina", {"token": good})
    await journey.press("lina", "interesting")
    journey.heard("lina")

    await journey.bring("lina", {"token": bad})

    assert [line.split(" [")[0] for line in journey.heard("lina")] == [
        "Thanks for telling me. The next questions help me see where it comes from.",
        "2/6 · And the placement?",
    ]
    last = select(SessionRow.answers).where(SessionRow.touchpoint == "check_in").order_by(SessionRow.id.desc())
    assert journey.ask(last.limit(1)) == [([["pulse", "so_so"], ["mood", "so_so"]],)]


async def test_an_answer_that_an_adult_was_told_of_is_sealed(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    token = journey.token("lina", "very_good")
    await journey.press("lina", "very_bad")
    journey.heard("lina")

    await journey.bring("lina", {"token": token})

    assert journey.heard("lina") == [
        "Nadia Ferhaoui already knows about this answer and will come back to it. If it is urgent: SOS."
    ]
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("mood", "today")]


@pytest.mark.parametrize("words", ["2", "🙂", "bien", "Good", "good!", "GOOD", "Bien, merci"])
async def test_an_answer_may_be_typed_in_three_languages(begin: Begin, words: str) -> None:
    journey = begin()
    await asked_more(journey)

    await journey.say("lina", words)

    assert [line.split(" [")[0] for line in journey.heard("lina")] == ["2/6 · And the placement?"]


async def test_words_that_mean_none_of_the_answers_are_said_so_and_the_question_stands(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)

    await journey.say("lina", "rain again")

    assert journey.heard("lina") == [
        "I did not understand. Please choose one of the buttons, or write its number.",
        MOOD,
    ]


def comes_of_age(tx: Tx) -> None:
    for row in tx.rows.scalars(select(SessionRow).where(SessionRow.flow == "check_in")):
        row.facts = row.facts | {"minor": False}


async def test_a_graver_late_answer_keeps_the_case_and_raises_it(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.do(comes_of_age)
    await journey.until("2027-03-17 12:00")
    journey.heard("nadia")

    await journey.press("lina", "call")

    alerted = alert(
        TODAY,
        f"{LINA}12:00",
        "Would like to hear from you (weekly check-in).",
        NO_CHECK_IN,
        sign("Wednesday 17 Mar 12:00"),
        climbs("Wednesday 17 Mar 16:00", "the deputy"),
    )
    assert journey.heard("nadia") == [alerted]
    assert journey.ask(select(CaseEvent.kind).order_by(CaseEvent.id)) == [
        ("matter",),
        ("opened",),
        ("alerted rung 0",),
        ("matter",),
        ("raised to today",),
        ("alerted rung 0",),
    ]


async def test_a_question_has_a_door_of_its_own(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    await journey.say("lina", "/question")
    await journey.say("lina", "Do I need a helmet on Monday?")

    assert journey.heard("lina") == [
        "Write it here in one message. Nadia Ferhaoui reads it.",
        "Thank you. Nadia Ferhaoui will answer you.",
    ]
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("question", "follow_up")]


@pytest.mark.parametrize("text", ["STOP", "Stop. Merci", "arrêt", "S T O P", "ＳＴＯＰ", "stoooop"])
async def test_stop_alone_is_the_command(begin: Begin, text: str) -> None:
    journey = begin()
    await check_in_asked(journey)

    await journey.say("lina", text)

    assert journey.heard("lina") == [STOPPED]


async def test_stop_in_a_sentence_stops_nothing(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    await journey.say("lina", "on a fait un stop à Lyon")

    assert [said for said in journey.heard("lina") if said == STOPPED] == []
