"""How a device becomes a person's: an invitation, a claim, and an adult who says that it is really them."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.people.invitations import Claim, Claimed, claim, invite
from bot.store.cases import CaseEvent
from bot.store.db import Tx
from bot.store.people import Address, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.words import CRY, SOS, alert, climbs

HELLO = (
    "Hi Lina, I am Compagnon, the bot of Lycée Valmer for your stay in Leipzig. I am with you before, during and "
    "after. I am not a human: if you need somebody, write SOS and an adult of the school is told.\n"
    "Nadia Ferhaoui sees your answers. Your family does not. You can stop any time with /stop.\n"
    "Shall we start? [Yes, let's start] [What are your rules?] [Français] [English] [Español] "
    "[🌐 Deutsch, العربية …]"
)
ASKED = (
    "Lina Haddouche has just opened their invitation (Web). Is it really them? Nothing is shown before you say so.\n"
    "Whoever it is sees two words on their screen. Right are: bikini papaya. [Yes, it is them] [No, it is not]"
)


def open_invitation(tx: Tx, ref: str, native: str, channel: str = "web") -> Claim:
    person = by_ref(tx.rows, ref)
    assert person is not None
    return claim(tx, invite(tx, person), channel, native)


@scene
async def claimed(journey: Journey) -> None:
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *ADULTS)
    for ref in ADULTS:
        journey.heard(ref)
    assert await journey.do(open_invitation, "lina", "lina") == Claim(Claimed.PENDING, "en")


async def test_nothing_is_shown_before_an_adult_has_said_yes(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)

    assert (journey.heard("lina"), journey.heard("nadia"), journey.heard("luc")) == ([], [ASKED], [ASKED])
    await journey.say("lina", "hello?")
    assert journey.heard("lina") == []
    await journey.press("nadia", "Yes, it is them")

    assert journey.heard("lina") == [HELLO]
    assert journey.heard("nadia") == ["Thank you. Lina Haddouche can begin."]
    await journey.press("luc", "No, it is not")
    assert journey.heard("luc") == ["This has been answered already. Thank you."]
    assert journey.inbox()[0] == ("handled", "sender not confirmed")


async def test_a_device_that_is_refused_stays_outside(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)

    await journey.press("nadia", "No, it is not")
    await journey.say("lina", "let me in")

    assert journey.heard("nadia")[-1] == "Thank you. This device is refused; a new link is needed for Lina Haddouche."
    assert journey.heard("lina") == []
    assert journey.ask(select(Address.state).where(Address.native == "lina")) == [("revoked",)]


async def test_a_new_device_takes_the_place_of_the_old_one_and_goes_on_there(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)
    await journey.press("nadia", "Yes, it is them")
    await journey.do(open_invitation, "lina", "lina's new phone")

    await journey.press("luc", "Yes, it is them")

    assert journey.ask(select(Address.native, Address.state).where(Address.native.like("lina%"))) == [
        ("lina", "revoked"),
        ("lina's new phone", "confirmed"),
    ]
    asked = "A link in your name was just opened on another device (Web). Was it you?"
    assert journey.heard("lina") == [HELLO, f"{asked} [Yes, it was me] [No, it was not me]", HELLO]
    await journey.say("lina", "yes")
    assert journey.heard("lina") == []
    await journey.say("lina's new phone", "yes")
    assert journey.heard("lina")[0] == "Great! One thing at a time. To see it all now: /checklist."


async def test_the_same_device_may_be_invited_again(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)
    await journey.press("nadia", "No, it is not")

    assert await journey.do(open_invitation, "lina", "lina") == Claim(Claimed.PENDING, "en")
    await journey.press("nadia", "Yes, it is them")

    assert journey.heard("lina") == [HELLO]


async def test_a_device_in_use_by_somebody_else_leaves_the_invitation_as_it_is(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)

    assert await journey.do(open_invitation, "lina", "nadia") == Claim(Claimed.USED)
    assert await journey.do(open_invitation, "lina", "lina") == Claim(Claimed.PENDING, "en")


async def test_a_cry_from_a_device_not_yet_confirmed_reaches_the_adults_and_shows_nothing(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)
    journey.heard("luc")

    await journey.say("lina", "SOS")

    by = climbs("Monday 1 Mar 09:10", "the deputy")
    never = "Last sign of life: none yet."
    assert journey.heard("lina") == []
    assert journey.heard("luc") == [
        alert(SOS, "Lina H., at home (09:00", CRY, never, by),
        "This SOS came from a phone or account of which nobody has said yet that it is Lina Haddouche's: it may be somebody "
        "else's. Please reach Lina Haddouche all the same.",
    ]
    assert journey.ask(select(CaseEvent.kind).limit(1)) == [("matter",)]


async def test_stop_before_the_first_yes_stops_the_reminders_and_is_told(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)
    await journey.press("nadia", "Yes, it is them")
    journey.heard("lina")

    await journey.say("lina", "/stop")
    await journey.until("2027-03-05 12:00")
    stopped = journey.heard("lina")
    await journey.say("lina", "/start")

    assert stopped == [
        "All right, I write no more of my own accord. Nadia Ferhaoui knows. SOS still works, and /start goes on."
    ]
    assert journey.heard("lina") == [HELLO]


async def test_start_while_the_first_question_stands_asks_it_again(begin: Begin) -> None:
    journey = begin()
    await claimed(journey)
    await journey.press("nadia", "Yes, it is them")
    journey.heard("lina")

    await journey.say("lina", "/start")

    assert journey.heard("lina") == [HELLO]
