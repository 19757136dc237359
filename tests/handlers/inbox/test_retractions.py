"""Answers taken back: what stands again, when silence counts again, and what is left as it is."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Incoming, Sort
from bot.handlers.conversation.sessions import begin_now, queue
from bot.handlers.inbox.retractions import take_back
from bot.handlers.say.facts import stay_facts
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import by_ref
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, Mark, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, cancel
from tests.journeys.scenes import asked_more, check_in_asked, forget
from tests.journeys.words import NUDGE

EHIC = "Your European Health Insurance Card"


def _named(tx: Tx) -> None:
    row = tx.rows.scalars(select(InboxRow).order_by(InboxRow.id.desc())).first()
    assert row is not None
    row.message = f"message {row.id}"


def _deleted(tx: Tx, number: int) -> None:
    lina = by_ref(tx.rows, "lina")
    assert lina is not None
    take_back(tx, lina, "web", Incoming("web", "lina", "redaction", sort=Sort.UNDONE, message=f"message {number}"))


async def say(journey: Journey, words: str) -> int:
    """Lina writes, on a channel whose messages have names. The number of what she wrote."""
    await journey.say("lina", words)
    await journey.do(_named)
    return journey.received


async def delete(journey: Journey, number: int) -> None:
    """Lina deletes what she wrote; what everybody heard before is forgotten."""
    forget(journey)
    await journey.do(_deleted, number)


def sessions(journey: Journey, flow: str) -> list[tuple[dict[str, str | None], str | None, str]]:
    """Of each conversation of a kind: the answers, what is asked, the state."""
    wanted = select(SessionRow.answers, SessionRow.asked, SessionRow.state).where(SessionRow.flow == flow)
    return [(dict(answers), asked, state) for answers, asked, state in journey.ask(wanted.order_by(SessionRow.id))]


def outcome(journey: Journey) -> list[str]:
    wanted = select(Mark.outcome).where(Mark.touchpoint == "check_in", Mark.occurrence == "2027-03-14")
    return [each for (each,) in journey.ask(wanted)]


async def test_nothing_is_said_and_silence_counts_from_then_on(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    number = await say(journey, "2")
    await journey.until("2027-03-14 20:00")
    await delete(journey, number)
    at_once = journey.heard("lina")
    await journey.until("2027-03-15 19:59")
    too_early = journey.heard("lina")
    await journey.until("2027-03-15 20:00")

    assert (at_once, too_early, journey.heard("lina")) == ([], [], [NUDGE])
    assert sessions(journey, "check_in")[-1] == ({"pulse": None}, "nudge_1", "open")
    assert outcome(journey) == ["asked"]


async def test_one_answer_of_several_is_taken_back_alone(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    await say(journey, "2")
    number = await say(journey, "1")
    await say(journey, "1")
    await delete(journey, number)

    assert sessions(journey, "check_in")[-1] == ({"pulse": "so_so", "mood": "good"}, "work", "open")
    assert outcome(journey) == ["answered"]
    assert journey.heard("lina") == []


async def test_taken_back_twice_is_taken_back_once(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    number = await say(journey, "2")
    await delete(journey, number)
    await say(journey, "3")
    await delete(journey, number)

    assert sessions(journey, "check_in")[-1] == ({"pulse": "so_so", "mood": "so_so"}, "work", "open")


async def test_what_followed_and_has_not_left_yet_is_not_said(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)

    def at_once(tx: Tx) -> None:
        _named(tx)
        _deleted(tx, journey.received)

    journey.received = journey.watch.received = journey.received + 1
    await journey.app.receive("web", "quick", {"address": "lina", "text": "2"})
    await journey.app.inbox.handle((journey.received,))
    await journey.do(at_once)

    assert journey.heard("lina") == []
    assert journey.ask(select(OutboxRow.state).where(OutboxRow.step == "work").order_by(OutboxRow.id))[-1:] == [
        ("expired",)
    ]


async def test_after_its_time_an_answer_stands(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    number = await say(journey, "2")
    await journey.until("2027-03-20 09:00")
    before = sessions(journey, "check_in")[-1]
    await delete(journey, number)

    assert before[0] == {"pulse": "so_so", "mood": "good", "work": None}
    assert sessions(journey, "check_in")[-1] == before
    assert journey.heard("lina") == []


async def test_of_a_cancelled_stay_nothing_stands_again(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    number = await say(journey, "2")
    await journey.do(cancel, journey.stay("lina"))
    await delete(journey, number)

    assert sessions(journey, "check_in")[-1][0] == {"pulse": "so_so", "mood": "good"}


async def test_a_paper_is_to_do_again_and_the_plan_reminds(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    number = await say(journey, "1")
    declared = journey.ask(select(ItemState.state))
    await delete(journey, number)

    assert declared == [("declared",)]
    assert journey.ask(select(ItemState.state)) == [("todo",)]
    assert sessions(journey, "item") == [({}, "state", "open")]


async def test_where_a_graver_question_stands_it_waits_and_is_asked_again(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    number = await say(journey, "1")
    await journey.until("2027-03-06 20:05")
    await delete(journey, number)
    waiting = (sessions(journey, "item")[-1], sessions(journey, "arrival")[-1], journey.heard("lina"))
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)

    assert waiting == (({}, "state", "queued"), ({}, "arrived", "open"), [])
    assert [line for line in journey.heard("lina") if "Has your European card come?" in line] != []
    assert sessions(journey, "item")[-1] == ({}, "state", "open")


async def test_a_graver_answer_taken_back_is_asked_again_before_what_stands(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    await say(journey, "2")
    number = await say(journey, "1")
    for words in ("1", "1", "1", "1", "1"):
        await say(journey, words)
    await journey.do(_item_asked, journey.stay("lina"))
    before = sessions(journey, "item")[-1]
    await delete(journey, number)

    assert before == ({}, "state", "open")
    assert sessions(journey, "item")[-1] == ({}, "state", "queued")
    assert sessions(journey, "check_in")[-1] == ({"pulse": "so_so", "mood": "good"}, "work", "open")
    assert len(journey.heard("lina")) == 1


def _item_asked(tx: Tx, stay: int) -> None:
    row = tx.rows.get_one(StayRow, stay)
    queue(tx, row, "item", ("item.ehic", "test"), 4, stay_facts(tx, row))
    begin_now(tx, row.person_id)


async def test_consent_taken_back_is_asked_for_again_and_the_plan_goes_on(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    number = await say(journey, "yes")
    await delete(journey, number)

    assert journey.ask(select(StayRow.enrolled_at.is_not(None))) == [(True,)]
    assert {state for _answers, _asked, state in sessions(journey, "enrolment")} <= {"open", "queued"}


async def test_deleting_what_was_no_answer_changes_nothing(begin: Begin) -> None:
    journey = begin()
    await asked_more(journey)
    number = await say(journey, "it rains all day")
    await delete(journey, number)

    assert sessions(journey, "check_in")[-1] == ({"pulse": "so_so"}, "mood", "open")
    assert journey.heard("lina") == []
