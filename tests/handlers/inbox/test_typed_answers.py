"""Typed words belong to the question they answer; with several that they fit, the bot asks which."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.person import Role
from bot.store.db import Tx
from bot.store.people import Address, Person, RoleHeld, School
from tests.handlers.people.test_invitations import open_invitation
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, classes
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, LEARNERS, _person, _stay, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.scenes import forget
from tests.journeys.words import follows, taken

THREE = ("lina", "noemie", "martina")


def one_more(tx: Tx, ref: str) -> None:
    """One more learner of the same school."""
    name, school, birth, trip = LEARNERS[ref]
    home = tx.rows.scalars(select(School).where(School.ref == school)).one()
    learner = _person(tx, ref, name, home)
    learner.birth, learner.roles = birth, [RoleHeld(role=Role.LEARNER)]
    tx.rows.add(_stay(learner, home, trip))
    tx.rows.flush()


@scene
async def come(journey: Journey, *learners: str) -> None:
    """Their invitations are opened within the same second."""
    await journey.do(settle_in, learners)
    await journey.do(join, *ADULTS)
    for ref in learners:
        await journey.do(open_invitation, ref, ref)
    forget(journey)


def states(journey: Journey) -> dict[str, str]:
    """What became of the learners' devices."""
    wanted = select(Person.ref, Address.state).join(Address, Address.person_id == Person.id)
    return dict(journey.ask(wanted.where(Person.ref.in_(THREE)).order_by(Person.ref)))


async def test_a_number_with_two_questions_open_confirms_nobody_before_it_is_clear_whom(begin: Begin) -> None:
    journey = begin()
    await come(journey, "lina", "noemie")

    assert await ask(journey, "nadia", "1") == [
        "« 1 »: for which of them? Press one, or write its number or the name. "
        "[Noémie Abadie (Web): Yes, it is them] [Lina Haddouche (Web): Yes, it is them]"
    ]
    assert states(journey) == {"lina": "pending", "noemie": "pending"}

    assert await ask(journey, "nadia", "2") == ["Thank you. Lina Haddouche can begin."]
    assert states(journey) == {"lina": "confirmed", "noemie": "pending"}
    assert await ask(journey, "nadia", "1") == ["Thank you. Noémie Abadie can begin."]


async def test_yes_with_three_open_is_settled_by_name(begin: Begin) -> None:
    journey = begin()
    await come(journey, *THREE)

    await journey.say("nadia", "Yes, it is them")
    await journey.say("nadia", "Martina Araya")

    assert states(journey) == {"lina": "pending", "martina": "confirmed", "noemie": "pending"}


async def test_a_receipt_or_a_hint_in_between_is_never_what_words_are_bound_to(begin: Begin) -> None:
    journey = begin()
    await come(journey, "lina", "noemie")
    await journey.press("luc", "Yes, it is them")
    forget(journey)
    await journey.say("nadia", "hello?")
    journey.heard("nadia")

    assert await ask(journey, "nadia", "1") == ["Thank you. Lina Haddouche can begin."]
    assert states(journey) == {"lina": "confirmed", "noemie": "confirmed"}


async def test_a_list_that_was_asked_for_is_what_a_number_means_until_something_newer_asks(begin: Begin) -> None:
    journey = begin()
    await come(journey, "lina")

    assert (await ask(journey, "nadia", "/language"))[0].startswith("Which language?")
    await journey.say("nadia", "1")
    assert states(journey) == {"lina": "pending"}

    await journey.say("nadia", "/language")
    await journey.do(one_more, "noemie")
    await journey.do(open_invitation, "noemie", "noemie")
    journey.heard("nadia")
    assert (await ask(journey, "nadia", "1"))[0].startswith("«\u00a01\u00a0»")
    assert states(journey) == {"lina": "pending", "noemie": "pending"}


async def test_two_untaken_cases_are_not_taken_for_each_other(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.say("lina", "SOS")
    await journey.say("noemie", "SOS")
    forget(journey)

    (asked,) = await ask(journey, "luc", "1")

    assert asked == (
        "« 1 »: for which of them? Press one, or write its number or the name. "
        "[Noémie Abadie: I take it] [Lina Haddouche: I take it]"
    )
    assert await ask(journey, "luc", "Lina Haddouche") == [
        taken("Luc Perrichon", "Monday 1 Mar 09:00"),
        follows("Lina H.", grave=True),
    ]


async def test_the_words_that_were_asked_for_are_words_whatever_else_stands(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(one_more, "noemie")
    await journey.do(open_invitation, "noemie", "noemie")
    await journey.say("nadia", "/write Lina")
    forget(journey)

    await journey.say("nadia", "yes")

    assert journey.heard("lina") == [
        "Nadia Ferhaoui writes to you:\n« yes »\nWhat you write now goes to Nadia Ferhaoui."
    ]
    assert states(journey)["noemie"] == "pending"


async def test_a_learner_with_two_adults_waiting_says_who_it_is_for(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.say("nadia", "/write Lina Is your ticket there?")
    await journey.say("luc", "/write Lina Call your mother please.")
    forget(journey)

    assert await ask(journey, "lina", "Yes, it is") == [
        "« Yes, it is »: for which of them? Press one, or write its number or the name. "
        "[Luc Perrichon: these words] [Nadia Ferhaoui: these words]"
    ]
    assert await ask(journey, "lina", "2") == ["I have passed it on to Nadia Ferhaoui."]
    assert journey.heard("nadia")[0].startswith("Lina H. answers you:\n« Yes, it is »")
    assert journey.heard("luc") == []


async def test_two_previews_of_a_broadcast_are_told_apart(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await classes(journey, lina="2MRC", noemie="BTS1")
    await journey.say("nadia", "/broadcast 2MRC The train leaves at 8.")
    await journey.say("nadia", "/broadcast BTS1 The plane leaves at 9.")
    forget(journey)

    assert await ask(journey, "nadia", "1") == [
        "« 1 »: for which of them? Press one, or write its number or the name. "
        "[BTS1: Send to 1 person] [2MRC: Send to 1 person]"
    ]
    assert (journey.heard("lina"), journey.heard("noemie")) == ([], [])
