"""A real browser to visit the pages with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from bot.web.chat import COOKIE
from tests.web.chat.conftest import Site

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt install chromium")
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours: all that the dark scheme changes is colours."""
Page = Any


@pytest.fixture(scope="module")
def launched() -> Iterator[Any]:
    """A Chromium for all tests of a file."""
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def chromium(launched: Any) -> Iterator[Any]:
    """The same, without a window when a test begins: those of another would go on looking for a server that has gone."""
    yield launched
    for window in launched.contexts:
        window.close()


def opened(chromium: Any, site: Site, ref: str = "ines", **options: Any) -> Page:
    """The chat page of somebody, on a phone."""
    token = site.joined(ref).cookies[COOKIE]
    context = chromium.new_context(**{"viewport": {"width": 390, "height": 844}, "locale": "en"} | options)
    context.add_cookies([{"name": COOKIE, "value": token, "url": site.url}])
    page = context.new_page()
    page.goto(site.url)
    return page


def unfold(page: Page) -> None:
    """Open everything that can be opened, at once: a click each would take longer than all that is then looked at."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def violations(page: Page, *only: str) -> list[tuple[str, list[str]]]:
    """What axe finds: rules, and where. With `only`, of these rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    asked = {"resultTypes": ["violations"]} | ({"runOnly": list(only)} if only else {})  # no list of all that is right
    found = page.evaluate(
        "async asked => (await axe.run(asked)).violations.map(v => [v.id, v.nodes.map(n => n.html)])", asked
    )
    return [(rule, places) for rule, places in found]


def in_both_schemes(page: Page) -> list[tuple[str, tuple[str, list[str]]]]:
    """What axe finds in light and in dark colours, which the same page takes on without being loaded again."""
    page.emulate_media(color_scheme="light")
    light = [("light", each) for each in violations(page)]
    page.emulate_media(color_scheme="dark")
    return light + [("dark", each) for each in violations(page, *OF_COLOUR)]


def said(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".bubble").all_inner_texts()]
