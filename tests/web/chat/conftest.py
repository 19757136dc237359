"""A real server on this machine, a school with its coordinator and two learners, and browsers to visit it."""

from __future__ import annotations

import asyncio
import html
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from starlette.types import ASGIApp

from bot.clock import SimulatedClock
from bot.domain.messages import Letter, Offer
from bot.domain.person import Role
from bot.handlers.people.invitations import invite
from bot.handlers.say.post import post
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.models import Person, School
from bot.store.people import RoleHeld, by_ref
from bot.web.chat import WebChannel, WebChat
from tests.ports import TRUSTS_NOBODY
from tests.rows import in_bergen
from tests.served import Served

Open = Callable[..., "Site"]


def on_the_way(tx: Tx) -> bool:
    return tx.rows.scalar(select(OutboxRow.id).where(OutboxRow.state == "sending").limit(1)) is not None


class Site:
    """Compagnon at work behind a port of its own."""

    def __init__(self, database: Database, base_url: str | None = None) -> None:
        self.database = database
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.channel = WebChannel()
        self.app = App(database, {"web": self.channel})
        self._server = Served(self.application(base_url or self.url))
        self._visitors: list[httpx.Client] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve)

    def application(self, base_url: str) -> ASGIApp:
        """What is behind the port."""
        return WebChat(self.app, self.channel, base_url=base_url, secret="only for tests").application()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        works = [self._loop.create_task(task) for task in (self.app.work(), self.app.delivery.run())]
        self._loop.run_until_complete(self._server.serve(sockets=[self._socket]))
        for work in works:
            work.cancel()
        self._loop.run_until_complete(asyncio.gather(*works, return_exceptions=True))
        self._loop.close()

    @contextmanager
    def running(self) -> Iterator[Site]:
        self._thread.start()
        try:
            yield self
        finally:
            for browser in self._visitors:
                browser.close()
            self._loop.call_soon_threadsafe(self.channel.close)
            self._server.should_exit = True
            self._thread.join()

    def settle(self) -> None:
        """Let the app do all there is to do, and what is on its way arrive."""
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result(30)

    async def _settle(self) -> None:
        await self.app.settle()
        while await self.database.transact(on_the_way):  # noqa: ASYNC110 - the rows on disk are looked at
            await asyncio.sleep(0.01)

    def ring(self, native: str) -> None:
        """Something is new for the browser at this address."""
        self._loop.call_soon_threadsafe(self.channel.ring, native)

    def invited(self, ref: str, *, trusted: bool = False) -> str:
        """The path of a fresh link for a person."""

        def make(tx: Tx) -> str:
            person = by_ref(tx.rows, ref)
            assert person is not None
            return invite(tx, person, trusted=trusted)

        return f"/j/{self.database.run(make)}"

    def visitor(self, language: str = "en") -> httpx.Client:
        """A browser that nobody knows."""
        browser = httpx.Client(
            base_url=self.url, headers={"accept-language": language}, timeout=30, verify=TRUSTS_NOBODY
        )
        self._visitors.append(browser)
        return browser

    def joined(self, ref: str) -> httpx.Client:
        """The browser of somebody who has opened a trusted link."""
        browser, link = self.visitor(), self.invited(ref, trusted=True)
        browser.get(link)
        assert browser.post(link).headers["location"] == "/"
        self.settle()
        return browser

    def tell(self, ref: str, text: str, *labels: str) -> int:
        """Compagnon writes to somebody; answers the message's id."""
        offers = tuple(Offer({"en": label}, {"do": "command", "word": "help"}) for label in labels)

        def write(tx: Tx) -> int:
            person = by_ref(tx.rows, ref)
            assert person is not None
            row = post(tx, person.id, Letter({"en": text}, {}, offers), Lane.ANSWER)
            tx.rows.flush()
            return row.id

        number = self.database.run(write)
        self.settle()
        return number


def found(tx: Tx) -> None:
    """Write a school, its coordinator, and two learners abroad."""
    school = School(ref="balzac", name="Lycée Balzac", on_call_phone="+33 4 00 00 00 00")
    coordinator = Person(ref="roux", first_name="Anne", last_name="Roux", language="en", school=school)
    coordinator.roles.append(RoleHeld(role=Role.COORDINATOR))
    tx.rows.add(coordinator)
    for ref, name in (("ines", "Inès"), ("tom", "Tom")):
        learner = Person(ref=ref, first_name=name, last_name="Martin", language="en", school=school)
        learner.roles.append(RoleHeld(role=Role.LEARNER))
        seen_to = tx.now + timedelta(weeks=1)  # their plan has been: nobody but the test writes to them
        tx.rows.add(in_bergen(learner, school, enrolled_at=tx.now, wake_at=seen_to))


@pytest.fixture
def open_site(clock: SimulatedClock) -> Iterator[Open]:
    """Start a server on a database; the clock runs, so that what follows comes later."""
    clock.run(1.0)
    with ExitStack() as running:

        def start(database: Database, base_url: str | None = None) -> Site:
            return running.enter_context(Site(database, base_url).running())

        yield start


@pytest.fixture
def site(open_site: Open, database: Database) -> Site:
    """A server on SQLite and on PostgreSQL."""
    database.run(found)
    return open_site(database)


@pytest.fixture
def quick_site(open_site: Open, quick_database: Database) -> Site:
    """A server on SQLite only."""
    quick_database.run(found)
    return open_site(quick_database)


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of a form."""
    inside = page.split(f'id="{form}"' if form in {"say", "sos"} else f'value="{form}"')
    around = inside[1] if form in {"say", "sos"} else inside[0][inside[0].rindex("<form") :]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', around.split("</form>")[0])
    return {name: html.unescape(value) for name, value in fields}


def bubbles(page: str) -> list[tuple[str, str]]:
    """Who said what, in order, as HTML."""
    lines = r'<li id="[oi]\d+" class="(them|me)[^>]*>.*?<p class="bubble"[^>]*>(.*?)</p>'
    return re.findall(lines, page, re.S)


def title(page: str) -> str:
    """The heading of a page."""
    return html.unescape(re.findall(r"<h1>(.*?)</h1>", page, re.S)[0])
