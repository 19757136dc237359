"""Everybody may see what is held about them, why, until when, who may read it, and who has."""

from __future__ import annotations

import html
import re

import httpx
from starlette.applications import Starlette

from bot.handlers.privacy.data_held import Look, looks_at, parts_of
from bot.handlers.say.links import Page, link
from bot.handlers.say.own_page import own_page, whose_page
from bot.store.db import Tx
from bot.store.records import audit
from bot.store.stays import stays_of_person
from bot.web.visitors import Visitors
from tests.handlers.privacy.people import URL, at_home, person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import SONIA, family


def nadia_reads(tx: Tx) -> None:
    """Lina's answers; and somebody else's, which is none of Lina's business."""
    nadia, stay = person(tx, "nadia"), stays_of_person(tx.rows, person(tx, "lina").id)[0]
    audit(tx, f"person {nadia.id}", "read answers", f"stay {stay.id}")
    audit(tx, f"person {nadia.id}", "read answers", f"stay {stay.id + 1}")
    audit(tx, f"person {nadia.id}", "tick", f"stay {stay.id}")


async def page(journey: Journey, path: str) -> httpx.Response:
    site = Starlette(routes=Visitors(journey.app, URL).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url=URL) as browser:
        return await browser.get(path)


def link_in(told: str) -> str:
    found = re.search(rf"{URL}(/d/\S+)", told)
    assert found is not None
    return found[1]


async def test_a_learner_sees_all_that_is_held_and_who_has_read_it(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.do(at_home)
    await journey.do(nadia_reads)

    await journey.say("lina", "/mydata")
    told = journey.heard("lina")[-1]
    shown = html.unescape((await page(journey, link_in(told))).text)

    assert re.sub(r"\d+", "n", told.partition("\n\n")[0]) == (
        "What I hold about Lina Haddouche: Identity (n), Contact details and devices (n), Family and consents (n), "
        "The stay (n), Answers (n), Messages (n), Role (n), Who did and who read what (n)."
    )
    assert "Lina Haddouche, this page is for you alone." in shown
    assert "Nadia Ferhaoui</bdi>: read answers" in shown
    assert "26 March 2028" in shown, "a year after the return"
    assert "25 June 2027" in shown, "answers: ninety days"


async def test_who_may_read_is_told_by_the_rule_that_lets_them(begin: Begin) -> None:
    journey = await family(begin, "lina")

    def readers(tx: Tx) -> dict[str, tuple[str, ...]]:
        return {part.kind.value: part.readers for part in parts_of(tx, person(tx, "lina"))}

    found = await journey.do(readers)

    led = ("Catherine Astruc", "Hélène Marchandeau", "Luc Perrichon", "Nadia Ferhaoui")
    assert found["answers"] == led
    assert found["stay"] == (*led, "Pascale Vigouroux")
    assert found["messages"] == ()


async def test_looks_are_those_at_ones_own_rows(begin: Begin) -> None:
    journey = await family(begin, "lina", "noemie")
    await journey.do(nadia_reads)

    def looks(tx: Tx, ref: str) -> list[Look]:
        return list(looks_at(tx, person(tx, ref)))

    assert [each.who for each in await journey.do(looks, "lina")] == ["Nadia Ferhaoui"]
    assert [each.who for each in await journey.do(looks, "noemie")] == ["Nadia Ferhaoui"]
    assert await journey.do(looks, "nadia") == []


async def test_a_parent_sees_what_is_held_about_them_and_nothing_of_their_child(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.do(at_home)

    await journey.say(SONIA, "/mydata")
    told = journey.heard(SONIA)[0]
    shown = html.unescape((await page(journey, link_in(told))).text)

    assert "Sonia Haddouche, this page is for you alone." in shown
    assert "Leipzig" not in told + shown
    assert "The stay" not in told + shown


async def test_a_link_is_for_an_hour_and_for_nobody_else(begin: Begin) -> None:
    journey = await family(begin, "lina")
    await journey.do(at_home)

    link = await journey.do(lambda tx: own_page(tx, person(tx, "lina")))
    token = link.removeprefix(f"{URL}/d/")
    other = token.replace("d.", "d.1", 1)

    assert await journey.do(lambda tx: getattr(whose_page(tx, token), "ref", "")) == "lina"
    assert await journey.do(lambda tx: whose_page(tx, other)) is None
    assert (await page(journey, "/d/d.1.2.3")).status_code == 404
    await journey.until("2027-03-01 10:01")
    assert await journey.do(lambda tx: whose_page(tx, token)) is None


async def test_whoever_has_a_page_by_link_comes_to_their_own_from_it(begin: Begin) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    await journey.do(at_home)

    def stop_link(tx: Tx) -> str:
        return link(tx, person(tx, SONIA), stays_of_person(tx.rows, person(tx, "lina").id)[0], Page.STOP)

    path = (await journey.do(stop_link)).removeprefix(URL)
    way, wrong = await page(journey, f"{path}/data"), await page(journey, f"{path}x/data")
    shown = await page(journey, way.headers["location"].removeprefix(URL))

    assert f'href="{path}/data"' in (await page(journey, path)).text
    assert (way.status_code, wrong.status_code) == (303, 404)
    assert "Sonia Haddouche, this page is for you alone." in html.unescape(shown.text)
