"""A learner's own words for others to read: asked where and for how long, deleted in one press, never a minor's yes alone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.store.cases import CaseRow
from bot.store.consents import ConsentRow
from bot.store.testimonies import Testimony as Told
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey

ASK = "What was your stay like? Write a few sentences for others to read, in one message. Then I ask where they may be shown. You can take them back at any time: /testimony"  # fmt: skip
WORDS = "I learnt more in three weeks than in a year."
WHERE = (
    f"Thank you! Where may Nadia Ferhaoui show this, with your first name and nothing else?\n« {WORDS} » "
    "[At school only: its own pages, open days] [At school, in the press and on the radio] [Everywhere, on public pages too] "
    "[Nowhere: delete it]"
)
PRESS = "At school, in the press and on the radio"
TAKEN = "It is deleted, and in no draft any more. What is printed already, your school cannot call back."


async def agree(journey: Journey, ref: str, scope: str = PRESS, years: str = "1 year") -> list[str]:
    """Somebody tells of their stay, and says where it may be shown."""
    await journey.say(ref, "/testimony")
    await journey.say(ref, WORDS)
    await journey.press(ref, scope)
    journey.heard(ref)
    await journey.press(ref, years)
    return journey.heard(ref)


def consents(journey: Journey) -> list[tuple[str, bool]]:
    found = journey.ask(select(ConsentRow.purpose, ConsentRow.given).order_by(ConsentRow.id))
    return [(purpose.value, given) for purpose, given in found]


async def test_words_wait_for_a_yes_and_go_with_a_no(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")

    assert await ask(journey, "noemie", "/temoignage") == [ASK]
    assert await ask(journey, "noemie", WORDS) == [WHERE]
    assert await ask(journey, "noemie", "/testimony") == [
        f"You wrote:\n« {WORDS} »\nYou have not said yet where it may be shown. [Take it back] [Write something else]"
    ]
    await journey.press("noemie", PRESS)
    assert journey.heard("noemie") == ["And for how long? [1 year] [3 years]"]
    await journey.press("noemie", "1 year")
    until = journey.ask(select(Told.until))[0][0]
    assert until > date(2027, 12, 31)
    assert journey.heard("noemie")[0].startswith("Thank you. Until ")
    assert (await agree(journey, "lina"))[-1] == (
        "You are under 18, so your parents sign too: Nadia Ferhaoui has the form. Before that nothing is shown."
    )
    assert consents(journey) == [("testimony", True), ("testimony", True)]

    await journey.say("noemie", "/testimony")
    await journey.press("noemie", "Take it back")
    assert journey.heard("noemie")[-1] == TAKEN
    assert journey.ask(select(Told.words)) == [(WORDS,)], "Lina's"
    assert consents(journey) == [("testimony", True), ("testimony", True), ("testimony", False)]


async def test_distress_instead_of_a_story_is_heard_and_kept_for_nobody_to_read(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("noemie")

    await journey.say("noemie", "/testimony")
    await journey.say("noemie", "I want to die")

    assert journey.ask(select(CaseRow.topic)) == [("distress",)]
    assert journey.ask(select(Told.id)) == []
