"""What leaves the desk: within the walls, without own words, and written down."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, date, datetime

import httpx
from icalendar import Calendar
from sqlalchemy import select

from bot.store.db import Tx
from bot.store.people import by_ref
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import dismiss
from tests.web.desk.conftest import Visit, browser, plain, send
from tests.web.desk.test_people import number


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, plain(answer)
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def noted(journey: Journey) -> list[tuple[str, dict[str, object]]]:
    wanted = select(AuditRow.target, AuditRow.detail).where(AuditRow.action == "export").order_by(AuditRow.id)
    return [(target, detail) for target, detail in journey.ask(wanted)]


def tricky(tx: Tx) -> None:
    """A first name that a spreadsheet would work out."""
    lina = by_ref(tx.rows, "lina")
    assert lina is not None
    lina.first_name = "=HYPERLINK(1)"


async def test_what_leaves_is_what_one_may_read_and_is_written_down(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina", "jules")
    await journey.do(tricky)
    await journey.until("2027-03-14 18:30")
    await journey.say("lina", "SOS")
    nadia, pascale, yann, luc = [await visit(journey, ref) for ref in ("nadia", "pascale", "yann", "luc")]

    page = plain(await pascale.get("/exports"))
    papers = rows(await send(pascale, "/exports", what="papers", **{"as": "csv"}))
    refused = [await send(pascale, "/exports", what=what) for what in ("answers", "attendance", "cases")]
    nothing = await send(pascale, "/exports", what="keys")
    answers = rows(await send(nadia, "/exports", what="answers", **{"as": "csv"}))
    cases = rows(await send(luc, "/exports", what="cases", **{"as": "csv"}))
    theirs = rows(await send(yann, "/exports", what="cases", **{"as": "csv"}))
    spread = await send(nadia, "/exports", what="attendance", **{"as": "xlsx"})
    other = rows(await send(nadia, "/exports", what="papers", **{"as": "csv", "class": "3/"}))

    assert (page.count("not open to your role"), page.count("CSV")) == (3, 4)
    assert [each.status_code for each in (*refused, nothing)] == [403, 403, 403, 403]
    assert "This is not open to your role" in plain(refused[0])
    assert {(each["Reference"], each["First name"]) for each in papers} == {("lina", "'=HYPERLINK(1)")}
    assert papers[0]["State"] == "to do"
    assert {each["Reference"] for each in answers} == {"lina"}
    assert [(each["Reference"], each["Level"]) for each in cases] == [("lina", "Right now")]
    assert {each["Reference"] for each in theirs} <= {"jules"}
    assert spread.content[:2] == b"PK"
    assert other == []
    assert "attachment" in spread.headers["content-disposition"]
    left = noted(journey)
    assert Counter(target for target, _detail in left) == {"papers": 2, "answers": 1, "cases": 2, "attendance": 1}
    assert left[0][1] == {"rows": len(papers), "learners": 1, "ending": "csv"}


async def test_a_calendar_reads_days_and_initials_until_its_address_ends(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules", "martina")
    luc, stranger = await visit(journey, "luc"), browser(journey)
    await send(await visit(journey, "nadia"), f"/people/{number(journey, 'luc')}/slot", since="2027-03-06T18:00", until="2027-03-08T08:00")  # fmt: skip

    page = await send(luc, "/exports/feed", do="new")
    path = re.findall(r"http://127.0.0.1:8080/desk(/feed/[\w-]+\.ics)", page.text)[0]
    read = await stranger.get(path)
    events = {(str(each["summary"]), each.decoded("dtstart")) for each in Calendar.from_ical(read.content).events}

    assert ("Lina H. leaves", date(2027, 3, 6)) in events
    assert ("Martina A. comes back", date(2027, 3, 1)) not in events
    assert ("On call", datetime(2027, 3, 6, 17, tzinfo=UTC)) in events
    assert [words for words, _day in events if "Jules" in words or "Haddouche" in words] == []
    assert [word for word in ("Leipzig", "Valmer,") if word in read.text] == []
    assert "A calendar last asked" in plain(await luc.get("/exports"))

    again = await send(luc, "/exports/feed", do="new")
    newer = re.findall(r"http://127.0.0.1:8080/desk(/feed/[\w-]+\.ics)", again.text)[0]
    assert [(await stranger.get(each)).status_code for each in (path, newer)] == [404, 200]
    await journey.do(dismiss, "luc")
    assert (await stranger.get(newer)).status_code == 404
    await stranger.aclose()
