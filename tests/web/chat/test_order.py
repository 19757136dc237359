"""The conversation on the web stands in the order in which it was said, whatever the clock says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.domain.messages import Incoming
from bot.handlers.inbox.dispatch import dispatch
from bot.handlers.inbox.receive import receive
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.web.chat.history import read_page
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey


def lines(journey: Journey, ref: str) -> list[tuple[str, int]]:
    """Who spoke, and the number of the row, from top to bottom; without what is said to a choice."""

    def shown(tx: Tx) -> Any:
        page = read_page(tx, ref)
        assert page is not None
        return page

    return [(each.kind, int(each.id[1:])) for each in journey.db.run(shown).bubbles if each.id[0] in "oi"]


async def test_answers_stand_under_their_questions_on_a_clock_that_stands_still(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")

    for words in ("/checkin", "1", "/help"):
        await journey.say("lina", words)

    heard = [number for (number,) in journey.ask(select(InboxRow.id).where(InboxRow.shown.is_not(None)))]
    said = journey.ask(select(OutboxRow.id, OutboxRow.said).where(OutboxRow.said.is_not(None)))
    behind = dict(journey.ask(select(InboxRow.id, InboxRow.said)))
    mine = {number for kind, number in lines(journey, "lina") if kind == "me"}
    assert mine <= set(heard)
    places = dict(said)
    left = [(places[n], 0, n) if kind == "them" else (behind[n], 2, n) for kind, n in lines(journey, "lina")]
    assert left == sorted(left)
    assert [kind for kind, _number in lines(journey, "lina")][-6:] == ["me", "them", "me", "them", "me", "them"]


async def test_what_comes_long_after_it_was_written_stands_where_it_was_said(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    before, written = lines(journey, "lina"), journey.clock.now()
    await journey.until("2027-03-01 18:00")
    await journey.say("lina", "/help")

    def late(tx: Tx) -> int:
        receive(tx, "web", [("late", {})])
        tx.rows.flush()
        number = tx.rows.scalars(select(InboxRow.id).where(InboxRow.native == "late")).one()
        dispatch(tx, number, {"web": lambda _native, _raw: Incoming("web", "lina", "late", "Hello", at=written)})
        return number

    journey.received = journey.watch.received = journey.received + 1
    number = await journey.do(late)
    assert lines(journey, "lina")[: len(before) + 1] == [*before, ("me", number)]


async def test_what_is_said_to_an_answer_stands_behind_it(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-03 18:00")
    journey.heard("lina")

    await journey.press("lina", "I have it")

    page = journey.db.run(lambda tx: read_page(tx, "lina"))
    assert page is not None
    shown = [each for each in page.bubbles if each.kind != "day"]
    place = next(place for place, each in enumerate(shown) if each.picked == "I have it")
    asked, mine, said = shown[place : place + 3]
    assert (asked.picked, asked.receipt, mine.text, mine.kind) == ("I have it", "", "I have it", "me")
    assert (said.id, said.kind, said.text) == (f"r{asked.id[1:]}", "them", journey.heard("lina")[0])
