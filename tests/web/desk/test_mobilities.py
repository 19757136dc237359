"""The list for the Beneficiary Module and back: its columns, within the walls, compared before anything changes."""

from __future__ import annotations

import csv
import io
from datetime import date

import httpx
from sqlalchemy import select

from bot.store.people import Person
from bot.store.records import AuditRow
from bot.store.stays import ItemState, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, seal
from tests.web.desk.test_roster_import import apply

Rows = list[dict[str, str]]
TITLES = ("Mobility activity ID", "Participant First Name", "Participant Last Name", "Start Date", "End Date", "Receiving country", "Comments")  # fmt: skip


async def post(visitor: httpx.AsyncClient, content: bytes = b"", **fields: str) -> httpx.Response:
    form = {"seal": seal(await visitor.get("/mobilities"))} | fields
    files = {"file": ("module.csv", content)}
    return await visitor.post("/mobilities", data=form, files=files, follow_redirects=True)


def theirs(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(";".join(cells) for cells in (TITLES, *rows)).encode()


def read(answer: httpx.Response) -> Rows:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def stay(journey: Journey, ref: str) -> tuple[object, ...]:
    wanted = select(StayRow.departure, StayRow.start, StayRow.end, StayRow.back, StayRow.country).join(Person)
    [row] = journey.ask(wanted.where(Person.ref == ref))
    return tuple(row)


async def test_the_list_leaves_within_the_walls_and_keeps_what_the_module_has(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    lina = journey.ask(select(StayRow.id).join(Person).where(Person.ref == "lina"))[0][0]
    await journey.do(lambda tx: tx.rows.add(ItemState(stay_id=lina, item="tickets", state="declared", value="train", at=tx.now)))  # fmt: skip
    nadia, pascale = await visit(journey, "nadia"), await visit(journey, "pascale")
    [ours] = read(await post(nadia, b"", **{"as": "csv"}))
    [kept] = read(await post(nadia, theirs(("A-17", "LINA", "Haddouche", "", "", "", "kept")), **{"as": "csv"}))

    assert ours["Participant ID"] == "lina"
    assert (ours["Start Date"], ours["End Date"], ours["Receiving country"]) == ("08/03/2027", "26/03/2027", "DE")
    assert (ours["Activity Type"], ours["Long-term activity"], ours["Green travel"]) == ("VET-SHORT", "NO", "YES")
    assert tuple(kept) == TITLES
    assert tuple(kept.values()) == ("A-17", "Lina", "Haddouche", "08/03/2027", "26/03/2027", "DE", "kept")
    assert (await post(nadia, b"", **{"as": "xlsx"})).content[:2] == b"PK"
    assert (await pascale.get("/mobilities")).status_code == 404
    assert journey.ask(select(AuditRow.detail).where(AuditRow.target == "mobility list")) == [({"rows": 1},)] * 3


async def test_their_list_is_compared_and_changes_what_somebody_agrees_to(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    nadia = await visit(journey, "nadia")
    before, others = stay(journey, "lina"), stay(journey, "jules")
    list_of = theirs(
        ("", "*", "*", "(DD/MM/YYYY)", "", "", ""),
        ("A-17", "Lina", "HADDOUCHE", "08/03/2027", "02/04/2027", "DE - Germany", ""),
        ("A-18", "Jules", "Morel", "08/03/2027", "02/04/2027", "DE", ""),
        ("A-19", "Lina", "Haddouche", "08/03/2027", "02/04/2027", "DE", ""),
    )
    page = await post(nadia, list_of, do="compare")
    shown = plain(page)

    assert stay(journey, "lina") == before
    assert "nobody of your schools is called Jules Morel" in shown
    assert "row 3 is about the same mobility" in shown
    await apply(nadia, page, leave_out="1")
    assert stay(journey, "lina") == (before[0], before[1], date(2027, 4, 2), date(2027, 4, 3), "DE")
    assert stay(journey, "jules") == others


async def test_what_is_no_such_list_is_said(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")
    wrong = await post(nadia, b"a;b;c\n1;2;3", do="compare")
    nothing = await post(nadia, do="compare")

    assert (wrong.status_code, nothing.status_code) == (422, 422)
    assert "none of the columns is known: look at [mobility_list.columns] in the programme" in plain(wrong)
    assert "Choose a file first." in plain(nothing)
