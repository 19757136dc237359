"""What adults ask for in the chat: what waits, who is abroad, how one learner is, who is missing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.stay import Ended
from bot.handlers.people.invitations import claim, invite
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import CARD, ask, classes, give, leave_chat, person_of, stay_of
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.scenes import answer_check_in, arrival_missing, check_in_asked, forget, looked_after
from tests.journeys.words import follows, taken

LINA = CARD.format(full="Lina Haddouche · 2MRC")
LEARNER = (
    "I can:\n/checklist what is left to do\n/question and your words: an adult answers you\n"
    "/checkin tell me about your week now\n/next what comes next\n/tomorrow put my question off to tomorrow\n"
    "SOS at any moment: an adult is told. [8 more]"
)
ADULT = (
    "I can:\n/today what waits for you\n/tasks what waits for your tick\n/missing who has not answered\n"
    "/who who is abroad now\n/desk the whole board in your browser\nAlerts come here with their buttons. [14 more]"
)
OFFICE = (
    "I can:\n/today what waits for you\n/tasks what waits for your tick\n/missing who is not enrolled\n"
    "/who who is abroad now\n/desk the whole board in your browser [7 more]"
)
NO_ARRIVAL = "No answer to: the arrival. My message was delivered."
NOTHING = ["Nothing waits for you today."]


@scene
async def abroad(journey: Journey) -> None:
    """Lina has not said that she arrived, Noémie has; Jules is of another school."""
    await arrival_missing(journey, "2027-03-06 20:30", "noemie", "jules")
    await classes(journey, lina="2MRC", noemie="BTS CI 1", jules="2MRC")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("noemie", choice)
    await journey.until("2027-03-07 13:45")
    forget(journey)


async def test_today_is_what_waits_and_who_travels(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.press("lina", "have")
    forget(journey)
    await journey.until("2027-03-03 09:00")
    travels = "Leaving Saturday 6 March: Lina H. (Leipzig), Noémie A. (Bergen)".replace(", N", " and N")

    assert await ask(journey, "nadia", "/today") == [
        f"Waiting for you now:\n1 thing to tick\n{travels} [See what is to be ticked]"
    ]
    assert await ask(journey, "pascale", "/today") == [travels]
    assert await ask(journey, "yann", "/today") == NOTHING
    await journey.press("nadia", "See what is to be ticked")
    assert journey.heard("nadia")[0].startswith("There is 1 thing to tick")


async def test_today_names_cases_of_mine_and_those_nobody_took(begin: Begin) -> None:
    journey = begin()
    await abroad(journey)
    since = "Lina H., Leipzig, since Sunday 7 Mar 09:30"

    assert await ask(journey, "nadia", "/hoy") == [
        f"Waiting for you now:\n● {since}, taken by nobody: {NO_ARRIVAL} [● Lina H.]"
    ]
    await journey.press("luc", "take")
    assert await ask(journey, "luc", "/aujourdhui") == [
        f"Waiting for you now:\n● {since}, yours: {NO_ARRIVAL} [● Lina H.]"
    ]
    for ref in ("nadia", "pascale"):
        assert await ask(journey, ref, "/aujourd'hui") == NOTHING
    await journey.press("luc", "● Lina H.")
    assert journey.heard("luc")[0].startswith(LINA)


async def test_today_says_who_comes_back(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await looked_after(journey, "2027-03-27 09:00")

    assert await ask(journey, "pascale", "/today") == ["Coming back today: Lina H. (Leipzig)"]


async def test_whoever_waits_for_a_yes_is_asked_about_again(begin: Begin) -> None:
    journey = begin()
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *ADULTS)
    await journey.do(_knock, "lina")
    forget(journey)

    asked = await ask(journey, "nadia", "/today")
    assert asked == ["Waiting for you now:\nNever started: Lina H.\n1 invitation to confirm: Lina Haddouche [Confirm…]"]
    await journey.press("nadia", "Confirm…")
    assert journey.heard("nadia") == [
        "Lina Haddouche has just opened their invitation (Web). Is it really them? "
        "Nothing is shown before you say so.\n"
        "Whoever it is sees two words on their screen. Right are: bikini papaya. [Yes, it is them] [No, it is not]"
    ]
    await journey.press("nadia", "Yes, it is them")
    assert journey.heard("nadia") == ["Thank you. Lina Haddouche can begin."]
    assert await ask(journey, "nadia", "/today") == ["Never started: Lina H."]
    assert await ask(journey, "yann", "/today") == NOTHING


def _knock(tx: Tx, ref: str) -> None:
    claim(tx, invite(tx, person_of(tx, ref)), "web", ref)


async def test_who_is_abroad_by_class_with_case_and_last_sign(begin: Begin) -> None:
    journey = begin()
    await abroad(journey)

    assert await ask(journey, "nadia", "/who") == [
        "2 people are abroad now.\n"
        "2MRC\n● Lina H., Leipzig, 13:45 there, last sign of life 6 days ago\n"
        "BTS CI 1\nNoémie A., Bergen, 13:45 there, last sign of life 17 hours ago"
    ]
    assert await ask(journey, "yann", "/qui") == [
        "1 person is abroad now.\n2MRC\n● Jules M., Leipzig, 13:45 there, last sign of life 6 days ago"
    ]
    assert await ask(journey, "helene", "/quien 2 mrc") == [
        "2 people are abroad now.\n2MRC\n● Lina H., Leipzig, 13:45 there, last sign of life 6 days ago\n"
        "● Jules M., Leipzig, 13:45 there, last sign of life 6 days ago"
    ]
    assert await ask(journey, "nadia", "/who 3B") == ["I know no class of that name. There are: 2MRC and BTS CI 1."]


async def test_before_the_departures_nobody_is_abroad(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await classes(journey, lina="2MRC")

    assert await ask(journey, "nadia", "/who") == ["Nobody is abroad now."]
    assert await ask(journey, "nadia", "/who 2MRC") == ["Nobody of 2MRC is abroad now."]


async def test_the_office_sees_places_and_progress_and_no_case(begin: Begin) -> None:
    journey = begin()
    await abroad(journey)

    assert await ask(journey, "pascale", "/who") == [
        "2 people are abroad now.\n2MRC\nLina H., Leipzig, 13:45 there\nBTS CI 1\nNoémie A., Bergen, 13:45 there"
    ]
    assert await ask(journey, "pascale", "/learner lina") == [
        f"{LINA}\nAbroad, day 2 of 22; it is 13:45 there.\n"
        "Checklist: 0 of 2. Late: European Health Insurance Card (EHIC)."
    ]
    assert await ask(journey, "pascale", "/missing") == [
        "Nobody is missing: everyone is enrolled, and nothing holds up a departure."
    ]
    for words in ("/write lina Hello", "/broadcast 2mrc Hello"):
        assert await ask(journey, "pascale", words) == [
            "Only those who follow learners can do this. /help shows what you can do."
        ]
    assert await ask(journey, "pascale", "/help") == [OFFICE]
    assert await ask(journey, "nadia", "/help") == [ADULT]
    await journey.press("nadia", "14 more")
    assert journey.heard("nadia")[0].splitlines()[0:2] == ["I can:", "/learner and a name: where they stand"]


async def test_the_card_of_a_learner_with_a_case(begin: Begin) -> None:
    journey = begin()
    await abroad(journey)

    assert await ask(journey, "nadia", "/learner Lina") == [
        f"{LINA}\nAbroad, day 2 of 22; it is 13:45 there.\n"
        "Last sign of life: 6 days ago, Monday 1 Mar 09:00.\n"
        "Checklist: 0 of 2. Late: European Health Insurance Card (EHIC).\n"
        f"● Today, since Sunday 7 Mar 09:30, taken by nobody: {NO_ARRIVAL}\n"
        "I next write about: the weekly check-in, Wednesday 10 Mar 18:06. "
        "[I take it] [Pass on…] [Reached] [Reached, all well] [Close…] [Write to them]"
    ]
    await journey.press("nadia", "I take it")
    assert journey.heard("nadia") == [taken("Nadia Ferhaoui", "Sunday 7 Mar 13:45"), follows("Lina H.")]
    heard = await ask(journey, "luc", "/eleve HADDOUCHE")
    assert f"● Today, since Sunday 7 Mar 09:30, Nadia Ferhaoui: {NO_ARRIVAL}" in heard[0]


async def test_the_card_shows_what_was_pressed_and_no_words_and_the_look_is_noted(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await classes(journey, lina="2MRC")
    await answer_check_in(journey)
    await journey.until("2027-03-14 19:00")

    assert await ask(journey, "nadia", "/alumno lina h") == [
        f"{LINA}\nAbroad, day 9 of 22; it is 19:00 there.\n"
        "Last sign of life: 30 minutes ago, Sunday 14 Mar 18:30.\n"
        "Checklist: 0 of 2. Late: European Health Insurance Card (EHIC).\n"
        "The last check-in, Sunday 14 March:\n"
        "How is it going? → 🙂 Fine\n"
        "I next write about: the weekly check-in, Sunday 21 Mar 18:06. [Write to them]"
    ]
    looks = select(AuditRow.actor, AuditRow.target).where(AuditRow.action == "look")
    assert journey.ask(looks) == [(f"person {_number(journey, 'nadia')}", f"stay {journey.stay('lina')}")]


def _number(journey: Journey, ref: str) -> int:
    return int(journey.ask(select(Person.id).where(Person.ref == ref))[0][0])


async def test_names_that_are_several_or_nobodys(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie", "jules", "martina")
    await classes(journey, lina="2MRC")
    none = ["I find no learner of that name. /who shows who is abroad now."]

    assert await ask(journey, "helene", "/learner a") == ["Which one? [Noémie Abadie] [Martina Araya]"]
    await journey.say("helene", "2")
    assert journey.heard("helene")[0].startswith("Martina Araya · Lycée Valmer\nArdonville, France")
    assert await ask(journey, "nadia", "/learner jules") == none
    assert await ask(journey, "nadia", f"/learner #{journey.stay('jules')}") == none
    assert await ask(journey, "nadia", "/learner Zoé") == none
    assert await ask(journey, "nadia", "/learner") == ["Write a name behind it, for example: /learner Lina"]


async def test_missing_are_three_kinds_and_what_holds_up_departures(begin: Begin) -> None:
    journey = begin("2027-02-01 09:00", full=True)
    await journey.do(settle_in, ("lina", "noemie", "jules"))
    await journey.do(join, *ADULTS, "noemie")
    forget(journey)
    await journey.until("2027-02-03 12:00")

    heard = await ask(journey, "nadia", "/missing")
    assert heard[0].split("\n")[:3] == [
        "Not enrolled:",
        "Noémie A.: never started, has not said yes since Monday 1 Feb 09:00; leaves Saturday 6 March",
        "Lina H.: never started, no invitation yet; leaves Saturday 6 March",
    ]
    assert heard[0].split("\n")[3] == "Late, and without it there is no departure:"
    assert [line.split(":")[0] for line in heard[0].split("\n")[4:]] == [
        "Noémie A., leaves Saturday 6 March",
        "Lina H., leaves Saturday 6 March",
    ]
    assert await ask(journey, "pascale", "/missing") == heard


async def test_missing_keeps_silence_and_what_never_arrived_apart(begin: Begin) -> None:
    journey = begin()
    await abroad(journey)
    await journey.do(leave_chat, "noemie")
    await journey.until("2027-03-10 19:00")

    assert await ask(journey, "nadia", "/falta") == [
        "No answer, though my message arrived:\nLina H.: the arrival, since Saturday 6 Mar 20:00\n"
        "My messages do not arrive:\nNoémie A.: since Wednesday 10 Mar 18:06"
    ]


async def test_who_stopped_is_said_to_want_no_messages(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.say("lina", "/stop")
    forget(journey)

    assert await ask(journey, "nadia", "/missing") == [
        "Not enrolled:\nLina H.: wants no messages; leaves Saturday 6 March"
    ]


async def test_an_adult_with_a_stay_of_their_own_keeps_both_sides(begin: Begin) -> None:
    journey = begin("2027-02-15 09:00", full=True)
    await journey.enrol("karim", "lina")
    await journey.do(give, "karim", Role.LEARNER, Role.TEACHER)
    forget(journey)

    assert (await ask(journey, "karim", "/learner lina"))[0].startswith("Lina Haddouche · Lycée Valmer")
    assert (await ask(journey, "karim", "/checklist"))[0].startswith("Your checklist:")
    assert await ask(journey, "karim", "/help") == [ADULT, LEARNER]
    await journey.do(give, "karim", Role.LEARNER)
    assert await ask(journey, "karim", "/learner lina") == [LEARNER]


@pytest.mark.parametrize(
    "word", ["today", "who", "learner x", "missing", "write nadia x", "broadcast x x", "leave", "oncall"]
)
async def test_learners_have_no_desk(begin: Begin, word: str) -> None:
    journey = begin()
    await journey.enrol("lina")

    assert await ask(journey, "lina", f"/{word}") == [LEARNER]


async def test_a_cancelled_stay_is_nowhere(begin: Begin) -> None:
    journey = begin()
    await abroad(journey)
    await journey.do(_cancel, "lina")

    assert (await ask(journey, "nadia", "/who"))[0].startswith("1 person is abroad now.\nBTS CI 1")
    assert (await ask(journey, "nadia", "/learner lina"))[0].startswith("I find no learner")


def _cancel(tx: Tx, ref: str) -> None:
    stay_of(tx, ref).ended = Ended.WITHDRAWN
