"""The bus of a class is late: twelve learners do not answer, all of them arrive."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.handlers.say.post import TOGETHER
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import School
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import LEIPZIG, _person, _stay, join
from tests.journeys.remembered import scene

CLASS = tuple(f"pupil{number}" for number in range(11))


def classmates(tx: Tx) -> None:
    """Eleven more of Lina's class, who travel with her."""
    school = tx.rows.scalars(select(School).where(School.ref == "valmer")).one()
    for number, ref in enumerate(CLASS):
        person = _person(tx, ref, f"Alex {chr(65 + number)}lba", school)
        tx.rows.add(_stay(person, school, LEIPZIG))


async def on_their_way(begin: Begin, *joined: str) -> Journey:
    """The class has begun, those who have joined."""
    journey = begin()
    await of_the_class(journey, *joined)
    return journey


@scene
async def of_the_class(journey: Journey, *joined: str) -> None:
    await journey.enrol("lina")
    await journey.do(classmates)
    await journey.do(join, *joined)
    for ref in joined:
        await journey.press(ref, "yes")


async def silent(begin: Begin) -> Journey:
    """The morning after nobody of the class has answered."""
    journey = begin()
    await told_of_all(journey)
    return journey


@scene
async def told_of_all(journey: Journey) -> None:
    await of_the_class(journey, *CLASS)
    await journey.until("2027-03-07 09:40")


async def test_two_messages_and_one_press(begin: Begin) -> None:
    journey = await on_their_way(begin, *CLASS)
    await journey.until("2027-03-06 23:00")
    journey.heard("nadia"), journey.heard("luc")
    await journey.until("2027-03-07 09:40")
    alert = journey.heard("nadia")
    await journey.press("nadia", "I take all 12")
    receipt = journey.heard("nadia")
    for minute, ref in enumerate(("lina", *CLASS)):
        await journey.until(f"2027-03-07 09:{41 + minute}")
        await journey.press(ref, "yes")
    await journey.until("2027-03-08 07:00")

    names = [f"Alex {chr(65 + number)}." for number in range(11)]
    assert alert == [
        "● Today · 12 learners, one reason: No answer to: the arrival. My message was delivered.\n"
        + "".join(f"{name}, Leipzig\n" for name in (*names, "Lina H."))
        + "Without an answer from you by Sunday 7 Mar 13:30: the deputy. [I take all 12] "
        "[All reached, all well] [See each of them]"
    ]
    assert receipt == [
        f"Thank you. You follow 12 cases: {', '.join(names)}, and Lina H. Each closes by itself with an answer; "
        "/today shows them."
    ]
    assert journey.heard("nadia") == [
        f"✔ Lina H., {', '.join(names[:-1])}, and {names[-1]}: the case is closed (has answered). Thank you. "
        + " ".join(f"[Reopen: {name}]" for name in ("Lina H.", *names))
    ]
    assert journey.heard("luc") == []


async def test_whoever_took_all_is_asked_once_and_says_of_all_that_they_were_reached(begin: Begin) -> None:
    journey = await silent(begin)
    await journey.say("nadia", "I take all 12")
    journey.heard("nadia")
    await journey.until("2027-03-08 09:40")
    asked = [text for text in journey.heard("nadia") if "how" in text]
    await journey.press("nadia", "All reached, all well")

    names = [f"Alex {chr(65 + number)}." for number in range(11)] + ["Lina H."]
    assert asked == [
        "You took these cases on Sunday 7 Mar 09:40: how are they?\n"
        "● Today · 12 learners, one reason: No answer to: the arrival. My message was delivered.\n"
        + "".join(f"{name}, Leipzig\n" for name in names)
        + "You follow this case; tell me when it is settled. [All reached, all well] [See each of them]"
    ]
    assert journey.heard("nadia") == [
        f"Good. I have noted that {', '.join(names[:-1])}, and Lina H. were reached: 12 cases are closed. Thank you. "
        + " ".join(f"[Reopen: {name}]" for name in names)
    ]
    assert journey.ask(select(CaseRow.reason)) == [("all_well",)] * 12


@pytest.mark.parametrize("taken", [False, True])
async def test_who_answers_is_struck_in_the_message_itself_and_said_when_all_are_over(
    begin: Begin, taken: bool
) -> None:
    journey = await silent(begin)
    if taken:
        await journey.press("nadia", "I take all 12")
    journey.heard("nadia")
    await journey.press("lina", "yes")
    await journey.until("2027-03-07 10:40")

    assert journey.heard("nadia") == []
    sent = select(OutboxRow.message).where(OutboxRow.step == TOGETHER, OutboxRow.state == "sent")
    lines = journey.ask(sent)[0][0]["values"]["what"]["list_lines"]
    assert [line["text"] for line in lines] == ["{learner}, {place}"] * 11 + ["✔ {line}"]
