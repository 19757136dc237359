"""Everybody can use the pages: axe, the keyboard alone, small screens, right to left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.clock import SimulatedClock
from bot.handlers.say.own_page import own_page
from bot.store.db import Database, Tx
from bot.store.people import by_ref
from bot.store.records import audit, keep_setting
from bot.web.chat import WebChat
from bot.web.visitors import Visitors
from tests.properties import THOROUGH
from tests.web.chat.browser import chromium, in_both_schemes, needs_chromium, opened, said, thin_out, unfold, violations
from tests.web.chat.conftest import Site, found

pytestmark = needs_chromium
__all__ = ["chromium"]
ROOT = Path(__file__).resolve().parents[3]


def test_the_dark_scheme_changes_nothing_but_colours() -> None:
    """So axe need not look at all of a page again: every block for it sets properties of `:root`, and no other."""
    sheets = "".join(each.read_text("utf-8") for each in sorted(ROOT.glob("bot/**/*.css")))
    blocks = re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*?\})\s*\}", sheets, re.DOTALL)

    assert len(blocks) == sheets.count("prefers-color-scheme") > 0
    assert [each for each in blocks if not re.fullmatch(r"\s*:root \{(\s*--[a-z-]+: [^;{}]+;)+\s*\}", each)] == []


def test_axe_compares_text_with_its_background_behind_a_decoration_too(chromium: Any) -> None:
    page = chromium.new_page()
    style = "main::before { content: ''; position: absolute; inline-size: 9em; block-size: 9em; background: #fff }"
    body = '<main><h1>Hello</h1><p style="color: #bbb">pale</p></main>'
    page.set_content(f'<!doctype html><html lang="en"><title>Hello</title><style>{style}</style>{body}')

    assert violations(page) == [("color-contrast", ['<p style="color: #bbb">pale</p>'])]


@pytest.mark.skipif(THOROUGH, reason="thorough tests look at all of them")
def test_of_what_is_alike_two_stay_and_nothing_goes_that_differs(chromium: Any) -> None:
    page = chromium.new_page()
    alike = "".join(f'<li class="line"><a href="/{number}">{number}</a></li>' for number in range(1, 6))
    others = '<li class="late">6</li><li class="line"><a href="">7</a></li><li class="line"><a href="/8"></a></li>'
    page.set_content(f"<!doctype html><ul>{alike}{others}</ul><p>9</p><p>10</p><p>11</p>")
    thin_out(page)

    assert page.locator("li").all_inner_texts() == ["1", "2", "6", "7", ""]
    assert page.locator("p").all_inner_texts() == ["9", "10", "11"]


def test_axe_finds_nothing_in_a_conversation(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    quick_site.tell("ines", "How can I help? https://example.org", "Show me", "Not now")
    page.get_by_role("button", name="Show me").click()
    page.get_by_text("Other choices").click()
    page.get_by_role("button", name="SOS").click()
    page.get_by_role("button", name="Yes, call me").wait_for()

    assert in_both_schemes(page) == []


def test_axe_finds_nothing_on_the_way_in(chromium: Any, quick_site: Site) -> None:
    page = chromium.new_context(locale="en").new_page()
    found = []
    for path in (quick_site.invited("ines"), "/", "/j/forged"):
        page.goto(quick_site.url + path)
        found += in_both_schemes(page)
    page.goto(quick_site.url + quick_site.invited("ines"))
    page.get_by_role("button", name="Open my conversation").click()
    page.get_by_role("heading", name="Your coordinator has to say it is you").wait_for()

    assert found + in_both_schemes(page) == []


def test_axe_finds_nothing_on_an_empty_or_broken_line(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    page.context.set_offline(True)
    page.get_by_label("Your message").fill("help")
    page.keyboard.press("Enter")
    page.get_by_text("Your school has not been told yet").wait_for()

    assert violations(page) == []


def test_a_conversation_with_the_keyboard_alone(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site, viewport={"width": 1280, "height": 900})
    quick_site.tell("ines", "How can I help?", "Show me", "Not now")
    page.get_by_role("button", name="Show me").wait_for()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Hello")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("you")
    page.keyboard.press("Enter")
    page.locator(".me").wait_for()
    for _each in range(2):
        page.keyboard.press("Shift+Tab")
    focused = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.get_by_text("Other choices").wait_for()

    assert focused == "Show me"
    assert [text for text in said(page) if text in {"Hello\nyou", "Show me"}] == ["Hello\nyou", "Show me"]


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_off_or_too_small_to_tap(chromium: Any, quick_site: Site, width: int) -> None:
    page = opened(chromium, quick_site, viewport={"width": width, "height": 568})
    quick_site.tell("ines", "w" * 300, "A label that is so long that it has to be broken", "Ok")
    page.get_by_role("button", name="Ok", exact=True).wait_for()

    page.locator("#device").wait_for()
    unfold(page)
    sizes = page.evaluate(
        "[...document.querySelectorAll('button, textarea, summary')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height)"
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [size for size in sizes if size < 44] == []


def test_arabic_runs_from_right_to_left(chromium: Any, quick_site: Site) -> None:
    def arabic(tx: Tx) -> None:
        person = by_ref(tx.rows, "ines")
        assert person is not None
        person.language = "ar"

    quick_site.database.run(arabic)
    page = opened(chromium, quick_site)
    quick_site.tell("ines", "مرحبا، كيف كان أسبوعك؟", "جيد")
    page.get_by_role("button", name="جيد").click()
    page.locator(".me").wait_for()

    left = page.evaluate("[...document.querySelectorAll('.bubble')].map(e => e.getBoundingClientRect().left < 60)")
    assert page.evaluate("[document.documentElement.lang, document.dir]") == ["ar", "rtl"]
    assert left[1:3] == [False, True]
    assert violations(page) == []


class Whole(Site):
    """The chat, and the pages that stand before it."""

    def application(self, base_url: str) -> ASGIApp:
        chat = WebChat(self.app, self.channel, base_url=base_url, secret="only for tests")
        return Starlette(routes=[*Visitors(self.app, base_url).routes(), Mount("/", chat.application())])


def own(tx: Tx, url: str, language: str) -> str:
    """A link to Inès's page; her coordinator has read something."""
    person, coordinator = by_ref(tx.rows, "ines"), by_ref(tx.rows, "roux")
    assert person is not None
    assert coordinator is not None
    person.language = language
    keep_setting(tx.rows, "web_address", {"url": url})
    audit(tx, f"person {coordinator.id}", "read answers", "stay 1")
    return own_page(tx, person)


def test_axe_finds_nothing_on_ones_own_page(chromium: Any, clock: SimulatedClock, quick_database: Database) -> None:
    quick_database.run(found)
    with Whole(quick_database).running() as site:
        page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.goto(quick_database.run(own, site.url, "en"))
        narrow = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        seen = in_both_schemes(page)
        page.goto(quick_database.run(own, site.url, "ar"))
        right_to_left = page.evaluate("getComputedStyle(document.documentElement).direction")

    assert (narrow, seen, right_to_left) == (True, [], "rtl")
