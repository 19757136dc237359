"""What a device keeps of the chat, and the wish to be told: nothing that anybody wrote is among it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.types import ASGIApp

from bot.channels.push import PushKey
from bot.clock import SimulatedClock
from bot.runtime.push import PushHints
from bot.store.db import Database
from bot.store.push import PushSubscription
from bot.web.chat import WebChat
from tests.web.chat.browser import chromium, needs_chromium, opened, violations
from tests.web.chat.conftest import Site, found, hidden, title

__all__ = ["chromium"]
KEYS = {"p256dh": "B" + "A" * 86, "auth": "A" * 22}
GOOGLE = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", **KEYS}


class Pushing(Site):
    """A site that browsers may ask to be told by."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        super().__init__(database)

    def application(self, base_url: str) -> ASGIApp:
        hints = PushHints(self.database, PushKey(self.folder / "push.pem", base_url))
        chat = WebChat(self.app, self.channel, base_url=base_url, secret="only for tests", hints=hints)
        return chat.application()

    def wished(self) -> list[str]:
        """Where browsers want to be told."""
        return list(self.database.run(lambda tx: tx.rows.scalars(select(PushSubscription.endpoint)).all()))


@pytest.fixture
def pushing(quick_database: Database, clock: SimulatedClock, tmp_path: Path) -> Iterator[Pushing]:
    clock.run(1.0)
    quick_database.run(found)
    with Pushing(quick_database, tmp_path).running() as site:
        assert isinstance(site, Pushing)
        yield site


def test_the_manifest_speaks_the_language_of_the_page_and_its_icons_are_there(quick_site: Site) -> None:
    browser = quick_site.visitor()
    shown = browser.get("/manifest.webmanifest?lang=ar").json()

    icons = [browser.get(icon["src"]) for icon in shown["icons"]]
    assert (shown["lang"], shown["dir"], shown["start_url"], shown["display"]) == ("ar", "rtl", "/", "standalone")
    assert {(icon.status_code, icon.content[:4]) for icon in icons} == {(200, b"\x89PNG")}
    assert browser.get("/manifest.webmanifest?lang=xx").json()["lang"] == "en"


def test_the_page_for_no_connection_says_whom_to_call_and_nothing_of_anybody(quick_site: Site) -> None:
    quick_site.tell("ines", "A private word")
    known, stranger = quick_site.joined("ines").get("/offline").text, quick_site.visitor().get("/offline").text

    numbers = [re.findall(r'href="tel:([^"]+)"', page.split("<main")[1]) for page in (known, stranger)]
    assert [title(page) for page in (known, stranger)] == ["No connection"] * 2
    assert numbers == [["112", "+33400000000", "112"], ["112", "112"]]
    assert not re.search("Inès|Martin|private|Bergen", html.unescape(known))


def test_a_device_that_wants_to_be_told_is_kept_once_and_let_go(pushing: Pushing) -> None:
    browser = pushing.joined("ines")
    seal = {"seal": hidden(browser.get("/").text, "say")["seal"]}
    elsewhere = {"endpoint": f"{GOOGLE['endpoint']}d"}

    answers = [browser.post("/push", data=seal | GOOGLE | more).status_code for more in ({}, elsewhere)]
    told = pushing.wished()
    wrong = ({"endpoint": "https://127.0.0.1/abc"}, {"auth": "short"}, {"p256dh": "é"}, {"seal": "forged"})
    refused = [browser.post("/push", data=seal | GOOGLE | each).status_code for each in wrong]
    over = browser.post("/push", data=seal).status_code

    assert (answers, told) == ([204, 204], [elsewhere["endpoint"]])
    assert (refused, over, pushing.wished()) == ([422, 422, 422, 403], 204, [])
    assert browser.get("/push").text == PushKey(pushing.folder / "push.pem", pushing.url).public


def test_a_device_whose_place_is_taken_is_told_to_forget(pushing: Pushing) -> None:
    old = pushing.joined("ines")
    pushing.joined("ines")

    answer = old.get("/")
    assert (answer.status_code, answer.headers["clear-site-data"]) == (403, '"storage"')


@needs_chromium
def test_without_a_connection_the_page_that_is_kept_opens(chromium: Any, pushing: Pushing) -> None:
    page = opened(chromium, pushing)
    pushing.tell("ines", "A private word")
    page.get_by_text("A private word").wait_for()
    page.wait_for_function("async () => await caches.match('/offline')")
    page.locator("#hear:not([hidden])").wait_for(state="attached")
    page.wait_for_function(
        "async () => Boolean((await navigator.serviceWorker.ready).active && navigator.serviceWorker.controller)"
    )
    kept = page.evaluate(
        "async () => (await (await caches.open('compagnon')).keys()).map(each => new URL(each.url).pathname.replace(/[0-9a-f]{12}/, '*'))"
    )
    offered = [page.locator(f"#{each}").evaluate("each => !each.hidden") for each in ("install", "hear", "still")]
    page.context.set_offline(True)
    page.reload()

    assert page.locator("h1").inner_text() == "No connection"
    assert page.locator("a[href='tel:+33400000000']").count() == 1
    assert violations(page) == []
    assert sorted(kept) == ["/offline", "/static/*/base.css", "/static/*/chat.css", "/static/*/icon.svg"]
    assert offered == [False, True, False]
