"""A returnee helps somebody who leaves next: asked one after the other, brought together after two yeses, ended in one press."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.handlers.say.marks import set_item
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.pairings import PairRow
from bot.store.people import Person
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, person_of, stay_of
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene

CHOICES = "[Yes, Nadia Ferhaoui brings us together] [Yes, I say how to write to me] [No, thank you]"
TO_HELPER = (
    "Somebody leaves for Leipzig soon. Would you answer a few questions of theirs about your own stay? If you both say "
    f"yes, you hear each other's first name and how to write, nothing else. Nadia Ferhaoui knows of it. {CHOICES}"
)
TO_NEWCOMER = (
    "Somebody who has come back from Leipzig would answer your questions about it. Would you like that? If you say yes, "
    f"you hear each other's first name and how to write, nothing else. Nadia Ferhaoui knows of it. {CHOICES}"
)
RULES = "You owe each other nothing, and you can stop at any time. If something is not right between you, write it to me: an adult reads it."
PROPOSED = "Noémie A. could help Lina H.: the same town"
NONE = "Brought together in twelve months: 0, target 5"
ASK = "Ask Noémie A., then Lina H."
THANKS = "Thank you! I write to you as soon as the other one has answered."
EMPTY = "Nobody to propose: no returnee who would like to help fits somebody who leaves soon, or all are asked already."


def was_there(tx: Tx, ref: str, city: str, birth: date) -> None:
    """Somebody came back last summer, and said afterwards that they would like to help."""
    person, now = person_of(tx, ref), stay_of(tx, ref)
    person.birth = birth
    past = StayRow(
        person=person, school=now.school, kind=now.kind, track=now.track, country="DE", city=city, zone="Europe/Berlin",
        home_zone="Europe/Paris", departure=date(2026, 5, 1), start=date(2026, 5, 2), end=date(2026, 5, 29),
        back=date(2026, 5, 30), enrolled_at=tx.now, wake_at=None, tags=[],
    )  # fmt: skip
    tx.rows.add(past)
    tx.rows.flush()
    set_item(tx, past, "ambassador", "done", "tutoring", person.id)


async def met(begin: Begin, birth: date = date(2010, 5, 5)) -> Journey:
    """Noémie, of an age with Lina, has been in Leipzig, and Lina goes there."""
    journey = begin()
    await to_meet(journey, birth)
    return journey


@scene
async def to_meet(journey: Journey, birth: date) -> None:
    await journey.enrol("lina", "noemie")
    await journey.do(was_there, "noemie", "Leipzig", birth)
    hush(journey)


def hush(journey: Journey) -> None:
    """Only what comes next counts."""
    for ref in ("lina", "noemie", "nadia", "helene", "yann"):
        journey.heard(ref)


def ends(journey: Journey) -> list[tuple[str | None, str | None, str | None]]:
    """How each pair ended, and which addresses are still kept."""
    found = journey.ask(select(PairRow.ended, PairRow.helper_way, PairRow.newcomer_way).order_by(PairRow.id))
    return [(ended and str(ended), helper, newcomer) for ended, helper, newcomer in found]


async def test_both_are_asked_and_hear_a_first_name_and_an_address_after_two_yeses(begin: Begin) -> None:
    journey = await met(begin)

    assert await ask(journey, "nadia", "/tutorat") == [f"{PROPOSED}.\n{NONE} [{ASK}]"]
    await journey.press("nadia", ASK)
    assert journey.heard("nadia") == ["Asked. I write to you when both have answered."]
    assert (journey.heard("noemie"), journey.heard("lina")) == ([TO_HELPER], [])
    await journey.press("nadia", ASK)
    assert journey.heard("nadia") == ["Nothing was changed: somebody was faster, or this is not yours to do."]

    await journey.press("noemie", "Yes, I say how to write to me")
    assert journey.heard("noemie") == [
        "How may they write to you? One line: an e-mail address, or a name in a messenger. Rather no phone number. Nadia Ferhaoui can read it too."
    ]
    assert await ask(journey, "noemie", "au 06 12 34 56 78") == [
        "This looks like a phone number. Shall they really have it? [Yes, they may have it] [No, I write something else]"
    ]
    await journey.press("noemie", "No, I write something else")
    journey.heard("noemie")
    assert await ask(journey, "noemie", "noemie@lycee.example") == [THANKS]
    assert journey.heard("lina") == [TO_NEWCOMER]
    assert await ask(journey, "nadia", "/tutoring") == [f"{EMPTY}\nAsked: Noémie A. + Lina H.\n{NONE}"]

    await journey.press("lina", "Yes, I say how to write to me")
    journey.heard("lina")
    await journey.say("lina", "@lina:school.example")
    assert journey.heard("lina") == [
        f"Noémie says yes too. How to write to Noémie: noemie@lycee.example\n{RULES} [I want to stop this]"
    ]
    assert journey.heard("noemie") == [
        f"Lina says yes too. How to write to Lina: @lina:school.example\n{RULES} [I want to stop this]"
    ]
    assert journey.heard("nadia") == ["Noémie A. and Lina H. both said yes and have each other's address."]
    assert await ask(journey, "nadia", "/tutoring") == [
        f"{EMPTY}\nIn touch: Noémie A. + Lina H.\nBrought together in twelve months: 1, target 5"
    ]

    assert await ask(journey, "lina", "/parrainage") == ["You and Noémie [I want to stop this]"]
    await journey.press("lina", "I want to stop this")
    assert journey.heard("lina") == ["Done. Noémie hears that it is over, without a reason."]
    assert journey.heard("noemie") == ["The exchange with Lina is over. Thank you for having been there."]
    assert ends(journey) == [("stopped", None, None)]
    assert await ask(journey, "lina", "/tutoring") == ["There is nobody for you to exchange with at the moment."]
    assert (await ask(journey, "nadia", "/tutoring"))[0].startswith(EMPTY), "the same two are not proposed again"


async def test_an_adult_with_a_minor_or_the_school_as_the_way_is_looked_at_by_an_adult_first(begin: Begin) -> None:
    journey = await met(begin, date(2007, 3, 19))

    assert await ask(journey, "nadia", "/tutoring") == [
        f"{PROPOSED}. One of them is an adult, the other a minor.\n{NONE} [{ASK}]"
    ]
    await journey.press("nadia", ASK)
    await journey.press("noemie", "Yes, Nadia Ferhaoui brings us together")
    await journey.press("lina", "Yes, I say how to write to me")
    hush(journey)
    await journey.say("lina", "lina@lycee.example")

    look = (
        "Noémie A. and Lina H. both said yes. One of them is an adult, the other a minor: please look whether this is right. "
        "Then press.\nNoémie A.: by way of the school\nLina H.: lina@lycee.example [They may be in touch] [Rather not]"
    )
    assert (journey.heard("lina"), journey.heard("noemie"), journey.heard("nadia")) == ([THANKS], [], [look])
    await journey.press("nadia", "They may be in touch")

    assert journey.heard("nadia") == ["Done. Each of them hears of it."]
    assert journey.heard("lina") == [
        f"Noémie says yes too. Nadia Ferhaoui brings you two together.\n{RULES} [I want to stop this]"
    ]
    assert journey.heard("noemie") == [
        f"Lina says yes too. How to write to Lina: lina@lycee.example\n{RULES} [I want to stop this]"
    ]
    pair = journey.ask(select(PairRow.id))[0][0]
    assert await ask(journey, "yann", f"/tutoring ended {pair}") == [
        "Nothing was changed: somebody was faster, or this is not yours to do."
    ]
    assert await ask(journey, "pascale", "/tutoring") == [
        "Only those who follow learners can do this. /help shows what you can do."
    ]
    assert await ask(journey, "nadia", f"/tutoring ended {pair}") == ["Ended. Both hear that it is over."]
    assert journey.heard("lina") == ["The exchange with Noémie is over. Thank you for having been there."]


async def test_a_no_hurts_nobody_and_what_is_taken_back_is_said_to_whoever_said_yes(begin: Begin) -> None:
    journey = await met(begin)
    await journey.say("nadia", "/tutoring")
    await journey.press("nadia", ASK)
    await journey.press("noemie", "Yes, Nadia Ferhaoui brings us together")
    hush(journey)
    pair = journey.ask(select(PairRow.id))[0][0]

    assert await ask(journey, "nadia", f"/tutoring back {pair}") == [
        "Taken back. Whoever had said yes hears that it does not work out."
    ]
    assert journey.heard("noemie") == ["It does not work out with a tutor this time. It is nothing that you did."]
    await journey.press("lina", "Yes, Nadia Ferhaoui brings us together")
    assert journey.heard("lina") == ["This question is no longer open. Thank you all the same."]

    await journey.say("nadia", "/tutoring")
    await journey.press("nadia", ASK)
    hush(journey)
    await journey.press("noemie", "No, thank you")
    assert journey.heard("noemie") == ["That is fine. Thank you for telling me."]
    assert journey.heard("nadia") == ["Noémie A. and Lina H. do not become a pair. /tutoring shows who else fits."]
    assert (journey.heard("lina"), ends(journey)) == ([], [("taken_back", None, None), ("refused", None, None)])


async def test_distress_where_an_address_was_asked_for_is_heard_and_goes_to_no_learner(begin: Begin) -> None:
    journey = await met(begin)
    await journey.say("nadia", "/tutoring")
    await journey.press("nadia", ASK)
    await journey.press("noemie", "Yes, I say how to write to me")
    hush(journey)

    await journey.say("noemie", "I want to die")

    assert journey.ask(select(CaseRow.topic, Person.ref).join(StayRow, StayRow.id == CaseRow.stay_id).join(Person)) == [
        ("distress", "noemie")
    ]
    assert (ends(journey), journey.heard("lina")) == ([(None, None, None)], [])


async def test_two_schools_are_a_pair_only_for_whoever_answers_for_both_and_where_the_programme_says_so(
    begin: Begin,
) -> None:
    journey = begin()
    await journey.enrol("jules", "noemie")
    await journey.do(was_there, "noemie", "Leipzig", date(2010, 5, 5))
    hush(journey)

    assert (await ask(journey, "helene", "/tutoring"))[0].startswith(EMPTY)
    rules = journey.programme.tutoring.model_copy(update={"across": True})
    journey.db.programme = journey.programme.model_copy(update={"tutoring": rules})

    assert (await ask(journey, "helene", "/tutoring"))[0].startswith("Noémie A. could help Jules M.: the same town.")
    assert (await ask(journey, "nadia", "/tutoring"))[0].startswith(EMPTY)
    assert (await ask(journey, "yann", "/tutoring"))[0].startswith(EMPTY)


async def test_a_guest_has_a_buddy_of_the_school_after_two_yeses(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("martina", "noemie")
    await journey.do(was_there, "noemie", "Leipzig", date(2010, 5, 5))
    hush(journey)
    journey.heard("martina")

    await journey.say("nadia", "/tutoring")
    assert journey.heard("nadia")[0].startswith("Noémie A. could help Martina A.: the same school, as a buddy.\n")
    await journey.press("nadia", "Ask Noémie A., then Martina A.")
    told = journey.heard("noemie")
    assert [line.partition(": ")[0] for line in told] == [
        "A guest from Chile comes to your school. Would you be their buddy"
    ]
    await journey.press("noemie", "Yes, Nadia Ferhaoui brings us together")
    assert journey.heard("martina")[-1].startswith("A learner here would be your buddy: show you around")
    await journey.press("martina", "No, thank you")

    assert journey.heard("noemie")[-1] == "It does not work out this time. It is nothing that you did."
    assert [(str(kind), str(ended)) for kind, ended in journey.ask(select(PairRow.kind, PairRow.ended))] == [
        ("buddy", "refused")
    ]
