"""The demo as its visitor plays it, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.demo.stage import Part, Voice
from bot.demo.views import read_page
from tests.demo.conftest import LEARNER, Demo
from tests.web.chat.browser import chromium, in_both_schemes, needs_chromium, violations

pytestmark = needs_chromium
__all__ = ["chromium"]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def shown(chromium: Any, demo: Demo) -> Iterator[Any]:
    """Opens the demo in a window, and waits until the scene is set; it is set already unless the visitor sees that, too."""
    windows = []

    def show(*, begin: Callable[[], object] = demo.opened, **options: Any) -> Any:
        begin()
        context = chromium.new_context(**{"viewport": WIDE, "locale": "en"} | options)
        windows.append(context)
        page = context.new_page()
        page.goto(demo.url)
        demo.until(lambda: demo.pace.opened)  # on a busy machine longer than a browser waits
        scene = re.findall(r"scene=([\w-]+)", page.request.get(demo.url).text())[0]
        page.wait_for_function(
            "scene => document.body.dataset.events.endsWith(scene)", arg=scene
        )  # it is another page then
        page.get_by_role("heading", name="What will come").wait_for()
        return page

    yield show
    for window in windows:
        window.close()


def press(page: Any, demo: Demo, name: str) -> None:
    """Press a button of the clock and wait until it has arrived."""
    with page.expect_response("**/leap"):  # not a moment: on a busy machine the click would come later than that
        page.get_by_role("button", name=name, exact=True).click()
    demo.still()
    page.get_by_role("button", name="Play", exact=True).wait_for()


def until(page: Any, demo: Demo, awaited: Any) -> None:
    """Go from event to event until something shows."""
    for _ in range(20):
        if awaited.count():
            return
        press(page, demo, "Next event")
    raise AssertionError(awaited)


def test_a_visitor_plays_the_whole_story(shown: Any, demo: Demo) -> None:
    """Arrival answered on the phone; then silence, until the case stands in the coordinator's chat and is taken."""
    page = shown()
    page.get_by_label("Another learner").select_option(LEARNER)
    page.get_by_role("button", name="Show").first.click()
    page.get_by_role("heading", name="The phone of Lina").wait_for()
    phone, desk = page.frame_locator(".handset iframe"), page.frame_locator(".screen iframe")

    press(page, demo, "To the departure")
    assert page.locator("[data-clock=day]").inner_text() == "Saturday 6 March 2027"
    until(page, demo, phone.get_by_role("button", name="Yes, but not all as planned"))
    for answer in ("Yes, but not all as planned", "Yes", "Yes"):
        phone.get_by_role("button", name=answer, exact=True).last.click()
    page.get_by_text("Lina answered: « Yes »").first.wait_for()
    until(page, demo, phone.get_by_role("button", name="Signed and sent"))
    phone.get_by_role("button", name="Signed and sent").last.click()

    page.get_by_label("Stays silent").first.check(force=True)
    until(page, demo, desk.get_by_text("No answer to: the weekly check-in"))
    page.get_by_role("img", name="Open case since").first.wait_for()
    desk.get_by_role("button", name="I take it").last.click()
    page.get_by_text("Nadia Ferhaoui takes the case.").wait_for()


def test_a_row_of_the_picture_picks_its_learner_by_mouse_and_by_keyboard(shown: Any) -> None:
    page = shown()
    page.locator("#row-VAL-27-01 .track").click()
    page.get_by_role("heading", name="The phone of Mathis").wait_for()
    page.get_by_role("button", name="Lina H. Leipzig").press("Enter")

    page.get_by_role("heading", name="The phone of Lina").wait_for()


def test_a_page_that_takes_its_time_is_asked_for_once(
    chromium: Any, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for again it would come again: over what had been clicked in the first one."""

    def slowly(*given: Any) -> Any:
        time.sleep(1.5 * demo.pace.opened)  # longer than a stream that ended waits before it comes back
        return read_page(*given)

    monkeypatch.setattr("bot.demo.site.read_page", slowly)
    context = chromium.new_context(locale="en", viewport=WIDE)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(demo.url)
    page.get_by_role("heading", name="What will come").wait_for()
    context.close()

    assert asked.count(f"{demo.url}/") <= 2  # the curtain, where it was seen, and the scene


def test_what_is_clicked_before_the_script_has_come_is_not_lost(shown: Any, demo: Demo) -> None:
    page = shown()
    held: list[Any] = []
    page.route("**/demo.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.locator("#row-VAL-27-01 .track").click(no_wait_after=True)
    page.get_by_role("heading", name="The phone of Mathis").wait_for()
    page.get_by_label("Stays silent").first.press("Space")
    while len(held) < 2:
        page.wait_for_timeout(20)
    assert demo.stage.voices[Part.LEARNER] is Voice.VISITOR
    held[-1].continue_()

    demo.until(lambda: demo.stage.voices[Part.LEARNER] is Voice.NOBODY)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_nothing_sticks_out(shown: Any, demo: Demo, size: dict[str, int]) -> None:
    page = shown(begin=demo.departed, viewport=size)
    press(page, demo, "+1 day")

    assert in_both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_everything_stands_on_one_screen_from_the_first_instant(chromium: Any, demo: Demo) -> None:
    context = chromium.new_context(locale="fr", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.route("**/demo.js", lambda route: route.abort())
    page.goto(demo.url)
    ends = "[...document.querySelectorAll('.scene > *')].map(each => each.getBoundingClientRect().bottom)"
    phone, desk, picture, told = page.evaluate(ends)

    assert phone == desk == told <= 800
    assert picture < told
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert violations(page) == []
    context.close()


def test_a_page_that_has_lost_its_server_says_so(shown: Any, demo: Demo) -> None:
    page = shown()
    demo.stop()

    page.get_by_text("The demo has ended.").wait_for()
