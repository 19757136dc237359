"""What leaves the desk: within the walls, without own words, and written down."""

from __future__ import annotations

import csv
import io
from collections import Counter

import httpx
from sqlalchemy import select

from bot.store.db import Tx
from bot.store.people import by_ref
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, send


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

    assert (page.count("not open to your role"), page.count("CSV")) == (3, 1)
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
