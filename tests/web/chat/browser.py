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
Page = Any


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


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


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: rules, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])")
    return [(rule, places) for rule, places in found]


def in_both_schemes(page: Page) -> list[tuple[str, tuple[str, list[str]]]]:
    """What axe finds in light and in dark colours, which the same page takes on without being loaded again."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [(scheme, each) for each in violations(page)]
    return found


def said(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".bubble").all_inner_texts()]
