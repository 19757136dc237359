"""The weekly check-in: asked, asked again gently, then an adult; and an answer that cannot wait."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.stays import Mark
from tests.journeys.conftest import Begin
from tests.journeys.scenes import check_in_asked, forget
from tests.journeys.words import (
    DANGER,
    LISTENING,
    MOOD,
    NO_CHECK_IN,
    NOW,
    NUDGE,
    NUDGE_AGAIN,
    OPENING,
    TODAY,
    alert,
    clear,
    climbs,
    ended,
    sign,
    taken,
)

LINA = "Lina H., Leipzig ("


async def test_silence_is_met_twice_gently_then_an_adult_is_alerted_and_the_late_answer_closes(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey, sunday="2027-03-14 17:00")

    await journey.until("2027-03-14 18:30")
    assert journey.heard("lina") == [OPENING]
    await journey.until("2027-03-15 18:30")
    assert journey.heard("lina") == [NUDGE]
    await journey.until("2027-03-16 10:30")
    assert journey.heard("lina") == [NUDGE_AGAIN]
    assert [alerts for alerts in journey.heard("nadia") if "[" in alerts] == []
    await journey.until("2027-03-16 18:30")
    seen = sign("Wednesday 10 Mar 18:30")
    by = climbs("Wednesday 17 Mar 09:06", "the deputy")
    assert journey.heard("nadia") == [alert(TODAY, f"{LINA}18:06", NO_CHECK_IN, seen, by)]
    await journey.until("2027-03-17 09:15")
    by = climbs("Wednesday 17 Mar 13:06", "the head of school")
    assert journey.heard("luc") == [alert(TODAY, f"{LINA}09:06", NO_CHECK_IN, seen, by)]
    await journey.press("luc", "take")
    told = [taken("Luc Perrichon", "Wednesday 17 Mar 09:15")]
    assert (journey.heard("luc"), journey.heard("nadia")) == (told, told)

    await journey.press("lina", "so_so")

    assert journey.heard("lina") == [LISTENING, MOOD]
    closed = ended("has answered", "Wednesday 17 Mar 09:15")
    assert journey.heard("nadia") == [closed]
    assert journey.heard("luc") == [closed, clear("Lina H.", "has answered")]
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "check_in").order_by(Mark.id)) == [
        ("answered",),
        ("answered",),
    ]


async def test_two_silent_weeks_are_for_today(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-17 12:00")
    await journey.press("nadia", "Close…")
    await journey.press("nadia", "followed_elsewhere")
    journey.heard("nadia")

    await journey.until("2027-03-23 18:30")

    seen = sign("Wednesday 10 Mar 18:30")
    assert journey.heard("nadia")[-1] == alert(
        TODAY, f"{LINA}18:06", NO_CHECK_IN, seen, climbs("Wednesday 24 Mar 09:06", "the deputy")
    )


async def test_who_follows_the_case_of_a_silent_week_hears_that_the_next_one_was_answered(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.until("2027-03-21 18:30")
    forget(journey)

    await journey.press("lina", "fine")

    assert journey.heard("nadia") == ["Lina H. has written. The case stays open until you close it."]


async def test_an_accident_reaches_the_on_call_adult_at_once_with_the_emergency_text(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    for choice in ("so_so", "good"):
        await journey.press("lina", choice)
    journey.heard("lina")
    await journey.press("lina", "accident")

    assert journey.heard("lina") == [DANGER]
    work = "And the placement? → Work accident"
    by = climbs("Sunday 14 Mar 18:40", "the deputy")
    assert journey.heard("luc") == [alert(NOW, f"{LINA}18:30", work, sign("Sunday 14 Mar 18:30"), by)]
    assert journey.heard("nadia") == []
