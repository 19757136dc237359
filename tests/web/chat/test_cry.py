"""The cry for help on the web: what is one and what is not, and that nothing holds it back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.cases import CaseRow
from tests.conftest import Read
from tests.web.chat.conftest import Site, bubbles, hidden

HEARD = "I am a robot and understand little. /help shows what I can do. If you need somebody, write SOS."
WELCOME = "Good to see you again, Inès. We go on here."


def test_emoji_alone_are_words_and_no_alarm(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    fields = hidden(browser.get("/").text, "say")

    browser.post("/say", data=fields | {"text": "👍🏽👨‍👩‍👧"})
    site.settle()

    assert bubbles(browser.get("/").text) == [("them", WELCOME), ("me", "👍🏽👨‍👩‍👧"), ("them", HEARD)]
    assert read(select(CaseRow.id)) == []


def test_sos_is_answered_with_numbers_to_tap(site: Site, read: Read) -> None:
    browser = site.joined("ines")

    browser.post("/say", data=hidden(browser.get("/").text, "sos"))
    site.settle()

    said = bubbles(browser.get("/").text)
    assert said[1] == ("me", "SOS")
    assert '<a href="tel:+33400000000" dir="ltr">+33 4 00 00 00 00</a>' in said[2][1]
    assert read(select(CaseRow.topic, CaseRow.level)) == [("sos", "now")]


@pytest.mark.parametrize("text", ["SOS " * 2000, "SOS, on me suit. " + "é" * 70_000])
def test_a_long_cry_for_help_is_taken(quick_site: Site, text: str) -> None:
    browser = quick_site.joined("ines")

    answer = browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": text})

    assert answer.status_code == 303
    assert bubbles(browser.get("/").text)[1] == ("me", text[:4000].strip())


def test_a_flood_is_held_back_but_never_a_cry_for_help(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields, now = hidden(browser.get("/").text, "say"), {"hx-request": "true"}

    codes = [
        browser.post("/say", data=fields | {"text": f"Hello {number}"}, headers=now).status_code for number in range(31)
    ]

    assert codes == [204] * 30 + [429]
    assert browser.post("/say", data=fields | {"text": "SOS"}, headers=now).status_code == 204


def test_a_cry_for_help_counts_before_the_device_is_confirmed(site: Site, read: Read) -> None:
    browser, link = site.visitor(), site.invited("ines")
    browser.get(link)
    browser.post(link)
    page = browser.get("/").text
    fields = {"seal": page.split('name="seal" value="')[1].split('"')[0], "text": "SOS"}

    answer = browser.post("/say", data=fields)

    told = browser.get(answer.headers["location"]).text
    assert read(select(CaseRow.topic, CaseRow.level)) == [("sos", "now")]
    assert (
        '<p class="alarm" role="alert">Your cry for help has arrived: I am telling your school now. '
        "In danger, call 112.</p>" in told
    )


def test_the_page_has_the_words_of_an_emergency_before_any_request(quick_site: Site) -> None:
    page = quick_site.joined("ines").get("/").text

    words = page.split('<template id="danger-words">')[1].split("</template>")[0]
    assert '<a href="tel:112" dir="ltr">112</a>' in words


def test_only_learners_have_the_sos_button(quick_site: Site) -> None:
    assert 'id="sos"' not in quick_site.joined("roux").get("/").text
