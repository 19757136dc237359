"""Dates of a consortium at the desk, in the chat, on Monday and in the calendar: within the walls, and taken back."""

from __future__ import annotations

import re
from datetime import date

import httpx
from sqlalchemy import select

from bot.domain.deadlines import Sort, State
from bot.store.db import Tx
from bot.store.deadlines import Deadline
from bot.store.people import Person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, seal, send
from tests.web.desk.test_people import number

TEAM = ("nadia", "helene", "yann", "pascale")


async def added(visitor: httpx.AsyncClient, **written: str) -> httpx.Response:
    page = await visitor.get("/dates/new")
    if page.status_code == 404:
        return page
    chosen = dict(re.findall(r'<select id="(\w+)".*?<option value="(\w*)" selected', page.text, re.DOTALL))
    return await visitor.post("/dates/new", data={"seal": seal(page), **chosen, **written})


def rows(journey: Journey) -> list[tuple[object, ...]]:
    return journey.ask(select(Deadline.title, Deadline.day, Deadline.state).order_by(Deadline.id))


def digests(journey: Journey, ref: str) -> list[list[str]]:
    """What each digest says of dates."""
    found = [[line for line in text.splitlines() if re.search("ECHE|Cell", line)] for text in journey.heard(ref)]
    return [lines for lines in found if lines]


async def test_dates_are_written_down_said_settled_and_come_again(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    helene, nadia, yann, luc = [await visit(journey, ref) for ref in ("helene", "nadia", "yann", "luc")]
    nobody = await added(helene, title=" ", day="2027-02-30", sort="charter")
    await added(
        helene,
        title="ECHE",
        day="2027-12-31",
        sort="charter",
        owner=str(number(journey, "nadia")),
        source="https://example.org/eche",
    )
    await added(nadia, title="Cell of spring", day="2027-03-09", sort="cell", yearly="1", owner="")
    away = await added(nadia, title="Budget", day="2027-04-01", sort="funding", owner=str(number(journey, "yann")))
    forged = await added(nadia, title="Budget", day="2027-04-01", sort="funding", school="all")

    assert re.findall(r'<p class="fault" id="(\w+)-about">', nobody.text) == ["title", "day"]
    assert (away.status_code, forged.status_code) == (404, 404)  # yann is not on offer at valmer, nor is every school
    assert [title for title, _day, _state in rows(journey)] == ["ECHE", "Cell of spring"]
    assert ("ECHE" in plain(await yann.get("/dates")), "Cell" in plain(await yann.get("/dates"))) == (True, False)
    assert (await yann.get("/dates/2/edit")).status_code == (await luc.get("/dates/1/edit")).status_code == 404
    assert (await send(yann, "/dates/2", state="done")).status_code == 404

    for ref in ("nadia", "helene", "yann"):
        journey.heard(ref)
    await journey.until("2027-03-15 09:00")
    assert [digests(journey, ref) for ref in ("helene", "yann", "nadia")] == [[], [], [
        ["9 March 2027: Meeting of the mobility cell · Cell of spring", "31 December 2027: End of a charter · ECHE"],
        ["9 March 2027 is over and nobody has said whether it is done: Meeting of the mobility cell · Cell of spring"],
    ]]  # fmt: skip

    await journey.say("nadia", "/dates")
    await journey.press("nadia", "Done: Meeting of the mobility cell · Cell of spring")
    assert rows(journey)[1:] == [
        ("Cell of spring", date(2027, 3, 9), State.DONE),
        ("Cell of spring", date(2028, 3, 9), State.OPEN),
    ]
    helene, nadia = await visit(journey, "helene"), await visit(journey, "nadia")
    assert "1/2 Meeting of the mobility cell" in plain(await nadia.get("/dates"))
    await send(nadia, "/dates/2", state="open")
    assert [state for _title, _day, state in rows(journey)] == [State.OPEN, State.OPEN]

    feed = await send(nadia, "/exports/feed", do="new")
    path = re.findall(r"http://127.0.0.1:8080/desk(/feed/[\w-]+\.ics)", feed.text)[0]
    assert "SUMMARY;LANGUAGE=en:End of a charter · ECHE" in (await nadia.get(path)).text
    await send(helene, "/dates/1", state="dropped")
    assert (await send(nadia, "/dates/1", state="open")).status_code == 404
    assert "Take back" in plain(await helene.get("/dates"))


async def test_a_date_whose_owner_is_gone_is_said_to_whoever_answers_for_the_place(begin: Begin) -> None:
    journey = begin()
    await journey.gather()

    def make(tx: Tx) -> None:
        people = {each.ref: each for each in tx.rows.scalars(select(Person))}
        school, day = people["nadia"].school_id, tx.now.date()
        for title, at, owner in (("ECHE", None, None), ("Cell", school, "yann"), ("Budget", school, "pascale")):
            whose = people[owner].id if owner else None
            tx.rows.add(Deadline(sort=Sort.OTHER, title=title, day=day, school_id=at, owner_id=whose))

    await journey.do(make)
    await journey.until("2027-03-08 09:00")
    told = {ref: re.findall("ECHE|Cell|Budget", " ".join(journey.heard(ref))) for ref in (*TEAM, "luc")}

    assert told == {"nadia": ["Cell"], "helene": ["ECHE"], "yann": [], "pascale": ["Budget"], "luc": []}
