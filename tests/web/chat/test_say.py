"""Words typed by hand: kept once, shown as they are, refused with a sentence when they cannot be taken."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from bot.handlers.inbox.receive import receive
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Address
from bot.web.chat.bubbles import spoken
from tests.conftest import Read
from tests.web.chat.conftest import Site, bubbles, hidden, title

HEARD = "I am a robot and understand little. /help shows what I can do. If you need somebody, write SOS."
WELCOME = "Good to see you again, Inès. We go on here."


def keep(tx: Tx, native: str, text: str) -> None:
    """Words that were stored and that nobody has handled."""
    receive(tx, "web", [("by hand", {"address": native, "text": text})])


def only_address(tx: Tx) -> str:
    return tx.rows.scalars(select(Address.native)).one()


def test_words_are_kept_and_shown_with_their_answer_without_any_script(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    fields = hidden(browser.get("/").text, "say")

    answer = browser.post("/say", data=fields | {"text": "Hello\r\nyou"})
    site.settle()

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert bubbles(browser.get("/").text) == [("them", WELCOME), ("me", "Hello\r\nyou"), ("them", HEARD)]
    assert read(select(InboxRow.channel, InboxRow.state, InboxRow.shown)) == [("web", "handled", "Hello\r\nyou")]


def test_own_words_show_before_anybody_has_handled_them(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    native = quick_site.database.run(only_address)

    quick_site.database.run(keep, native, "one moment")

    assert bubbles(browser.get("/").text) == [("them", WELCOME), ("me", "one moment")]


def test_the_same_form_sent_twice_is_one_message(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    fields = hidden(browser.get("/").text, "say") | {"text": "Hello"}

    answers = [browser.post("/say", data=fields, headers={"hx-request": "true"}).status_code for _each in range(2)]

    assert answers == [204, 204]
    assert len(read(select(InboxRow.id))) == 1


def test_other_words_from_the_same_form_are_another_message(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields = hidden(browser.get("/").text, "say")

    for text in ("Hello", "Hello?"):
        browser.post("/say", data=fields | {"text": text})
    quick_site.settle()

    assert [text for side, text in bubbles(browser.get("/").text) if side == "me"] == ["Hello", "Hello?"]


def test_four_thousand_emoji_fit(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields = hidden(browser.get("/").text, "say")

    assert browser.post("/say", data=fields | {"text": "😀" * 4000}).status_code == 303


def test_a_hundred_kilobytes_are_refused_with_a_sentence(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    fields = hidden(browser.get("/").text, "say") | {"text": "é" * 50_000}

    page = browser.post("/say", data=fields)
    line = browser.post("/say", data=fields, headers={"hx-request": "true"})

    assert (page.status_code, title(page.text)) == (413, "Your message is too long")
    assert (line.status_code, line.text) == (
        413,
        "<p><strong>Your message is too long.</strong> I can read 4000 characters at most. "
        "Shorten it or send it in parts: your text is still in the box.</p>",
    )
    assert read(select(InboxRow.id)) == []


def test_a_long_message_is_given_back_to_shorten(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    text = "<i>" + "long " * 1000 + "</i>"

    answer = browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": text})

    given = answer.text.split('dir="auto">')[1].split("</textarea>")[0]
    assert (answer.status_code, html.unescape(given)) == (413, text)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
def test_nothing_is_no_message(quick_site: Site, text: str) -> None:
    browser = quick_site.joined("ines")

    answer = browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": text})

    assert (answer.status_code, title(answer.text)) == (422, "Nothing was sent")


def test_a_form_from_another_site_is_refused(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields = hidden(browser.get("/").text, "say") | {"text": "Hello"}
    other = hidden(quick_site.joined("tom").get("/").text, "say") | {"text": "Hello"}

    refused = [
        browser.post("/say", data=fields, headers={"sec-fetch-site": "cross-site"}),
        browser.post("/say", data=fields, headers={"sec-fetch-site": "same-site"}),
        browser.post("/say", data=fields, headers={"origin": "https://elsewhere.example"}),
        browser.post("/say", data=fields | {"seal": ""}),
        browser.post("/say", data=other),
        quick_site.visitor().post("/say", data=fields),
    ]

    assert [answer.status_code for answer in refused] == [403] * 6
    assert browser.post("/say", data=fields, headers={"origin": quick_site.url}).status_code == 303


def test_what_people_write_is_never_markup(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    quick_site.tell("ines", "<script>alert(1)</script> https://example.org/a?b=1&c=2. <b>", "<img src=x>")

    browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": "<script>https://example.org</script>"})
    page = browser.get("/").text

    assert bubbles(page)[1:3] == [
        (
            "them",
            "&lt;script&gt;alert(1)&lt;/script&gt; "
            '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer" target="_blank">'
            "https://example.org/a?b=1&amp;c=2</a>. &lt;b&gt;",
        ),
        ("me", "&lt;script&gt;https://example.org&lt;/script&gt;"),
    ]
    assert "<img src=x>" not in page


def test_phone_numbers_in_what_we_say_are_there_to_tap_and_times_are_not() -> None:
    said = spoken(
        "Phone of Inès M.: +33 6 12 34 56 78, by Monday 2 Mar 10:10, 2+2, see https://example.org/+33612345678"
    )

    assert re.findall(r'href="([^"]+)"', said) == ["tel:+33612345678", "https://example.org/+33612345678"]
