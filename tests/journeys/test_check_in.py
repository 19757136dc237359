"""The weekly check-in: asked, asked again gently, then an adult; and every way of answering it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.sessions import SessionRow
from bot.store.stays import Mark
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.words import (
    DANGER,
    FOLLOW_UP,
    MOOD,
    NO_CHECK_IN,
    NOW,
    NUDGE,
    OPENING,
    TODAY,
    alert,
    clear,
    climbs,
    follows,
    sign,
    takes,
)

LINA = "Lina H., Leipzig ("


async def asked(journey: Journey, *, sunday: str = "2027-03-14 18:30") -> None:
    """Lina has said that she arrived, answered the first check-in, and is asked again on Sunday."""
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    await journey.until("2027-03-10 18:30")
    await answer_all(journey)
    await journey.until(sunday)
    for ref in ("lina", "nadia", "luc", "cathy", "helene"):
        journey.heard(ref)


async def answer_all(journey: Journey, mood: str = "good") -> None:
    for choice in (mood, "interesting", "fine", "fine", "none", "no"):
        await journey.press("lina", choice)
    await journey.press("lina", "nothing")


async def test_silence_is_met_twice_gently_then_an_adult_is_alerted_and_the_late_answer_closes(begin: Begin) -> None:
    journey = begin()
    await asked(journey, sunday="2027-03-14 17:00")

    await journey.until("2027-03-14 18:30")
    assert journey.heard("lina") == [OPENING, MOOD]
    await journey.until("2027-03-15 18:30")
    assert journey.heard("lina") == [NUDGE]
    await journey.until("2027-03-16 10:30")
    assert journey.heard("lina") == [NUDGE]
    assert [alerts for alerts in journey.heard("nadia") if "[" in alerts] == []
    await journey.until("2027-03-16 18:30")
    seen = sign("Wednesday 10 Mar 18:30")
    by = climbs("Thursday 18 Mar 18:06", "the deputy")
    assert journey.heard("nadia") == [alert(FOLLOW_UP, f"{LINA}18:06", NO_CHECK_IN, seen, by)]
    await journey.until("2027-03-18 18:15")
    by = climbs("Monday 22 Mar 18:06", "everyone is told")
    assert journey.heard("luc") == [alert(FOLLOW_UP, f"{LINA}18:06", NO_CHECK_IN, seen, by)]
    await journey.press("luc", "take")
    assert journey.heard("luc") == [follows("Lina H.")]
    assert journey.heard("nadia") == [takes("Luc Perrichon", "Lina H.")]

    await journey.press("lina", "I'm fine")

    assert journey.heard("lina") == ["Thank you, I have noted it for your week."]
    assert journey.heard("nadia") == journey.heard("luc") == [clear("Lina H.", "has answered")]
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "check_in").order_by(Mark.id)) == [
        ("answered",),
        ("answered",),
    ]


async def test_two_silent_weeks_are_for_today(begin: Begin) -> None:
    journey = begin()
    await asked(journey)
    await journey.until("2027-03-17 12:00")
    await journey.press("nadia", "Close…")
    await journey.press("nadia", "followed_elsewhere")
    journey.heard("nadia")

    await journey.until("2027-03-23 18:30")

    seen = sign("Wednesday 10 Mar 18:30")
    assert journey.heard("nadia")[-1] == alert(
        TODAY, f"{LINA}18:06", NO_CHECK_IN, seen, climbs("Wednesday 24 Mar 09:06", "the deputy")
    )


async def test_an_accident_reaches_the_on_call_adult_at_once_with_the_emergency_text(begin: Begin) -> None:
    journey = begin()
    await asked(journey)

    await journey.press("lina", "good")
    journey.heard("lina")
    await journey.press("lina", "accident")

    assert journey.heard("lina") == [DANGER]
    work = "And the placement? → Work accident"
    by = climbs("Sunday 14 Mar 18:40", "the deputy")
    assert journey.heard("luc") == [alert(NOW, f"{LINA}18:30", work, sign("Sunday 14 Mar 18:30"), by)]
    assert journey.heard("nadia") == []


async def test_an_answer_may_come_before_the_question(begin: Begin) -> None:
    journey = begin()
    await asked(journey, sunday="2027-03-12 12:00")

    await journey.say("lina", "/checkin")
    assert journey.heard("lina") == [OPENING, MOOD]
    await answer_all(journey)
    journey.heard("lina")
    await journey.until("2027-03-16 12:00")

    assert journey.heard("lina") == []
    assert journey.ask(select(Mark.occurrence, Mark.outcome).where(Mark.touchpoint == "check_in")) == [
        ("first", "answered"),
        ("2027-03-14", "answered"),
    ]


async def test_a_check_in_asked_for_while_it_stands_is_shown_again(begin: Begin) -> None:
    journey = begin()
    await asked(journey)

    await journey.say("lina", "/checkin")

    assert journey.heard("lina") == [MOOD]


async def test_the_same_press_twice_changes_nothing(begin: Begin) -> None:
    journey = begin()
    await asked(journey)
    token = journey.token("lina", "good")

    await journey.bring("lina", {"token": token})
    said = len(journey.heard("lina"))
    await journey.bring("lina", {"token": token})

    assert (said, journey.heard("lina")) == (1, [])


async def test_a_changed_answer_asks_what_follows_anew(begin: Begin) -> None:
    journey = begin()
    await asked(journey)
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
    assert journey.ask(last.limit(1)) == [([["mood", "so_so"]],)]


async def test_an_answer_that_an_adult_was_told_of_is_sealed(begin: Begin) -> None:
    journey = begin()
    await asked(journey)
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
    await asked(journey)

    await journey.say("lina", words)

    assert [line.split(" [")[0] for line in journey.heard("lina")] == ["2/6 · And the placement?"]


async def test_words_that_mean_none_of_the_answers_are_said_so_and_the_question_stands(begin: Begin) -> None:
    journey = begin()
    await asked(journey)

    await journey.say("lina", "it rains all day")

    assert journey.heard("lina") == [
        "I did not understand. Please choose one of the buttons, or write its number.",
        MOOD,
    ]


async def test_a_graver_late_answer_keeps_the_case_and_raises_it(begin: Begin) -> None:
    journey = begin()
    await asked(journey)
    await journey.until("2027-03-17 12:00")
    journey.heard("nadia")

    await journey.press("lina", "very_bad")

    alerted = alert(
        TODAY,
        f"{LINA}12:00",
        NO_CHECK_IN,
        "How do you feel this week? → 😢 Very bad",
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
