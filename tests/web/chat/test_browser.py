"""A real browser: offline, without scripts, and what it asks of others."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.chat.browser import chromium, needs_chromium, opened, playwright, said
from tests.web.chat.conftest import Site

pytestmark = needs_chromium
__all__ = ["chromium"]


def test_what_could_not_be_sent_stays_and_leaves_by_itself(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    page.context.set_offline(True)
    page.get_by_label("Your message").fill("Are you there?")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Not sent yet.").wait_for()
    kept = page.get_by_label("Your message").input_value()

    page.context.set_offline(False)
    page.locator(".me").wait_for()

    assert kept == "Are you there?"
    assert page.get_by_label("Your message").input_value() == ""
    assert page.locator(".me .bubble").all_inner_texts() == ["Are you there?"]


@pytest.mark.parametrize("typed", [None, "au secours !", "🆘", "Hilfe, bitte sos", "/help me"])
def test_a_cry_for_help_is_answered_without_any_connection(chromium: Any, quick_site: Site, typed: str | None) -> None:
    page = opened(chromium, quick_site)
    page.context.set_offline(True)

    if typed is None:
        page.get_by_role("button", name="SOS").click()
    else:
        page.get_by_label("Your message").fill(typed)
        page.get_by_role("button", name="Send").click()

    page.locator("#danger .state", has_text="Your school has not been told yet").wait_for()
    assert page.locator("#danger a").all_inner_texts() == ["112", "+33 4 00 00 00 00"]

    page.context.set_offline(False)
    page.get_by_role("button", name="Yes, call me").wait_for()
    assert page.locator("#danger").is_hidden()


def test_emoji_alone_raise_no_alarm_in_the_page(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    page.context.set_offline(True)
    page.get_by_label("Your message").fill("👍")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Not sent yet.").wait_for()

    assert page.locator("#danger").is_hidden()


def test_a_message_that_is_too_long_stays_in_the_box(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    page.get_by_label("Your message").fill("x" * 100_000)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your message is too long").wait_for()

    assert len(page.get_by_label("Your message").input_value()) == 100_000


def test_a_page_goes_on_after_the_server_was_away(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    page.context.set_offline(True)
    number = quick_site.tell("ines", "While you were away")
    page.context.set_offline(False)
    page.locator(f"#o{number}").wait_for()

    assert said(page) == ["Good to see you again, Inès. We go on here.", "While you were away"]


def test_everything_works_without_scripts(chromium: Any, quick_site: Site) -> None:
    page = chromium.new_context(java_script_enabled=False, locale="en").new_page()
    page.goto(quick_site.url + quick_site.invited("ines", trusted=True))
    page.get_by_role("button", name="Open my conversation").click()
    number = quick_site.tell("ines", "How can I help?", "Show me")
    page.get_by_role("link", name="Show new messages").click()
    page.get_by_role("button", name="Show me").click()
    page.get_by_label("Your message").fill("Thank you")
    page.get_by_role("button", name="Send").click()

    assert number > 0
    playwright.expect(page.locator(".me .bubble")).to_have_text(["Show me", "Thank you"])


def test_a_page_without_a_connection_to_elsewhere(chromium: Any, quick_site: Site) -> None:
    page = opened(chromium, quick_site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    quick_site.tell("ines", "https://example.org/picture.png")
    page.reload()
    page.get_by_role("link", name="https://example.org/picture.png").wait_for()

    assert [url for url in asked if not re.match(re.escape(quick_site.url), url)] == []
