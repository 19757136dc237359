"""A learner cries from a friend's phone, whose account we know: the alert names both."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Begin

TOO = "The words name {}: perhaps it is about them. Reach them too."


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("SOS this is Lina, I write from Noémie's phone", [TOO.format("Lina H.")]),
        ("SOS, lina est tombée du toit", [TOO.format("Lina H.")]),
        ("SOS Martina", [TOO.format("Martina A.")]),
        ("SOS this is Noémie", []),
        ("SOS", []),
    ],
)
async def test_whom_the_words_of_a_cry_name_the_adults_reach_too(begin: Begin, words: str, named: list[str]) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie", "jules", "martina")
    journey.heard("luc")
    await journey.say("noemie", words)
    [alert] = journey.heard("luc")

    assert (alert.splitlines()[0], [line for line in alert.splitlines() if "perhaps" in line]) == (
        "🆘 SOS · Noémie A., at home (09:00 there)",
        named,
    )


async def test_who_is_kept_out_of_what_befalls_the_other_does_not_read_their_name_there(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.say("lina", "SOS")
    await journey.say("lina", "not Luc")
    journey.heard("luc"), journey.heard("cathy")
    await journey.say("noemie", "SOS this is Lina, I write from Noémie's phone")
    await journey.until("2027-03-01 09:20")
    heard = {ref: [text for text in journey.heard(ref) if "SOS · Noémie" in text] for ref in ("luc", "cathy")}

    assert {ref: {TOO.format("Lina H.") in text for text in texts} for ref, texts in heard.items()} == {
        "luc": {False},
        "cathy": {True},
    }
