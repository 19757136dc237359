"""A paper that blocks is missing: an adult is asked before the departure, and what they say is what happens."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.programme import Programme
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import School
from bot.store.stays import GreenLightRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import LEIPZIG, _person, _stay, join, small
from tests.journeys.remembered import scene

ASKED = (
    "Lina H. leaves for Leipzig on Saturday 6 March, and this is still missing: European Health Insurance Card (EHIC). May Lina H. leave? "
    "[It is all there] [Not yet…] [Leaves all the same…]"
)
FAREWELL = "It's tomorrow."


@pytest.fixture(scope="session")
def small_programme(programme: Programme) -> Programme:
    """One paper that blocks, and the farewell of the eve."""
    cut = small(programme)
    paper = tuple(item.model_copy(update={"blocking": "yes"}) for item in cut.outgoing.before)
    eve = tuple(message for message in programme.outgoing.messages if message.id == "travel_day_minor")
    return cut.model_copy(update={"outgoing": cut.outgoing.model_copy(update={"before": paper, "messages": eve})})


async def asked(begin: Begin) -> Journey:
    journey = begin()
    await for_a_paper(journey)
    return journey


@scene
async def for_a_paper(journey: Journey) -> None:
    """Lina is asked for her health card."""
    await journey.enrol("lina")
    for ref in ("nadia", "luc", "cathy"):
        journey.heard(ref)
    await journey.until("2027-03-03 12:00")


def farewells(journey: Journey) -> list[str]:
    return [text for text in journey.heard("lina") if text.startswith(FAREWELL)]


def decisions(journey: Journey) -> list[tuple[str, str]]:
    return [(verdict, reason) for verdict, reason in journey.ask(select(GreenLightRow.verdict, GreenLightRow.reason))]


async def test_coordinator_and_deputy_are_asked_three_days_before_with_what_is_missing(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    journey.heard("nadia")
    await journey.until("2027-03-03 07:59")
    assert journey.heard("nadia") == []
    await journey.until("2027-03-03 08:00")
    assert journey.heard("nadia") == [ASKED]
    assert [text for text in journey.heard("luc") if "leaves for" in text] == [ASKED]


async def test_nothing_is_asked_where_nothing_is_missing_and_the_farewell_comes(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.say("nadia", "/tasks")
    await journey.press("lina", "have")
    await journey.say("nadia", "/tasks")
    await journey.press("nadia", "ehic")
    journey.heard("nadia")
    await journey.until("2027-03-05 18:00")
    assert [text for text in journey.heard("nadia") if "leaves for" in text] == []
    assert len(farewells(journey)) == 1
    assert decisions(journey) == []


async def test_unanswered_it_is_a_case_of_today_and_no_farewell_is_said(begin: Begin) -> None:
    journey = await asked(begin)
    journey.heard("nadia")
    await journey.until("2027-03-05 08:00")
    alert = journey.heard("nadia")
    assert [text.partition("\n")[0].split(" · ")[0] for text in alert] == ["● Today"]
    assert "No answer: may they leave" in alert[0]
    await journey.until("2027-03-06 12:00")
    assert farewells(journey) == []


async def test_leaving_all_the_same_wants_a_reason_in_words_and_brings_the_farewell(begin: Begin) -> None:
    journey = await asked(begin)
    journey.heard("nadia")
    await journey.press("nadia", "all_the_same")
    assert journey.heard("nadia") == [
        "Why does Lina H. leave all the same? Write the reason in one message: it is kept."
    ]
    assert decisions(journey) == []
    await journey.say("nadia", "The card follows by post, the provisional certificate is in her bag")
    assert journey.heard("nadia") == ["Thank you: Lina H. has the green light, and your reason is kept."]
    assert decisions(journey) == [
        ("all_the_same", "The card follows by post, the provisional certificate is in her bag")
    ]
    await journey.until("2027-03-05 18:00")
    assert len(farewells(journey)) == 1
    assert journey.ask(select(CaseEvent.id)) == []


async def test_not_yet_tells_the_learner_in_the_words_of_the_adult(begin: Begin) -> None:
    journey = await asked(begin)
    journey.heard("lina")
    await journey.press("nadia", "not_yet")
    await journey.say("nadia", "We wait for your card. I call you tonight.")
    assert journey.heard("lina") == [
        "Nadia Ferhaoui, Lycée Valmer, about Lina Haddouche:\n« We wait for your card. I call you tonight. »"
    ]
    await journey.until("2027-03-06 12:00")
    assert farewells(journey) == []


async def test_it_is_all_there_is_believed_only_when_it_is(begin: Begin) -> None:
    journey = await asked(begin)
    journey.heard("nadia")
    await journey.press("nadia", "go")
    assert [text.partition(":")[0] for text in journey.heard("nadia")] == ["Still missing for Lina H."]
    assert decisions(journey) == []
    await journey.press("lina", "have")
    await journey.say("nadia", "/tasks")
    await journey.press("nadia", "ehic")
    await journey.until("2027-03-05 18:00")
    assert len(farewells(journey)) == 1


async def test_a_stranger_to_the_decision_is_refused(begin: Begin) -> None:
    journey = await asked(begin)
    token = journey.token("nadia", "all_the_same")
    await journey.bring("pascale", {"token": token})
    assert decisions(journey) == []


async def test_two_departures_that_wait_are_told_apart_when_the_answer_is_typed(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.until("2027-03-03 12:00")
    journey.heard("nadia")
    await journey.say("nadia", "Leaves all the same…")
    which = journey.heard("nadia")
    assert len(which) == 1
    assert "Lina H." in which[0]
    assert "Noémie A." in which[0]
    assert decisions(journey) == []


async def test_of_those_entered_on_the_eve_it_is_asked_and_not_said_that_nobody_answered(begin: Begin) -> None:
    journey = begin("2027-03-05 10:00")
    await journey.enrol()
    for ref in ("nadia", "luc"):
        journey.heard(ref)
    await journey.do(classmates)
    lines = [text.split(" leave")[0].split(",")[0] for text in journey.heard("nadia")]
    cases = select(CaseRow.topic, CaseRow.reason).where(CaseRow.topic == "green_light").order_by(CaseRow.id)
    assert (lines, journey.ask(cases)) == (["Alex A.", "Alex B."], [("green_light", None)] * 2)

    await journey.press("nadia", "all_the_same")
    await journey.say("nadia", "The card follows by post")
    assert [journey.ask(cases)[-1], "closed" in "".join(journey.heard("luc"))] == [("green_light", "settled"), False]
    await journey.until("2027-03-05 17:00")
    unanswered = "● Today · Alex A., at home (14:00 there)\nNo answer: may they leave although something is missing?"
    assert [text.partition("? ")[0] + "?" for text in journey.heard("luc") if "Alex" in text] == [unanswered]


SEVERAL = (
    "3 learners leave on Saturday 6 March, and this is still missing:\n"
    "Alex A., Alex B., and Lina H.: European Health Insurance Card (EHIC)\n"
    "May they leave? [It is all there] [Not yet…] [All leave all the same…] [See each of them]"
)


def classmates(tx: Tx) -> None:
    """Two more of Lina's class, who travel with her."""
    school = tx.rows.scalars(select(School).where(School.ref == "valmer")).one()
    for ref, name in (("pupil1", "Alex Alba"), ("pupil2", "Alex Balba")):
        tx.rows.add(_stay(_person(tx, ref, name, school), school, LEIPZIG))


async def three_asked(begin: Begin) -> Journey:
    journey = begin()
    await all_for_a_paper(journey)
    return journey


@scene
async def all_for_a_paper(journey: Journey) -> None:
    """Lina and two of her class are asked for their health cards."""
    await journey.enrol("lina")
    await journey.do(classmates)
    await journey.do(join, "pupil1", "pupil2")
    for ref in ("pupil1", "pupil2"):
        await journey.press(ref, "yes")
    for ref in ("nadia", "luc", "lina", "pupil1"):
        journey.heard(ref)
    await journey.until("2027-03-03 12:00")


async def test_three_who_leave_on_one_day_are_one_question_and_one_answer(begin: Begin) -> None:
    journey = await three_asked(begin)
    assert [journey.heard("nadia"), [text for text in journey.heard("luc") if "leave" in text]] == [
        [SEVERAL],
        [SEVERAL],
    ]
    await journey.press("nadia", "All leave all the same…")
    assert journey.heard("nadia") == [
        "Why do they leave all the same? Write the reason in one message: it is kept for each."
    ]
    await journey.say("nadia", "The cards follow by post")
    assert journey.heard("nadia") == ["Thank you. Noted for 3 learners: Alex A., Alex B., and Lina H."]
    assert decisions(journey) == [("all_the_same", "The cards follow by post")] * 3
    await journey.press("luc", "It is all there")
    assert journey.heard("luc")[-1] == "All of them have an answer already. Thank you."
    await journey.until("2027-03-05 18:00")
    assert [len(farewells(journey)), journey.ask(select(CaseEvent.id))] == [1, []]


async def test_of_three_one_may_be_answered_alone_and_the_others_together(begin: Begin) -> None:
    journey = await three_asked(begin)
    await journey.press("nadia", "See each of them")
    await journey.press("nadia", "Not yet…")
    await journey.say("nadia", "We wait for your card.")
    journey.heard("nadia")
    await journey.press("luc", "It is all there")
    assert journey.heard("luc")[-1] == (
        "Still missing:\nAlex A. and Alex B.: European Health Insurance Card (EHIC)\n"
        "Tick each thing in /tasks once you have seen it, or choose another answer. "
        "[It is all there] [Not yet…] [All leave all the same…] [See each of them]"
    )
    await journey.press("luc", "Not yet…")
    await journey.say("luc", "Wait for us at the school.")
    assert [journey.heard(ref)[-1].split("\n")[-1] for ref in ("lina", "pupil1")] == [
        "« We wait for your card. »",
        "« Wait for us at the school. »",
    ]
    assert len(decisions(journey)) == 3


async def test_three_without_an_answer_are_one_alert_and_one_press(begin: Begin) -> None:
    journey = await three_asked(begin)
    journey.heard("nadia")
    await journey.until("2027-03-05 08:00")
    assert [text.splitlines()[0] for text in journey.heard("nadia")] == [
        "● Today · 3 learners, one reason: No answer: may they leave although something is missing? "
        "The question with its buttons stands in your chat."
    ]
    await journey.press("nadia", "I take all 3")
    await journey.press("nadia", "All leave all the same…")
    await journey.say("nadia", "The cards follow by post")
    assert {reason for (reason,) in journey.ask(select(CaseRow.reason))} == {"settled"}
