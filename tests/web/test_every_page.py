"""Every page that we ever show has 112 on it: whoever reads it, whatever was asked for, however it was asked. Where an
installation is one to rehearse with, every page says that, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.commands.run import site
from bot.demo.rehearsals import Rehearsals
from bot.demo.rehearsing import STAGE
from bot.domain.roster.headers import NO_COLUMNS
from bot.handlers.people.invitations import invite
from bot.handlers.people.visits import login_code
from bot.store.db import Tx
from bot.store.people import by_ref
from bot.web.chat import WebChannel
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.on_telegram import Telegraph

URL = "http://127.0.0.1:8080"
HAS_112 = re.compile(r"(?<!\w)112(?!\w)")
GOES_ON = {"/events"}
"""A stream has no end and is no page."""
NO_PAGES = {
    "/manifest.webmanifest",
    "/sw.js",
    "/desk",
    "/who",
    "/desk/in/{code}",
    "/desk/files/{number:int}",
    "/desk/import/{draft}",
    "/desk/papers/templates/{name}/file",
}
"""What is a way to another page, or a file, for those who knock here."""


def paths(routes: Iterable[BaseRoute], before: str = "") -> Iterator[str]:
    """The paths of an application, with those of what is mounted in it."""
    for route in routes:
        if isinstance(route, Route):
            yield before + route.path
        elif isinstance(route, Mount) and not isinstance(route.app, StaticFiles):
            inside: Any = getattr(route.app, "app", route.app)
            yield from paths(inside.routes, before + route.path)


def asked(path: str, number: int, code: str) -> str:
    return re.sub(r"\{\w+:int\}", str(number), re.sub(r"\{\w+\}", code, path))


class Door:
    """Every page of one journey, and browsers before it."""

    def __init__(self, journey: Journey | Telegraph) -> None:
        self.journey = journey
        rehearsals = Rehearsals(Path("nowhere"), path=STAGE, base_url=URL)
        self.site = site(
            journey.app, WebChannel(), URL, "only for tests", NO_COLUMNS, rehearsals=rehearsals, rehearsed=True
        )
        self.paths = [path for path in dict.fromkeys(paths(self.site.routes)) if path not in GOES_ON]

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.site, raise_app_exceptions=False)
        headers = {"origin": URL, "accept-language": "en"}
        return httpx.AsyncClient(transport=transport, base_url=URL, headers=headers)

    async def code(self, ref: str) -> str:
        """A link to the web chat."""

        def make(tx: Tx) -> str:
            person = by_ref(tx.rows, ref)
            assert person is not None
            return invite(tx, person, trusted=True)

        return await self.journey.do(make)

    async def let_in(self, browser: httpx.AsyncClient, who: str) -> None:
        """As nobody, as a learner in the chat, or as an adult at the desk."""

        def make(tx: Tx) -> str:
            person = by_ref(tx.rows, who)
            assert person is not None
            return login_code(tx, person)

        if who:
            at = f"/j/{await self.code(who)}" if who == "lina" else f"/desk/in/{await self.journey.do(make)}"
            await browser.get(at)
            answer = await browser.post(at)
            assert answer.headers.get("location") in {"/", "/desk/"}, answer.text[-600:]


@pytest.mark.parametrize("who", ["", "lina", "nadia", "pascale"])
async def test_every_page_has_112_on_it(begin: Begin, who: str) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.say("lina", "SOS")
    door = Door(journey)
    async with door.browser() as browser:
        await door.let_in(browser, who)
        found = {}
        for path in door.paths:
            code = await door.code("noemie") if path.startswith("/j/") else "not-a-code"
            for number in (1, 999):
                for method in ("GET", "POST", "PUT"):
                    answer = await browser.request(method, asked(path, number, code))
                    if "<html" in answer.text:
                        found[path, method, number] = answer.text

    assert [(where, text[:200]) for where, text in found.items() if not HAS_112.search(text)] == []
    assert {
        (where, text.count("Rehearsal"))
        for where, text in found.items()
        if text.count("Rehearsal: invented people") != 1
    } == set()
    assert {path for path in door.paths if (path, "GET", 1) not in found} <= NO_PAGES


async def test_so_has_every_page_after_a_fault_of_ours(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    journey = begin()
    await journey.enrol("lina")
    door = Door(journey)

    async def broken(*_args: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(journey.db, "transact", broken)
    async with door.browser() as browser:
        pages = {
            (path, method): await browser.request(method, asked(path, 1, "not-a-code"), data={"text": "Hello"})
            for path in door.paths
            for method in ("GET", "POST")
        }

    assert [
        where for where, answer in pages.items() if answer.status_code == 500 and not HAS_112.search(answer.text)
    ] == []
    assert sum(answer.status_code == 500 for answer in pages.values()) >= 20
