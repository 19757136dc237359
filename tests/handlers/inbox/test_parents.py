"""A parent never sees a learner: whatever they write, the answer is whom to ask."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.ladder import Closed
from bot.domain.messages import Letter, Offer
from bot.handlers.case.case import move_case
from bot.handlers.say.post import post
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import by_ref
from tests.journeys.conftest import Begin
from tests.journeys.families import SONIA, family
from tests.journeys.words import LANGUAGES_ON_OFFER

NOTHING_MORE = (
    "I am a robot and can say nothing more. Your contact: Nadia Ferhaoui, +33 2 40 00 00 00. In danger, call 112."
)


@pytest.mark.parametrize(
    "words",
    [
        "How is she?",
        "/tasks",
        "/checklist",
        "/next",
        "/family",
        "/help",
        "/checkin",
        "/item ehic",
        "1",
        "Lina",
    ],
)
async def test_whatever_a_parent_writes_they_are_told_whom_to_ask(begin: Begin, words: str) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))

    await journey.say(SONIA, words)

    assert journey.heard(SONIA) == [NOTHING_MORE]


async def test_a_parent_gets_no_digest_and_no_alert(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    monday = "2027-03-08 10:00"

    await journey.until("2027-03-05 12:00")
    await journey.say("lina", "SOS")
    await journey.until("2027-03-05 14:00")
    alerted = journey.heard("nadia")
    await journey.do(_close)
    await journey.until(monday)

    assert any("SOS" in each for each in alerted)
    assert any(each.startswith("Your week:") for each in journey.heard("nadia"))
    assert not any("SOS" in each or each.startswith("Your week:") for each in journey.heard(SONIA))


def _close(tx: Tx) -> None:
    for row in tx.rows.scalars(select(CaseRow)):
        move_case(tx, row, Closed(None, "all_well"))


def slip(tx: Tx, ref: str, action: dict[str, object]) -> None:
    """A button that should never have been sent to them."""
    person = by_ref(tx.rows, ref)
    assert person is not None
    post(tx, person.id, Letter({"en": "?"}, {}, (Offer({"en": "press"}, action),)), Lane.ANSWER)


async def test_no_button_opens_a_case_to_a_parent(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.say("lina", "SOS")
    case = journey.ask(select(CaseRow.id))[0][0]
    await journey.do(slip, SONIA, {"do": "case", "case": case, "act": "take"})
    journey.heard(SONIA)

    await journey.press(SONIA, "press")

    assert journey.heard(SONIA) == ["This case is not yours to follow."]


async def test_sos_from_a_parent_gives_the_numbers_and_asks_an_adult_to_call(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    journey.heard("nadia"), journey.heard("luc"), journey.heard("lina")

    await journey.say(SONIA, "SOS")

    assert journey.heard(SONIA) == [
        "I am a robot. In danger, call 112. The on-call adult of Lycée Valmer: +33 6 39 98 00 10. I have just asked "
        "Nadia Ferhaoui and Luc Perrichon to call you back."
    ]
    task = (
        "Sonia Haddouche, of the family of Lina Haddouche, asks to be called back: +33 6 00 00 00 01. [I have called]"
    )
    assert journey.heard("nadia") == journey.heard("luc") == [task]
    assert journey.heard("lina") == []
    assert journey.ask(select(CaseRow.id)) == []
    await journey.say(SONIA, "au secours")
    assert journey.heard("nadia") == []
    await journey.press("luc", "I have called")
    assert journey.heard("luc") == ["Thank you. I have noted that Sonia Haddouche was called back."]


@pytest.mark.parametrize(("words", "asks"), [("le tuteur touche ma fille", True), ("quand rentre Lina ?", False)])
async def test_words_of_danger_from_a_parent_ask_an_adult_to_call_too(begin: Begin, words: str, asks: bool) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    journey.heard("nadia")

    await journey.say(SONIA, words)

    assert [line.partition(",")[0] for line in journey.heard("nadia")] == ["Sonia Haddouche"] * asks
    assert "I have just asked Nadia Ferhaoui" in journey.heard(SONIA)[0] or not asks


async def test_another_school_cannot_answer_for_it(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    parent = await journey.do(lambda tx: by_ref(tx.rows, SONIA).id)  # type: ignore[union-attr]
    await journey.do(slip, "yann", {"do": "family", "say": "called", "parent": parent})
    journey.heard("yann")

    await journey.press("yann", "press")

    assert journey.heard("yann") == []


async def test_a_parent_may_choose_their_language(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))

    await journey.say(SONIA, "/langue")
    assert journey.heard(SONIA) == [f"Which language? {LANGUAGES_ON_OFFER}"]
    await journey.press(SONIA, "Español")

    assert journey.heard(SONIA) == ["De acuerdo, seguimos en español."]
