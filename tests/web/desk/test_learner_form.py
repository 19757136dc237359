"""A learner by form: the checks of the roster, what it changes is shown first, and two who write at once lose nothing."""

from __future__ import annotations

import re
from html import unescape

import httpx
from sqlalchemy import select

from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.stays import StayRow, current_stay
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain


def filled(page: httpx.Response) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    inside = page.text.partition('<form class="details"')[2]
    found = {name: unescape(value) for name, value in re.findall(r'name="([\w.]+)"[^>]*? value="([^"]*)"', inside)}
    for name, options in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', inside, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[0]) if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return {name: value for name, value in found.items() if not name.startswith("tag.")}


async def submit(visitor: httpx.AsyncClient, page: httpx.Response, **written: str) -> httpx.Response:
    path = page.url.path.removeprefix("/desk")
    return await visitor.post(path, data=filled(page) | written, follow_redirects=True)


async def apply(visitor: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    version = re.findall(r'name="version" value="([^"]+)"', page.text)[0]
    form = {"seal": re.findall(r'name="seal" value="([^"]+)"', page.text)[0], "version": version}
    return await visitor.post(page.url.path.removeprefix("/desk"), data=form, follow_redirects=True)


def stay_of(journey: Journey, ref: str) -> StayRow:
    def read(tx: Tx) -> StayRow:
        person = by_ref(tx.rows, ref)
        assert person is not None
        stay = current_stay(tx.rows, person.id)
        assert stay is not None
        return stay

    return journey.db.run(read)


async def test_a_learner_is_changed_after_it_was_shown_what_that_does(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, number = await visit(journey, "nadia"), stay_of(journey, "lina").id
    page = await nadia.get(f"/learners/{number}/edit")
    assert f'href="/desk/learners/{number}/edit"' in (await nadia.get(f"/learners/{number}")).text

    wrong = await submit(nadia, page, email="lina.example.org", back="2027-03-01", city="")
    shown = await submit(nadia, page, departure="2027-03-20", start="2027-03-22", city="Dresden")
    back = await nadia.get(f"/learners/{number}/edit?draft={shown.url.path.rpartition('/')[2]}")

    assert wrong.status_code == 422
    assert re.findall(r'aria-invalid="true"', wrong.text) == ['aria-invalid="true"'] * 3
    assert filled(wrong)["email"] == "lina.example.org"
    assert re.findall(r'<output id="(\w+)"><bdi>([^<]*)<', wrong.text) == [
        ("reference", "lina"),
        ("language", "English"),
    ]
    assert "City before: Leipzig → from now on: Dresden" in plain(shown)
    assert re.search(r"\d+ planned messages (is|are) (moved|cancelled)", plain(shown))
    assert (filled(back)["city"], filled(back)["departure"]) == ("Dresden", "2027-03-20")
    assert stay_of(journey, "lina").city == "Leipzig"

    done = await apply(nadia, shown)
    row = stay_of(journey, "lina")
    assert (row.id, row.city, row.departure.isoformat()) == (number, "Dresden", "2027-03-20")
    assert (done.url.path, "Done, and noted." in plain(done)) == (f"/desk/learners/{number}", True)
    same = await submit(nadia, await nadia.get(f"/learners/{number}/edit"))
    assert (same.status_code, "Nothing differs from what is known" in plain(same)) == (422, True)


async def test_the_second_of_two_sees_what_the_first_did(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, cathy = await visit(journey, "nadia"), await visit(journey, "cathy")
    path = f"/learners/{stay_of(journey, 'lina').id}/edit"
    first, second = await nadia.get(path), await cathy.get(path)

    await apply(nadia, await submit(nadia, first, city="Dresden"))
    told = await submit(cathy, second, host="Bäckerei Lindner")
    await apply(cathy, await submit(cathy, told))

    assert "A colleague has changed this learner" in plain(told)
    assert "City: Leipzig → Dresden" in plain(told)
    row = stay_of(journey, "lina")
    assert (row.city, row.host) == ("Dresden", "Bäckerei Lindner")


async def test_a_new_learner_like_a_classmate(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")
    page = await nadia.get(f"/learners/new?like={stay_of(journey, 'lina').id}")
    written = {
        "first_name": "Zoé",
        "last_name": "Brun",
        "birth": "2009-05-02",
        "reference": "V9",
        "email": "z@example.org",
    }

    shown = await submit(nadia, page, **written)
    done = await apply(nadia, shown)
    taken = await submit(nadia, page, **written | {"reference": "luc"})
    twin = await submit(nadia, page, **written | {"reference": "V10", "first_name": "Zora"})

    assert "Zoé Brun" in plain(shown)
    assert "a minor without a guardian" in plain(shown)
    assert done.url.path == f"/desk/learners/{stay_of(journey, 'V9').id}"
    assert stay_of(journey, "V9").city == "Leipzig"
    assert "a member of the team" in plain(taken)
    assert "z@example.org is also the address of Zoé Brun" in plain(twin)
    assert {ref for (ref,) in journey.ask(select(Person.ref))} >= {"V9"}


async def test_who_may_not_bring_in_a_roster_changes_nobody(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    path = f"/learners/{stay_of(journey, 'lina').id}/edit"
    other = f"/learners/{stay_of(journey, 'jules').id}/edit"
    pascale, nadia = await visit(journey, "pascale"), await visit(journey, "nadia")
    answers = [await pascale.get(path), await pascale.get("/learners/new"), await nadia.get(other)]
    assert [each.status_code for each in answers] == [404, 404, 404]
