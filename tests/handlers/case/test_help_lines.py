"""« Other numbers »: what a learner in need can call besides the emergency number and the school."""

from __future__ import annotations

from tests.journeys.conftest import Begin
from tests.journeys.scenes import cry

CLOSING = "One that does not answer is not in service there."
CRISIS = "French foreign ministry, day and night: +33 1 53 59 11 10"
CALM = "Your school, on call: +33 6 39 98 00 10"


def told(emergency: str, *lines: str) -> str:
    return "\n".join([f"Immediate danger: {emergency}. Other numbers:", *lines, CLOSING]) + " "


async def test_a_minor_in_germany(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-10 12:00")
    await cry(journey)

    await journey.press("lina", "numbers")
    await journey.press("lina", "call")

    assert journey.heard("lina") == [
        told("112", "Police: 110", "Medical help: 112", "Fire brigade: 112", "French consulate, in an emergency: +49 30 590 03 9000", CRISIS,
             "Somebody who listens to young people: 116 111", "Somebody who listens: 116 123", CALM).strip(),
        "I am telling them to call you. Keep your phone near you.",
    ]  # fmt: skip


async def test_an_adult_in_norway_sees_no_line_for_children(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("noemie")
    await journey.until("2027-03-10 12:00")
    await journey.say("noemie", "SOS")
    journey.heard("noemie")

    await journey.press("noemie", "Other numbers")

    assert journey.heard("noemie") == [
        told(
            "112",
            "Police: 112",
            "Medical help: 113",
            "Fire brigade: 110",
            CRISIS,
            "Somebody who listens: 116 123",
            CALM,
        ).strip()
    ]


async def test_a_guest_in_france_calls_no_french_consulate(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("martina")
    await journey.say("martina", "socorro")
    journey.heard("martina")

    await journey.press("martina", "numbers")

    lines = (
        "Police: 17",
        "Medical help: 15",
        "Fire brigade: 18",
        "Somebody who listens to young people: 119",
        "Somebody who listens: 3114",
        CALM,
    )
    assert journey.heard("martina") == [told("112", *lines).strip()]
