"""Changing and ending a stay from its page, and the row that is gone from the list."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.handlers.people.roster import bring_in
from bot.store.stays import ChangeRow, StayRow
from tests.handlers.conversation.test_stay_ends import other, row
from tests.journeys.conftest import Begin
from tests.journeys.scenes import forget
from tests.web.desk.conftest import Visit, plain, send


async def test_a_stay_ends_once_and_who_is_ticked_is_told_in_those_words(begin: Begin, visit: Visit) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")
    forget(journey)
    page = plain(await nadia.get(f"/learners/{stay}"))

    sent = [
        await send(nadia, f"/learners/{stay}/change", what="withdrawn", words="I phone you.", learner="1") for _ in "ab"
    ]
    await journey.settle()

    assert "The stay ends before its time" in page
    assert [each.headers["location"].rpartition("=")[2] for each in sent] == ["ended", "nothing"]
    assert journey.ask(select(StayRow.ended)) == [("withdrawn",)]
    assert len(journey.heard("lina")) == 1
    assert "The stay has ended: does not travel." in plain(await nadia.get(f"/learners/{stay}"))
    await send(nadia, f"/learners/{stay}/change", what="resumed")
    assert journey.ask(select(StayRow.ended)) == [(None,)]
    assert journey.ask(select(ChangeRow.kind)) == [("withdrawn",), ("resumed",)]


@pytest.mark.parametrize(
    ("what", "day", "said"),
    [
        ("moved", "2027-03-13", "changed"),
        ("moved", "2027-03-06", "dates_refused"),
        ("moved", "", "dates_refused"),
        ("extension", "2027-03-20", "dates_refused"),
        ("elsewhere", "2027-03-20", "nothing"),
    ],
)
async def test_dates_move_or_it_is_said_why_not(begin: Begin, visit: Visit, what: str, day: str, said: str) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")

    sent = await send(nadia, f"/learners/{stay}/change", what=what, day=day)

    assert sent.headers["location"].rpartition("=")[2] == said
    departure = date(2027, 3, 13) if said == "changed" else date(2027, 3, 6)
    assert journey.ask(select(StayRow.departure)) == [(departure,)]


async def test_the_board_asks_about_a_row_that_is_gone(begin: Begin, visit: Visit) -> None:
    journey = begin("2027-02-01 09:00")
    await journey.enrol("lina")
    await journey.do(bring_in, (row(), other("zoe", "Zoe")))
    await journey.do(bring_in, (other("zoe", "Zoe"),))
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")

    before = plain(await nadia.get("/"))
    kept = await send(nadia, f"/learners/{stay}/change", what="kept")
    again = await send(nadia, f"/learners/{stay}/change", what="kept")

    assert "Not in the list any more" in before
    assert [each.headers["location"].rpartition("=")[2] for each in (kept, again)] == ["changed", "nothing"]
    assert "Not in the list any more" not in plain(await nadia.get("/"))
