"""Everybody can use the pages: axe, the keyboard alone, small screens, right to left."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store.db import Tx
from bot.store.people import by_ref
from tests.web.chat.browser import chromium, needs_chromium, opened, said, violations
from tests.web.chat.conftest import Site

pytestmark = needs_chromium
__all__ = ["chromium"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_conversation(chromium: Any, quick_site: Site, scheme: str) -> None:
    page = opened(chromium, quick_site, color_scheme=scheme)
    quick_site.tell("ines", "How can I help? https://example.org", "Show me", "Not now")
    page.get_by_role("button", name="Show me").click()
    page.get_by_text("Other choices").click()
    page.get_by_role("button", name="SOS").click()
    page.get_by_role("button", name="Yes, call me").wait_for()

    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_in(chromium: Any, quick_site: Site, scheme: str) -> None:
    page = chromium.new_context(color_scheme=scheme, locale="en").new_page()
    found = []
    for path in (quick_site.invited("ines"), "/", "/j/forged"):
        page.goto(quick_site.url + path)
        found += violations(page)
    page.goto(quick_site.url + quick_site.invited("ines"))
    page.get_by_role("button", name="Open my conversation").click()
    page.get_by_role("heading", name="Your coordinator has to say it is you").wait_for()

    assert found + violations(page) == []


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

    sizes = page.evaluate(
        "[...document.querySelectorAll('button, textarea, summary')].map(e => e.getBoundingClientRect().height)"
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
