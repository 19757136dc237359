"""Coming in: a link from the chat, once, in one browser, for ten minutes; and going out."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.store.db import Tx
from bot.store.links import LoginLink, Visit
from bot.store.people import Address, Person
from bot.store.records import AuditRow, keep_setting
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import dismiss
from tests.web.desk.conftest import URL, browser, code_for, plain, seal
from tests.web.desk.conftest import Visit as SignIn


async def counted(journey: Journey, link: str) -> tuple[int, list[int]]:
    """What a browser of its own gets: looking, then pressing."""
    async with browser(journey) as somebody:
        looked = await somebody.get(link)
        pressed = await somebody.post(link)
        return looked.status_code, [pressed.status_code, (await somebody.get("/")).status_code]


def named(tx: Tx) -> None:
    keep_setting(tx.rows, "web_address", {"url": URL})


@pytest.mark.parametrize("word", ["/desk", "/bureau", "/tableau", "/escritorio"])
async def test_an_adult_asks_in_the_chat_and_comes_in(begin: Begin, word: str) -> None:
    journey = begin()
    await journey.gather("lina")
    await journey.do(named)
    journey.heard("nadia")
    await journey.say("nadia", word)

    (said,) = journey.heard("nadia")
    link = re.findall(rf"{URL}/desk(/in/[\w-]{{22}})\n", said)[0]

    assert await counted(journey, link) == (200, [303, 200])
    assert journey.ask(select(AuditRow.action).where(AuditRow.action.like("desk%"))) == [("desk in",)]


async def test_a_learner_has_no_desk_and_without_an_address_it_is_said(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    for ref in ("nadia", "lina"):
        journey.heard(ref)
        await journey.say(ref, "/desk")

    assert journey.heard("nadia") == ["The desk has no address here yet. Whoever runs Compagnon can give it one."]
    assert "/desk" not in " ".join(journey.heard("lina"))
    assert journey.ask(select(LoginLink.id)) == []


async def test_looking_changes_nothing_and_pressing_uses_it_up(begin: Begin) -> None:
    journey = begin()
    await journey.gather()
    link = f"/in/{await journey.db.transact(code_for, 'nadia')}"

    async with browser(journey) as preview:
        looks = [(await preview.get(link)).status_code for _ in range(3)]
    untouched = journey.ask(select(LoginLink.used_at)), journey.ask(select(Visit.id))

    assert (looks, untouched) == ([200] * 3, ([(None,)], []))
    assert await counted(journey, link) == (200, [303, 200])
    assert await counted(journey, link) == (410, [400, 401])


async def test_whoever_did_not_hear_may_press_again_in_that_browser_only(begin: Begin) -> None:
    journey = begin()
    await journey.gather()
    link = f"/in/{await journey.db.transact(code_for, 'nadia')}"
    async with browser(journey) as first, browser(journey) as other:
        await first.get(link)
        await other.get(link)
        codes = [(await each.post(link)).status_code for each in (first, first, other)]

    assert codes == [303, 303, 410]


async def test_old_replaced_and_forged_links_lead_nowhere(begin: Begin) -> None:
    journey = begin()
    await journey.gather()
    replaced, old = [f"/in/{await journey.db.transact(code_for, 'nadia')}" for _ in range(2)]
    journey.clock.move_to(journey.clock.now() + timedelta(minutes=10))

    assert await counted(journey, replaced) == (404, [400, 401])
    assert await counted(journey, old) == (410, [400, 401])
    assert await counted(journey, "/in/forged") == (404, [400, 401])


async def test_a_browser_without_cookies_and_a_page_of_somebody_else_use_nothing_up(begin: Begin) -> None:
    journey = begin()
    await journey.gather()
    link = f"/in/{await journey.db.transact(code_for, 'nadia')}"
    async with browser(journey) as bare:
        without = await bare.post(link)
    async with browser(journey) as lured:
        await lured.get(link)
        foreign = await lured.post(link, headers={"sec-fetch-site": "cross-site"})

    assert (without.status_code, foreign.status_code) == (400, 403)
    assert await counted(journey, link) == (200, [303, 200])


async def test_guessing_has_to_wait_and_a_colleague_behind_the_same_address_does_not(begin: Begin) -> None:
    journey = begin()
    await journey.gather()
    link = f"/in/{await journey.db.transact(code_for, 'nadia')}"
    async with browser(journey) as guesser:
        codes = [(await guesser.get(f"/in/guess{number}")).status_code for number in range(12)]
        colleague = await guesser.get(link)

    assert (codes, colleague.status_code) == ([404] * 10 + [429] * 2, 200)


async def test_a_visit_ends_by_itself_by_hand_and_with_the_last_role(begin: Begin, visit: SignIn) -> None:
    journey = begin()
    await journey.gather()
    stays, idle, out, gone = [await visit(journey, ref) for ref in ("nadia", "luc", "cathy", "pascale")]

    left = await out.post("/out", data={"seal": seal(await out.get("/"))})
    await journey.db.transact(dismiss, "pascale")
    codes = [(await each.get("/")).status_code for each in (out, gone)]
    for _ in range(2):
        journey.clock.move_to(journey.clock.now() + timedelta(hours=7))
        await stays.get("/")
        await idle.get("/?seen=nothing")

    assert (plain(left).startswith("You have signed out"), codes) == (True, [401, 401])
    assert [(await each.get("/")).status_code for each in (stays, idle)] == [200, 401]


async def test_a_stolen_form_without_the_seal_does_nothing(begin: Begin, visit: SignIn) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, luc = await visit(journey, "nadia"), await visit(journey, "luc")
    path = f"/learners/{journey.stay('lina')}/tick"
    theirs = seal(await luc.get("/"))

    tried = [await nadia.post(path, data={"item": "ehic", "seal": each, "back": "/"}) for each in ("", theirs)]

    assert [each.status_code for each in tried] == [403, 403]


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil"])
async def test_a_form_never_leads_out_of_the_desk(begin: Begin, visit: SignIn, back: str) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia = await visit(journey, "nadia")
    form = {"item": "nothing", "seal": seal(await nadia.get("/")), "back": back}

    answer = await nadia.post(f"/learners/{journey.stay('lina')}/tick", data=form)

    assert httpx.URL(answer.headers["location"]).host == ""
    assert answer.headers["location"].startswith("/desk/")


async def test_the_night_deletes_links_and_visits_that_are_over(begin: Begin, visit: SignIn) -> None:
    journey = begin()
    await journey.gather()
    await visit(journey, "nadia")
    await journey.db.transact(code_for, "luc")
    kept = []
    for hours in (11, 2):
        journey.clock.move_to(journey.clock.now() + timedelta(hours=hours))
        await journey.app.chores.tidy()
        kept.append((len(journey.ask(select(LoginLink.id))), len(journey.ask(select(Visit.id)))))

    assert kept == [(2, 1), (0, 0)]


@pytest.mark.parametrize("path", ["/", "/in/not-a-code", "/nowhere"])
async def test_whoever_is_not_signed_in_reads_112_all_the_same(begin: Begin, path: str) -> None:
    journey = begin()
    await journey.gather("lina")

    async with browser(journey) as somebody:
        assert 'href="tel:112"' in (await somebody.get(path)).text


async def test_where_somebody_is_signed_in_is_shown_and_ended_from_there(begin: Begin, visit: SignIn) -> None:
    journey = begin()
    await journey.gather()
    first = await visit(journey, "nadia")
    second, colleague = await visit(journey, "nadia"), await visit(journey, "luc")

    page = await first.get("/browsers")
    numbers = re.findall(r'name="visit" value="(\d+)"', page.text)
    await first.post("/browsers", data={"seal": seal(page), "visit": numbers[1]})
    foreign = re.findall(r'name="visit" value="(\d+)"', (await colleague.get("/browsers")).text)
    await first.post("/browsers", data={"seal": seal(page), "visit": foreign[0]})

    assert len(numbers) == 2
    assert [(await each.get("/")).status_code for each in (first, second, colleague)] == [200, 401, 200]


@pytest.mark.parametrize("way", ["page", "chat"])
async def test_signing_out_everywhere_ends_all_and_the_links_that_wait(begin: Begin, visit: SignIn, way: str) -> None:
    journey = begin()
    await journey.gather()
    first, second = await visit(journey, "nadia"), await visit(journey, "nadia")
    waiting = f"/in/{await journey.db.transact(code_for, 'nadia')}"
    journey.heard("nadia")

    if way == "page":
        page = await first.get("/browsers")
        said = plain(await first.post("/browsers", data={"seal": seal(page), "visit": "all"}))
    else:
        await journey.say("nadia", "/desk out")
        (said,) = journey.heard("nadia")

    assert said.startswith(
        "You have signed out"
        if way == "page"
        else "You are signed out of the desk: 2 browsers. Write /desk for a new link."
    )
    assert [(await each.get("/")).status_code for each in (first, second)] == [401, 401]
    assert await counted(journey, waiting) == (404, [400, 401])


async def test_a_visit_dies_with_the_device_it_came_from_and_after_a_fortnight(begin: Begin, visit: SignIn) -> None:
    journey = begin()
    await journey.gather()
    lost, kept = await visit(journey, "nadia"), await visit(journey, "luc")

    await journey.db.transact(loses, "nadia")
    for _ in range(3 * 13):
        journey.clock.move_to(journey.clock.now() + timedelta(hours=8))
        codes = [(await each.get("/")).status_code for each in (lost, kept)]
    assert codes == [401, 200]
    for _ in range(4):
        journey.clock.move_to(journey.clock.now() + timedelta(hours=8))
        codes = [(await each.get("/")).status_code for each in (lost, kept)]
    assert codes == [401, 401]


def loses(tx: Tx, ref: str) -> None:
    """Their phone is gone, and an adult says so."""
    wanted = select(Address).join(Person, Person.id == Address.person_id).where(Person.ref == ref)
    for address in tx.rows.scalars(wanted):
        address.state = "revoked"


async def test_a_browser_cannot_bring_a_token_of_its_own(begin: Begin) -> None:
    journey = begin()
    await journey.gather()
    link = f"/in/{await journey.db.transact(code_for, 'nadia')}"
    async with browser(journey) as lured, browser(journey) as thief:
        lured.cookies.set("compagnon-desk-door", "known to the thief")
        thief.cookies.set("compagnon-desk", "known to the thief")
        await lured.get(link)
        await lured.post(link)
        codes = [(await each.get("/")).status_code for each in (lured, thief)]

    assert codes == [200, 401]
