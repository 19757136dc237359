"""A real browser to visit the pages with."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from bot.web.chat import COOKIE
from tests.properties import THOROUGH
from tests.web.chat.conftest import Site

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The same engine under each name. The first is made without windows: it takes half of what the others take."""
CHROMIUM = next(filter(None, map(which, NAMES)), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=f"no Chromium here: apt install {NAMES[0]}, or {NAMES[1]}")
OPTIONS = ("--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""As root, and with a microphone that hums: asking for it is always answered with yes."""
AXE, ALIKE = ((Path(__file__).parent / name).read_text("utf-8") for name in ("axe.min.js", "alike.js"))
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours: all that the dark scheme changes is colours."""
BEHIND = {"color-contrast": {"options": {"ignorePseudo": True}}}
"""Text with a decoration (`::before`) near it is compared with its background too. Left to itself axe would look for
decorations around each text, and say of these texts that it cannot tell: nobody reads that.
"""
Page = Any


class Shared:
    """One Chromium for all tests in a row that need one.

    It ends before a test that needs none: while playwright is at work, asyncio takes its loop for that of this thread.
    """

    def __init__(self) -> None:
        self._driver: Any = None
        self._browser: Any = None

    def started(self) -> Any:
        """The browser; another one where there is none, or where it has died."""
        if self._browser is None or not self._browser.is_connected():
            self.stop()
            self._driver = playwright.sync_playwright().start()
            self._browser = self._driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        return self._browser

    def stop(self) -> None:
        driver, browser, self._driver, self._browser = self._driver, self._browser, None, None
        if browser is not None:
            browser.close()
        if driver is not None:
            driver.stop()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, nextitem: pytest.Item | None) -> Generator[None, object, object]:
        try:
            return (yield)
        finally:
            if "chromium" not in getattr(nextitem, "fixturenames", ()):
                self.stop()

    def pytest_sessionfinish(self) -> None:
        """Where a run was broken off, no test was said to be the last."""
        self.stop()


_shared = Shared()


@pytest.fixture
def chromium(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A Chromium without a window when a test begins: those of another would go on looking for a server that has gone."""
    plugins = request.config.pluginmanager
    if not plugins.is_registered(_shared):
        plugins.register(_shared)
    browser = _shared.started()
    yield browser
    for window in browser.contexts:
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


def thin_out(page: Page) -> None:
    """Leave two of what is alike, before axe looks: half of a long page, and half of the time. Thorough tests look at all."""
    if not THOROUGH:
        page.evaluate(ALIKE)


def violations(page: Page, *only: str) -> list[tuple[str, list[str]]]:
    """What axe finds: rules, and where. With `only`, of these rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    asked: dict[str, Any] = {"resultTypes": ["violations"], "checks": BEHIND}  # no list of all that is right
    asked |= {"runOnly": list(only)} if only else {}
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
