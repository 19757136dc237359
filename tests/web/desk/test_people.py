"""The adults: names and roles for everybody, leave and slots for whoever may enter them, as the chat enters them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.people import LeaveTaken, OnCallSlot, Person
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import leave_chat
from tests.journeys.driver import Journey
from tests.journeys.scenes import forget
from tests.web.desk.conftest import Visit, plain, send

SLOT = {"since": "2027-03-06T18:00", "until": "2027-03-08T08:00"}


def number(journey: Journey, ref: str) -> int:
    return int(journey.ask(select(Person.id).where(Person.ref == ref))[0][0])


async def test_the_coordinator_sees_who_can_be_reached_and_no_learner(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(leave_chat, "cathy")

    page = plain(await (await visit(journey, "nadia")).get("/people"))

    assert "Nadia Ferhaoui you Coordinator ⌂ Web" in page
    assert "Catherine Astruc Head of school ✕ cannot be reached" in page
    assert "whoever has the role is alerted: Luc Perrichon." in page
    assert [name for name in ("Lina", "Yann", "Hélène") if name in page] == []


async def test_the_consortium_sees_every_school(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    page = plain(await (await visit(journey, "helene")).get("/people"))
    assert [name for name in ("Nadia", "Yann", "Hélène") if name not in page] == []


async def test_the_office_sees_names_and_roles_and_its_own_leave(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    pascale, own = await visit(journey, "pascale"), number(journey, "pascale")

    page = plain(await pascale.get("/people"))
    other = await send(pascale, f"/people/{number(journey, 'nadia')}/leave", first="2027-04-10", last="2027-04-20")
    theirs = await send(pascale, f"/people/{own}/leave", first="2027-04-10", last="2027-04-20")

    assert "Nadia Ferhaoui Coordinator Luc" in page
    assert (page.count("Web"), "On call Now" in page) == (1, False)
    assert (other.status_code, theirs.headers["location"]) == (404, "/desk/?said=leave")
    assert journey.ask(select(LeaveTaken.person_id)) == [(own,)]


async def test_leave_for_a_colleague_tells_them_and_warns_where_too_few_remain(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, luc, own = await visit(journey, "nadia"), number(journey, "luc"), number(journey, "nadia")
    for ref in ("cathy", "helene"):
        await journey.do(leave_chat, ref)
    forget(journey)

    sent = [await send(nadia, f"/people/{luc}/leave", first="2027-03-10", last="2027-03-12") for _ in "ab"]
    await journey.settle()

    assert [each.headers["location"] for each in sent] == ["/desk/?said=leave", "/desk/?said=nothing"]
    said = "\n".join(journey.heard("luc"))
    assert said.startswith("Nadia Ferhaoui has noted that you are away from 10 March 2027 to 12 March 2027.")
    few = "⚠ On some of these days fewer than two adults can take a case of: Lina H."
    assert few in said
    assert few in plain(await nadia.get("/people"))
    noted = select(AuditRow.actor, AuditRow.target).where(AuditRow.action == "leave")
    assert journey.ask(noted) == [(f"person {own}", f"person {luc}")]

    gone = await send(nadia, f"/people/{luc}/leave", cancel="1")
    await journey.settle()
    assert (gone.headers["location"], journey.ask(select(LeaveTaken.id))) == ("/desk/?said=cancelled", [])
    assert "Nadia Ferhaoui has cancelled your leave." in "".join(journey.heard("luc"))


async def test_a_slot_is_entered_shown_and_cancelled(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    nadia, luc = await visit(journey, "nadia"), number(journey, "luc")
    forget(journey)

    taken = await send(nadia, f"/people/{luc}/slot", **SLOT)
    refused = await send(nadia, f"/people/{number(journey, 'nadia')}/slot", **SLOT)
    await journey.settle()

    assert (taken.headers["location"], refused.headers["location"]) == ("/desk/?said=slot", "/desk/?said=nothing")
    assert "Nadia Ferhaoui has put you on call from Saturday 6 Mar 18:00" in "".join(journey.heard("luc"))
    assert "Sat 6 Mar 18:00 – Mon 8 Mar 08:00 Luc Perrichon" in plain(await nadia.get("/people"))
    await send(nadia, f"/people/{luc}/leave", first="2027-03-07", last="2027-03-07")
    assert "Luc Perrichon ⚠ on leave in that time" in plain(await nadia.get("/people"))
    await send(nadia, f"/people/{luc}/slot", cancel="1")
    assert journey.ask(select(OnCallSlot.id)) == []


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("", "", "unreadable"),
        ("2027-04-20", "2027-04-10", "backwards"),
        ("2027-01-10", "2027-01-11", "past"),
        ("2027-04-10", "2029-04-10", "long"),
    ],
)
async def test_bad_dates_change_nothing(begin: Begin, visit: Visit, first: str, last: str, said: str) -> None:
    journey = begin()
    await journey.gather()
    nadia = await visit(journey, "nadia")

    answer = await send(nadia, f"/people/{number(journey, 'luc')}/leave", first=first, last=last)

    assert answer.headers["location"] == f"/desk/?said=days_{said}"
    assert "Nothing was changed." in plain(await nadia.get(f"/people?said=days_{said}"))
    assert journey.ask(select(LeaveTaken.id)) == []


async def test_nobody_enters_leave_for_a_learner_or_cancels_what_is_another_persons(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, luc = await visit(journey, "nadia"), number(journey, "luc")
    await send(nadia, f"/people/{luc}/leave", first="2027-04-10", last="2027-04-20")

    learner = await send(nadia, f"/people/{number(journey, 'lina')}/leave", first="2027-04-10", last="2027-04-20")
    crossed = await send(nadia, f"/people/{number(journey, 'cathy')}/leave", cancel="1")

    assert (learner.status_code, crossed.headers["location"]) == (404, "/desk/?said=nothing")
    assert len(journey.ask(select(LeaveTaken.id))) == 1
