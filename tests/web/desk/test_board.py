"""What the board shows, to whom, and that acting on it is acting in the chat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Person, School, by_ref
from bot.store.records import AuditRow
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.people import LEIPZIG, _stay
from tests.journeys.scenes import arrival_missing, forget
from tests.journeys.words import ended, taken
from tests.web.desk.conftest import Visit, plain, send


async def test_the_board_says_first_who_needs_somebody(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey, "2027-03-07 13:45", "noemie")
    board = plain(await (await visit(journey, "nadia")).get("/"))

    first = board.index("Who needs me now")
    assert first < board.index("The class") < board.index("abroad 2") < board.index("What the signs mean")
    shown = board[first : board.index("The class")]
    assert (
        "● Today Lina Haddouche , Leipzig (13:45 there) No answer to: the arrival. My message was delivered." in shown
    )
    assert "Since just now, 13:45" in shown or "Since" in shown
    assert "Followed by nobody yet" in shown
    assert "I take it Reached Close…" in shown


async def test_taking_a_case_on_the_board_moves_it_and_tells_the_others(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    visitor = await visit(journey, "luc")
    number = journey.ask(select(CaseRow.id))[0][0]

    answer = await send(visitor, f"/cases/{number}", act="take", back="/?class=")
    await journey.settle()

    assert answer.headers["location"] == "/desk/?class=&said=take"
    assert "You follow this case." in plain(await visitor.get("/?said=take"))
    told = [taken("Luc Perrichon", "Sunday 7 Mar 13:45")]
    assert (journey.heard("nadia"), journey.heard("luc")) == (told, told)
    assert journey.ask(select(Person.ref).join(CaseRow, CaseRow.owner_id == Person.id)) == [("luc",)]


async def test_closing_asks_for_a_reason_that_we_offer(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    visitor = await visit(journey, "nadia")
    number = journey.ask(select(CaseRow.id))[0][0]

    refused = [
        await send(visitor, f"/cases/{number}", act="close", reason=each) for each in ("", "answered", "whatever")
    ]
    still_open = journey.ask(select(CaseRow.closed_at))
    closed = await send(visitor, f"/cases/{number}", act="close", reason="all_well")
    await journey.settle()

    assert ([each.status_code for each in refused], still_open) == ([404] * 3, [(None,)])
    assert closed.headers["location"] == "/desk/?said=close"
    assert journey.heard("luc") == [ended("All is well", "Sunday 7 Mar 13:45", "Nadia Ferhaoui")]
    assert "Nobody waits for anything from you." in plain(await visitor.get("/"))


async def test_who_comes_second_hears_that_nothing_changed(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    number = journey.ask(select(CaseRow.id))[0][0]
    await send(await visit(journey, "luc"), f"/cases/{number}", act="take")

    second = await send(await visit(journey, "nadia"), f"/cases/{number}", act="take")

    assert second.headers["location"] == "/desk/?said=nothing"


async def test_a_claim_is_confirmed_and_an_item_ticked_on_the_board(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.press("lina", "have")
    visitor = await visit(journey, "nadia")
    forget(journey)

    before = plain(await visitor.get("/"))
    ticked = await send(visitor, f"/learners/{journey.stay('lina')}/tick", item="ehic")
    after = plain(await visitor.get("/"))

    assert ticked.headers["location"] == "/desk/?said=tick"
    assert ("To tick, once seen" in before, "To tick, once seen" in after) == (True, False)


async def test_finance_sees_dates_and_progress_and_no_case(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    visitor, stay = await visit(journey, "pascale"), journey.stay("lina")
    number = journey.ask(select(CaseRow.id))[0][0]

    pages = [await visitor.get(path) for path in ("/", f"/learners/{stay}", "/calendar?month=2027-03")]
    closed = [await visitor.get(path) for path in ("/cases", f"/cases/{number}")]
    tried = await send(visitor, f"/cases/{number}", act="take")

    words = " ".join(plain(page) for page in pages)
    assert [page.status_code for page in pages] == [200] * 3
    assert [page.status_code for page in (*closed, tried)] == [404] * 3
    assert "Lina Haddouche" in words
    assert [
        word for word in ("Today", "No answer", "Answers", "Contacts", "I take it", "sign of life") if word in words
    ] == []


async def test_the_live_part_comes_alone_and_only_when_it_changed(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    visitor = await visit(journey, "nadia")
    part = (await visitor.get("/?seen=")).text
    version = part.partition('value="')[2].partition('"')[0]

    assert (await visitor.get(f"/?seen={version}")).status_code == 204
    assert "<html" not in part
    await journey.press("luc", "take")
    assert "Luc Perrichon follows this case." in (await visitor.get(f"/?seen={version}")).text


async def test_every_opening_is_kept_and_what_a_page_asks_by_itself_is_not(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    visitor, stay = await visit(journey, "nadia"), journey.stay("lina")
    number = journey.ask(select(CaseRow.id))[0][0]

    for path in ("/", f"/cases/{number}", f"/learners/{stay}", "/?seen=", f"/cases/{number}?seen=", "/calendar"):
        await visitor.get(path)

    kept = select(AuditRow.action, AuditRow.target).where(AuditRow.actor.like("person%")).order_by(AuditRow.id)
    assert journey.ask(kept)[1:] == [
        ("see board", "cases"),
        ("see", f"case {number}"),
        ("read answers", f"stay {stay}"),
    ]


def crowd(tx: Tx, size: int) -> None:
    """So many more learners of one school."""
    school = tx.rows.scalars(select(School).where(School.ref == "valmer")).one()
    for place in range(size):
        person = Person(ref=f"more-{place}", first_name="Alex", last_name=f"Number {place}", school=school)
        stay = _stay(person, school, LEIPZIG)
        stay.enrolled_at = tx.now
        tx.rows.add(stay)


@pytest.mark.parametrize("path", ["/", "/calendar?month=2027-03", "/cases", "/people"])
async def test_readings_do_not_grow_with_the_class(begin: Begin, visit: Visit, path: str) -> None:
    journey = begin(full=True)
    await arrival_missing(journey)
    visitor = await visit(journey, "nadia")
    statements: list[Any] = []
    event.listen(journey.db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    await visitor.get(path)
    alone = len(statements)
    await journey.db.transact(crowd, 40)
    statements.clear()
    page = await visitor.get(path)

    assert len(statements) <= alone < 27
    assert len(page.content) < 100_000
    assert len(journey.ask(select(StayRow.id))) == 41


def has_a_phone(tx: Tx) -> None:
    person = by_ref(tx.rows, "lina")
    assert person is not None
    person.phone = "+33612345678"


async def test_a_case_has_the_phone_to_tap_and_nobody_is_well_of_whom_one_is_open(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-10 12:00")
    await journey.do(has_a_phone)
    await journey.say("lina", "SOS")
    nadia = await visit(journey, "nadia")
    pages = [await nadia.get(path) for path in ("/", f"/learners/{journey.stay('lina')}", "/cases/1")]

    assert ['<a href="tel:+33612345678"' in page.text for page in pages] == [True] * 3
    assert ["+33 6 12 34 56 78" in plain(page) for page in pages] == [True] * 3
    assert ["see the case" in plain(page) for page in pages[:2]] == [True, True]


@pytest.mark.parametrize(("ref", "reads"), [("nadia", True), ("pascale", False)])
async def test_a_title_that_tells_of_health_is_for_those_who_read_answers(
    begin: Begin, visit: Visit, ref: str, reads: bool
) -> None:
    journey = begin(full=True)
    await journey.gather("lina")
    visitor, stay = await visit(journey, ref), journey.stay("lina")

    page = plain(await visitor.get(f"/learners/{stay}"))
    await journey.say(ref, "/learner lina")
    told = " ".join([page, *journey.heard(ref)])

    assert ("Health: an appointment offered" in told, "Something personal" in page) == (reads, not reads)
