"""Browsers at the desk of a consortium whose journey stands still."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from html import unescape
from weakref import WeakKeyDictionary

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.handlers.people.visits import login_code
from bot.store.db import Tx
from bot.store.people import by_ref
from bot.web.desk import DeskSite
from bot.web.desk.notices import COOKIE
from tests.journeys.driver import Journey

URL = "http://127.0.0.1:8080"
Visit = Callable[..., Awaitable[httpx.AsyncClient]]
_seals: WeakKeyDictionary[httpx.AsyncClient, tuple[str | None, str]] = WeakKeyDictionary()
"""Of a browser: its visit, and the seal of the forms in it."""


def code_for(tx: Tx, ref: str) -> str:
    """A link for somebody, without asking for it in a chat."""
    person = by_ref(tx.rows, ref)
    assert person is not None
    return login_code(tx, person)


def browser(journey: Journey) -> httpx.AsyncClient:
    """A browser that nobody knows, before the desk of this journey."""
    site = DeskSite(journey.app, base_url=URL, secret="only for tests").application()
    transport = httpx.ASGITransport(app=Starlette(routes=[Mount("/desk", site)]), raise_app_exceptions=False)
    headers = {"origin": URL, "accept-language": "en"}
    return httpx.AsyncClient(transport=transport, base_url=f"{URL}/desk", headers=headers)


async def sign_in(journey: Journey, ref: str) -> httpx.AsyncClient:
    """The browser of an adult at the desk."""
    visitor, code = browser(journey), await journey.db.transact(code_for, ref)
    await visitor.get(f"/in/{code}")
    answer = await visitor.post(f"/in/{code}")
    assert answer.headers.get("location") == "/desk/", answer.text
    return visitor


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Sign somebody in: `await visit(journey, "nadia")`."""
    async with AsyncExitStack() as open_browsers:

        async def start(journey: Journey, ref: str) -> httpx.AsyncClient:
            visitor = await sign_in(journey, ref)
            open_browsers.push_async_callback(visitor.aclose)
            return visitor

        yield start


def plain(page: httpx.Response) -> str:
    """The words of a page, without its tags."""
    body = page.text.partition("</header>")[2] or page.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def seal(page: httpx.Response) -> str:
    """The seal in the forms of a page."""
    return str(re.findall(r'name="seal" value="([^"]+)"', page.text)[0])


async def send(visitor: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form as a page of the desk would that has been open since the visit began: its seal holds as long. The page is
    one of the small ones: the board, with everybody on it, costs three times as much.
    """
    visit = visitor.cookies.get(COOKIE)
    began, kept = _seals.get(visitor, (None, ""))
    if visit is None or began != visit:
        kept = seal(await visitor.get("/browsers"))
        _seals[visitor] = visitor.cookies.get(COOKIE), kept
    return await visitor.post(path, data={"seal": kept, "back": "/", **fields})
