"""What is told at its date: it waits for no "got it" of what was told before, and what comes too late is not sent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.channel import NotSent
from bot.domain.messages import Outgoing
from bot.domain.offset import parse_offset
from bot.domain.programme import Message
from bot.store.records import AuditRow
from bot.store.sessions import SessionRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant

TOLD = (
    Message(id="travel_day", at=parse_offset("J-1 10:00"), text="It is tomorrow.", question=False),
    Message(id="travel_minor", at=parse_offset("J-1 10:00"), until=parse_offset("J+0 07:00"), text="The permit.", question=False),
)  # fmt: skip


SKILLS = Message(id="skills", at=parse_offset("J-1 10:00"), text="Three things you can do?", keep=True)


def telling(begin: Begin, *messages: Message) -> Journey:
    journey = begin()
    told = journey.programme.outgoing.model_copy(update={"messages": messages or TOLD})
    journey.programme = journey.programme.model_copy(update={"outgoing": told})
    journey.db.programme = journey.programme
    return journey


def told(journey: Journey) -> list[str]:
    return [text.partition(" [")[0] for text in journey.heard("lina") if text.startswith(("It is", "The permit"))]


async def test_the_permit_is_told_of_before_the_child_leaves_though_nobody_has_pressed(begin: Begin) -> None:
    journey = telling(begin)
    await journey.enrol("lina")
    await journey.until("2027-03-05 10:00")
    first = told(journey)
    await journey.until("2027-03-05 10:15")

    assert (first, told(journey)) == (["It is tomorrow."], ["The permit."])


async def test_what_is_told_waits_ten_minutes_for_a_got_it_and_no_longer(begin: Begin) -> None:
    asks = Message(id="travel_day", at=parse_offset("J-1 10:00"), text="It is tomorrow.")
    journey = telling(begin, asks, TOLD[1])
    await journey.enrol("lina")
    await journey.until("2027-03-05 10:09")
    first = told(journey)
    await journey.until("2027-03-05 10:10")

    assert (first, told(journey)) == (["It is tomorrow."], ["The permit."])


async def test_what_comes_too_late_is_not_sent_is_logged_and_blocks_nothing(begin: Begin) -> None:
    journey = telling(begin)
    await journey.enrol("lina")
    await journey.until("2027-03-05 10:00")
    journey.heard("lina")
    journey.clock.move_to(instant("2027-03-06 09:00"))
    await journey.app.settle()
    await journey.until("2027-03-06 20:30")

    assert told(journey) == []
    assert journey.ask(select(SessionRow.state).where(SessionRow.touchpoint == "message.travel_minor")) == [
        ("expired",)
    ]
    assert journey.ask(select(SessionRow.state).where(SessionRow.flow == "arrival")) == [("open",)]


async def fails(message: Outgoing) -> NotSent:
    return NotSent()


async def test_what_no_channel_carried_in_time_is_not_sent_later_and_what_waited_behind_it_comes(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = telling(begin, TOLD[1])
    await journey.enrol("lina")
    await journey.until("2027-03-05 09:59")
    with monkeypatch.context() as outage:
        outage.setattr(journey.channel, "send", fails)
        await journey.until("2027-03-06 07:30")
    await journey.until("2027-03-06 20:30")

    assert told(journey) == []
    permit = select(SessionRow.state, SessionRow.asked).where(SessionRow.touchpoint == "message.travel_minor")
    assert journey.ask(permit) == [("expired", None)]
    assert journey.ask(select(SessionRow.state).where(SessionRow.flow == "arrival")) == [("open",)]
    assert journey.ask(select(AuditRow.action).where(AuditRow.actor == "sending")) == [("too late",)]


async def test_what_a_message_promises_to_keep_is_kept(begin: Begin) -> None:
    journey = telling(begin, SKILLS)
    await journey.enrol("lina")
    await journey.until("2027-03-05 10:00")
    asked = journey.heard("lina")[-1]
    await journey.say("lina", "Braser un tube, commander en allemand, me lever seule")

    assert (asked, journey.heard("lina")) == (
        "Three things you can do? [Not now]",
        ["I have kept it as you wrote it: Nadia Ferhaoui can read it, and you find it here."],
    )
    kept = select(SessionRow.answers, SessionRow.state).where(SessionRow.touchpoint == "message.skills")
    assert journey.ask(kept) == [([["told", "Braser un tube, commander en allemand, me lever seule"]], "done")]
