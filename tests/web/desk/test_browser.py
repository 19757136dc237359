"""The desk in a real browser: axe, sizes, live parts, keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from bot.clock import SimulatedClock
from bot.domain.level import Level
from bot.domain.person import Role
from bot.domain.roster.fields import Field
from bot.handlers.case.case import Matter, open_matter
from bot.store.cases import CaseRow
from bot.store.db import Database, Tx
from bot.store.people import Address, Person, RoleHeld, by_ref
from bot.store.stays import current_stay
from bot.web.chat import WebChat
from bot.web.desk import DeskSite, home
from tests.properties import THOROUGH
from tests.web.chat.browser import chromium, in_both_schemes, needs_chromium, thin_out, unfold, violations
from tests.web.chat.conftest import Site, found
from tests.web.desk.conftest import code_for
from tests.web.desk.test_roster_import import NEW, csv

pytestmark = needs_chromium
__all__ = ["chromium"]
ROOT = Path(__file__).resolve().parents[3]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}


class Desk(Site):
    """The chat and the desk behind one port, as `run` has them."""

    def application(self, base_url: str) -> ASGIApp:
        desk = DeskSite(self.app, base_url=base_url, secret="only for tests")
        chat = WebChat(self.app, self.channel, base_url=base_url, secret="only for tests")
        return Starlette(
            routes=[
                Route("/desk", home),
                Mount("/desk", desk.application()),
                Mount("/", chat.application()),
            ]
        )


def troubled(tx: Tx) -> None:
    """Somebody does not answer, somebody has a new device, and a colleague is there too."""
    person = by_ref(tx.rows, "ines")
    stay = current_stay(tx.rows, person.id) if person else None
    assert person is not None
    assert stay is not None
    stay.departure, stay.back = date(2026, 3, 1), date(2026, 3, 10)
    luc = Person(ref="luc", first_name="Luc", last_name="Perrichon", language="en", school=stay.school)
    luc.roles.append(RoleHeld(role=Role.DEPUTY))
    tx.rows.add(luc)
    tom = by_ref(tx.rows, "tom")
    assert tom is not None
    for one, state, native in ((luc, "confirmed", "luc"), (tom, "pending", "tom")):
        tx.rows.add(Address(person=one, channel="web", native=native, state=state, created_at=tx.now, used_at=tx.now))
    tx.rows.flush()
    person.last_sign_at = tx.now - timedelta(hours=2)
    open_matter(tx, stay, Matter(Level.TODAY, "missed", "arrival"))


def taken(tx: Tx) -> None:
    """The colleague takes the case."""
    luc = by_ref(tx.rows, "luc")
    case = tx.rows.query(CaseRow).one()
    assert luc is not None
    case.owner_id = luc.id


@pytest.fixture
def desk(quick_database: Database, clock: SimulatedClock) -> Iterator[Desk]:
    clock.run(1.0)
    quick_database.run(found)
    quick_database.run(troubled)
    with Desk(quick_database).running() as running:
        yield running  # type: ignore[misc]


@pytest.fixture
def opened(chromium: Any, desk: Desk) -> Iterator[Any]:
    """A browser of the coordinator's, at the board."""
    windows: list[Any] = []

    def visit(**options: Any) -> Any:
        windows.append(chromium.new_context(**{"viewport": WIDE, "locale": "en"} | options))
        page = windows[-1].new_page()
        page.goto(f"{desk.url}/desk/in/{desk.database.run(code_for, 'roux')}")
        page.get_by_role("button", name="Open the desk").click()
        page.get_by_role("heading", name="Board").wait_for()
        return page

    yield visit
    for window in windows:
        window.close()


def fits(page: Any, name: str, *sizes: dict[str, int]) -> None:
    """Nothing sticks out and axe finds nothing: on one page that takes on each size, with all open that opens."""
    unfold(page)
    for size in sizes:
        page.set_viewport_size(size)
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, size["width"])
    thin_out(page)
    for size in sizes:
        if THOROUGH or size != NARROWEST:
            page.set_viewport_size(size)
            assert (name, size, in_both_schemes(page)) == (name, size, [])


def test_the_narrowest_page_has_the_rules_of_a_narrow_one() -> None:
    """So axe need not look at it again, only whether something sticks out: no rule begins or ends between the two."""
    sheets = "".join(
        each.read_text("utf-8") for room in ("common", "desk") for each in ROOT.glob(f"bot/web/{room}/**/*.css")
    )
    widths = re.findall(r"\((?:min|max)-width: ([\d.]+)r?em\)", sheets)

    assert len(widths) == len(re.findall(r"\((?:min|max)-(?:width|inline-size)|\(width|@container", sheets)) > 0
    assert [each for each in widths if NARROWEST["width"] <= 16 * float(each) <= NARROW["width"]] == []


def test_axe_finds_nothing_and_nothing_sticks_out(opened: Any) -> None:
    page = opened()
    board = page.url
    sorted_by = page.locator(".class th a").first.get_attribute("href")
    ways = [page.locator("h3 a").get_attribute("href"), page.locator(".more a").first.get_attribute("href")]

    more = (
        "/desk/people",
        "/desk/import",
        "/desk/programme",
        "/desk/programme/flow?kind=outgoing&flow=check_in",
        sorted_by,
    )
    for path in ("/desk/", "/desk/cases", "/desk/calendar?month=2026-03", "/desk/nowhere", *more, *ways):
        page.goto(page.url.split("/desk")[0] + path)
        fits(page, path, WIDE, NARROW, NARROWEST)
    assert board.endswith("/desk/")


def test_the_board_changes_by_itself_and_keeps_what_is_open_and_the_focus(
    opened: Any, desk: Desk, clock: SimulatedClock
) -> None:
    clock.move_to(clock.now() + timedelta(hours=11))
    page = opened()
    page.clock.install()  # the browser's: it looks again after ten seconds
    page.reload()
    page.get_by_text("nobody yet").wait_for()
    assert page.locator(".learners").bounding_box()["y"] < 400  # the list begins on the first screen
    page.locator("summary", has_text="Close…").click()
    page.get_by_label("How does it end?").select_option("false_alarm")
    page.get_by_label("How does it end?").focus()

    assert page.locator("#today").inner_text() == "Monday 2 March 2026"
    desk.database.run(taken)
    clock.move_to(clock.now() + timedelta(hours=5))  # past midnight: nobody has to open the page again for the day
    page.clock.fast_forward(10_000)
    page.get_by_text("Luc Perrichon follows this case.").wait_for()
    page.get_by_text("Tuesday 3 March 2026").wait_for()

    assert page.get_by_label("How does it end?").input_value() == "false_alarm"
    assert page.evaluate("document.activeElement.name") == "reason"
    assert page.get_by_role("button", name="I take it").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_a_case_is_taken_and_closed_with_and_without_scripts(opened: Any, desk: Desk, scripts: bool) -> None:
    page = opened(java_script_enabled=scripts)
    page.get_by_role("button", name="I take it").click()
    page.get_by_text("You follow this case.").first.wait_for()
    page.locator("summary", has_text="Close…").click()
    page.get_by_role("button", name="Close the case").click()
    page.get_by_text("The case is closed. Everyone who was alerted is told.").wait_for()

    assert page.get_by_role("heading", name="Who needs me now").count() == 0
    page.get_by_role("button", name="Yes, it is them").click()
    page.get_by_text("Thank you. They can begin.").wait_for()
    assert page.get_by_role("heading", name="Is it really them?").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_roster_is_brought_in_with_and_without_scripts(opened: Any, size: dict[str, int], scripts: bool) -> None:
    page = opened(viewport=size, java_script_enabled=scripts)
    here = {Field.SCHOOL: ""}
    content = csv(NEW | here, here | {Field.REFERENCE: "B1", Field.BIRTH: "31/02/2009"})
    page.get_by_role("link", name="Roster").click()
    page.set_input_files("#file", {"name": "roster.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="To be mended").wait_for()
    if scripts:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    page.get_by_label("Leave out 1 row with an error").check()
    page.get_by_role("button", name="Apply 1 change").click()
    page.get_by_text("Done. The roster has been brought in.").wait_for()


def test_the_keyboard_is_enough(opened: Any) -> None:
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("button", name="I take it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Thank you. You follow this case.").wait_for()
    assert page.evaluate("document.activeElement.className") == "said"


def test_signed_out_is_signed_out(opened: Any) -> None:
    page = opened()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You have signed out").wait_for()
    page.go_back()
    page.reload()
    assert page.get_by_role("heading", name="Please ask for a link").count() == 1


def test_nothing_is_asked_of_others_and_nothing_is_inline(opened: Any) -> None:
    page = opened()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.reload()
    origin = page.url.split("/desk")[0]

    assert [url for url in seen if not url.startswith(origin)] == []
    assert page.locator("[style], style, script:not([src])").count() == 0
