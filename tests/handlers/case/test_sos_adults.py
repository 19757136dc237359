"""SOS on the side of the adults: who is told, how often, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person, RoleHeld
from tests.journeys.conftest import Begin
from tests.journeys.people import dismiss
from tests.journeys.scenes import cried, cry, forget
from tests.journeys.words import CRY, DANGER, SOS, alert, climbs, sign, taken

MORNING = alert(
    SOS, "Lina H., at home (09:00", CRY, sign("Monday 1 Mar 09:00"), climbs("Monday 1 Mar 09:10", "the deputy")
)


async def test_a_second_cry_alerts_again_but_not_within_two_minutes(begin: Begin) -> None:
    journey = begin()
    first = await cried(journey)

    await journey.until("2027-03-01 09:01")
    soon = await cry(journey)
    await journey.until("2027-03-01 09:03")
    later = await cry(journey)

    again = MORNING.replace("(09:00", "(09:03").replace("Mar 09:00", "Mar 09:03")
    assert (first, soon, later) == (([DANGER], [MORNING]), ([DANGER], []), ([DANGER], [again]))


async def test_a_second_cry_is_told_to_who_follows_the_case(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    await journey.press("luc", "take")
    assert journey.heard("luc") == [taken("Luc Perrichon", "Monday 1 Mar 09:00")]
    await journey.until("2027-03-01 09:05")

    said, told = await cry(journey)

    calm = "You follow this case; tell me when it is settled."
    seen = sign("Monday 1 Mar 09:05")
    intro = "News on this case."
    assert said == [DANGER]
    assert told == [alert(SOS, "Lina H., at home (09:05", CRY, seen, calm, intro=intro)]
    assert journey.heard("nadia") == []


async def test_words_right_after_a_cry_are_told_of_when_two_minutes_are_over_and_once(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    journey.heard("luc")
    await journey.say("lina", "SOS")
    journey.heard("luc")
    await journey.say("lina", "i am at the station")
    await journey.say("lina", "platform 3")
    await journey.until("2027-03-01 09:01")
    early = journey.heard("luc")
    await journey.until("2027-03-01 09:02")

    written = "Lina H. has written. The case stays open until you close it. [Read the message]"
    assert (early, journey.heard("luc")) == ([], [written])


async def test_a_flood_of_cries_is_one_alert(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    forget(journey)

    for number in range(30):
        await journey.app.receive("web", f"flood-{number}", {"address": "lina", "text": "SOS"})
    journey.received = journey.watch.received = journey.received + 30
    await journey.settle()

    assert journey.heard("luc") == [MORNING]
    assert journey.heard("lina") == [DANGER] * 30


async def test_it_climbs_every_ten_minutes_until_everyone_is_told(begin: Begin) -> None:
    journey = begin()
    await cried(journey)

    await journey.until("2027-03-01 09:55")

    kinds = journey.ask(select(CaseEvent.kind, CaseEvent.at).where(CaseEvent.kind.like("%al%")).order_by(CaseEvent.id))
    start = kinds[0][1]
    minutes = [(kind, (at - start) / timedelta(minutes=1)) for kind, at in kinds]
    assert minutes == [
        ("alerted rung 0", 0),
        ("alerted rung 1", 10),
        ("alerted rung 2", 20),
        ("alerted rung 3", 40),
    ]
    assert journey.ask(select(CaseEvent.kind).order_by(CaseEvent.id.desc()).limit(1)) == [("broadcast 1",)]


@pytest.mark.parametrize(
    ("press", "reply", "told"),
    [
        ("call", "I am telling them to call you. Keep your phone near you.", "Lina H. can talk: please call."),
        ("write", "I am telling them to write to you here. Stay with me.", "Lina H. cannot talk: please write."),
        (
            "mistake",
            "All right. An adult will still get in touch, to be sure.",
            "Lina H. says it was a mistake. Please make sure.",
        ),
    ],
)
async def test_whether_they_can_talk_is_told_at_once_and_closes_nothing(
    begin: Begin, press: str, reply: str, told: str
) -> None:
    journey = begin()
    await cried(journey)

    await journey.press("lina", press)

    assert (journey.heard("lina"), journey.heard("luc")) == ([reply], [told])
    assert journey.ask(select(CaseRow.closed_at)) == [(None,)]


async def test_whether_they_can_talk_is_not_told_to_who_has_left_the_school(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    await journey.do(dismiss, "luc")

    await journey.press("lina", "call")

    luc = select(Person.id).where(Person.ref == "luc").scalar_subquery()
    assert journey.heard("luc") == []
    assert journey.ask(select(OutboxRow.state).where(OutboxRow.person_id == luc, OutboxRow.state != "sent")) == []


async def test_an_old_button_is_a_new_cry_once_the_case_is_closed(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    await journey.press("luc", "Reached")
    await journey.press("luc", "Close…")
    await journey.say("luc", "We have talked, it was a mistake.")
    forget(journey)
    await journey.until("2027-03-01 10:00")

    await journey.press("lina", "mistake")
    assert journey.heard("lina") == ["This question is no longer open. Thank you all the same."]
    await journey.press("lina", "call")

    assert journey.heard("lina") == [DANGER]
    assert journey.ask(select(CaseRow.level, CaseRow.reason).order_by(CaseRow.id)) == [
        ("now", "We have talked, it was a mistake."),
        ("now", None),
    ]


def without_team(tx: Tx) -> None:
    for role in tx.rows.scalars(select(RoleHeld).where(RoleHeld.role != "learner")):
        tx.rows.delete(role)


async def test_with_nobody_to_alert_it_is_said_honestly_and_tried_again_for_ever(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(without_team)

    said, told = await cry(journey)
    await journey.until("2027-03-01 09:35")

    assert (said, told) == ([DANGER], [])
    last = select(CaseEvent.kind).where(CaseEvent.kind == "nobody can be alerted")
    assert journey.ask(last) == [("nobody can be alerted",)] * 3


async def test_one_press_says_that_a_cry_is_over_and_its_words_end_it(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    forget(journey)
    await journey.press("luc", "over")
    log = select(CaseEvent.kind).where(CaseEvent.kind.in_(("reached", "taken"))).order_by(CaseEvent.id)
    assert journey.ask(log) == [("reached",), ("taken",)]
    assert journey.heard("luc") == [
        "\n".join((taken("Luc Perrichon", "Monday 1 Mar 09:00"), "☎ Reached by Luc Perrichon, Monday 1 Mar 09:00")),
        "How does the case of Lina H. end? Write it in your words: they stay in the log.",
    ]

    await journey.say("luc", "she had lost her bag, and has it again")
    assert journey.ask(select(CaseRow.reason)) == [("she had lost her bag, and has it again",)]


async def test_words_about_a_cry_end_none_that_came_after_it(begin: Begin) -> None:
    journey = begin()
    await cried(journey)
    await journey.press("luc", "over")
    await cry(journey)
    await journey.say("luc", "it was nothing")

    assert journey.ask(select(CaseRow.reason)) == [(None,)]
    assert journey.heard("luc")[-1].startswith("As far as I know nobody has spoken with Lina H. yet")
