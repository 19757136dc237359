"""Two records of one person at the desk: shown first, done once, and only by those to whom both belong."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from bot.store.people import Person
from bot.store.records import AuditRow
from tests.handlers.people.test_merge import twice
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, send

LOSES = "Everything of lina-2 then hangs on lina"
DIFFER = "Their names or birth dates differ: they look like two people."


def refs(journey: Journey) -> set[str]:
    return {ref for (ref,) in journey.ask(select(Person.ref))}


def version(page: httpx.Response) -> str:
    return str(re.findall(r'name="version" value="([^"]+)"', page.text)[0])


async def test_what_is_shown_is_done_once_and_the_page_stays(begin: Begin, visit: Visit) -> None:
    journey = await twice(begin)
    nadia, path = await visit(journey, "nadia"), f"/learners/{journey.stay('lina')}/merge"
    page = await nadia.get(f"{path}?gone=LINA_2")
    form = {"gone": "lina-2", "version": version(page), "back": "/"}

    answers = [await send(nadia, path, **form) for _ in "ab"]

    shown = plain(page)
    assert (LOSES in shown, DIFFER in shown, "the two become one, with the dates of lina" in shown) == (
        True,
        False,
        True,
    )
    assert [each.headers["location"] for each in answers] == [
        f"/desk/learners/{journey.stay('lina')}?said=merged",
        "/desk/?said=stale",
    ]
    assert "lina-2" not in refs(journey)
    done = journey.ask(select(AuditRow.actor).where(AuditRow.action == "merge").order_by(AuditRow.id).limit(1))
    (nadias,) = journey.ask(select(Person.id).where(Person.ref == "nadia"))[0]
    assert done == [(f"person {nadias}",)]


async def test_two_people_are_made_one_only_by_who_says_so(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "noemie")
    nadia, path = await visit(journey, "nadia"), f"/learners/{journey.stay('lina')}/merge"
    page = await nadia.get(f"{path}?gone=noemie")
    form = {"gone": "noemie", "version": version(page), "back": "/"}

    unsure = await send(nadia, path, **form)
    before = refs(journey)
    sure = await send(nadia, path, **form, sure="1")

    assert DIFFER in plain(page)
    assert (unsure.headers["location"], "noemie" in before) == ("/desk/?said=unsure", True)
    assert (sure.headers["location"], "noemie" in refs(journey)) == (
        f"/desk/learners/{journey.stay('lina')}?said=merged",
        False,
    )


@pytest.mark.parametrize("asked", ["jules", "nadia", "lina", "nobody", "'", "-"])
async def test_who_is_of_another_school_or_of_the_team_or_nobody_is_not_found(
    begin: Begin, visit: Visit, asked: str
) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    nadia, path = await visit(journey, "nadia"), f"/learners/{journey.stay('lina')}/merge"

    page = await nadia.get(path, params={"gone": asked})
    answer = await send(nadia, path, gone=asked, version="0", sure="1", back="/")

    assert f"No other learner of yours has the reference {asked}." in plain(page).replace("&#39;", "'")
    assert answer.headers["location"] == "/desk/?said=stale"
    assert {"lina", "jules", "nadia"} <= refs(journey)
