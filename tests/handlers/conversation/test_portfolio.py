"""What a learner keeps for themselves: strengths before and after as a picture, a diary that nobody reads unless they say so."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.programme.item import Wording
from bot.store.cases import CaseRow
from bot.store.messages import OutboxRow
from bot.store.portfolio import PortfolioRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey
from tests.journeys.scenes import looked_after

QUESTIONS = (
    Wording(id="one", text="What surprised you in {city}?"),
    Wording(id="two", text="A word that you would like to keep?"),
)
TOLD = (
    "Write it here in one message, for you alone. If your words worry me, I ask you whether an adult may know; if you do "
    "not answer, an adult looks after you, without your words. If you are in danger, an adult is told at once, as always."
)
KEPT = (
    "Kept, for you alone. /diary read shows your entries. May Nadia Ferhaoui read this one? "
    "[Yes, this one] [No, for me alone]"
)
SCALE = "[Not yet] [A little] [Often] [Nearly always] [I'd rather not]"


async def with_diary(begin: Begin) -> Journey:
    journey = begin("2027-03-01 12:00")
    asked = journey.programme.outgoing.model_copy(update={"diary": QUESTIONS})
    journey.programme = journey.db.programme = journey.programme.model_copy(update={"outgoing": asked})
    await journey.enrol("lina")
    journey.heard("lina")
    journey.heard("nadia")
    return journey


def kept(journey: Journey) -> list[tuple[str, str, bool]]:
    wanted = select(PortfolioRow.kind, PortfolioRow.words, PortfolioRow.shared_at).order_by(PortfolioRow.id)
    return [(kind, words, shared is not None) for kind, words, shared in journey.ask(wanted)]


def cases(journey: Journey) -> list[str]:
    return [topic for (topic,) in journey.ask(select(CaseRow.topic).where(CaseRow.topic == "distress"))]


async def test_an_entry_is_for_its_writer_alone_until_they_share_it(begin: Begin) -> None:
    journey = await with_diary(begin)

    assert await ask(journey, "lina", "/journal") == [f"What surprised you in Leipzig?\n{TOLD}"]
    assert await ask(journey, "lina", "Everybody greets the bus driver") == [KEPT]
    assert await ask(journey, "lina", "No, for me alone") == ["It stays yours."]
    assert await ask(journey, "lina", "/diary") == [f"A word that you would like to keep?\n{TOLD}"]
    assert await ask(journey, "lina", "Feierabend") == [KEPT]
    assert kept(journey) == [("diary", "Everybody greets the bus driver", False), ("diary", "Feierabend", False)]
    assert journey.heard("nadia") == []

    assert await ask(journey, "lina", "1") == ["All right: Nadia Ferhaoui can read this one, and no other."]
    assert journey.heard("nadia") == [
        "Lina H. lets you read an entry of their diary. It stands on their page, under the answers."
    ]
    assert await ask(journey, "lina", "/diary lire") == [
        "Your diary:\n1 March 2027: Everybody greets the bus driver\n1 March 2027, shared: Feierabend [Take something out]"
    ]
    await journey.say("lina", "/diary out")
    journey.heard("lina")
    assert await ask(journey, "lina", "1") == ["Taken out."]
    assert kept(journey) == [("diary", "Feierabend", True)]


async def test_private_words_that_worry_are_asked_about_first_and_go_to_nobody(begin: Begin) -> None:
    journey = await with_diary(begin)
    await journey.say("lina", "/diary")
    journey.heard("lina")

    said = await ask(journey, "lina", "I cry every night")

    assert said[0].startswith("What you write worries me. Would you like an adult to call you?")
    assert said[1:] == [KEPT]
    assert (cases(journey), journey.heard("nadia")) == ([], [])
    await journey.until("2027-03-01 14:30")
    assert cases(journey) == ["distress"], "words that worry and silence are two signs"
    assert "cry every night" not in " ".join(journey.heard("nadia"))


async def test_a_cry_of_danger_in_the_diary_is_heard_as_anywhere(begin: Begin) -> None:
    journey = await with_diary(begin)
    await journey.say("lina", "/diary")
    journey.heard("lina")

    await journey.say("lina", "SOS")

    assert [topic for (topic,) in journey.ask(select(CaseRow.topic).where(CaseRow.closed_at.is_(None)))][-1:] == ["sos"]
    assert kept(journey) == []


async def test_five_sentences_before_and_after_become_one_picture(begin: Begin) -> None:
    journey = begin("2027-03-01 12:00")
    await journey.enrol("lina")
    journey.heard("lina")

    assert await ask(journey, "lina", "/forces") == [
        "Five sentences about you, for you alone: no adult sees what you press. "
        f"1/5: When plans change, I find another way. {SCALE}"
    ]
    for _sentence in range(4):
        await journey.say("lina", "2")
    last = await ask(journey, "lina", "Often")
    assert last[0].startswith("Kept for you alone. After your stay, /strengths asks once more and draws both.\n")
    assert "Flexibility: ●●○○ → –" in last[0]
    await looked_after(journey, "2027-03-28 12:00")
    await journey.say("lina", "/strengths")
    for _sentence in range(4):
        await journey.say("lina", "4")
    journey.heard("lina")
    assert "Taking others along: ●●●○ → ●●●●" in (await ask(journey, "lina", "4"))[0]
    [(letter,)] = journey.ask(select(OutboxRow.message).order_by(OutboxRow.id.desc()).limit(1))
    assert [(row["before"], row["after"]) for row in letter["picture"]["rows"]] == [(2, 4)] * 4 + [(3, 4)]
    assert [kind for kind, _words, _shared in kept(journey)] == ["before"] * 5 + ["after"] * 5
