"""Headers on every answer, sizes, and what happens when something breaks."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest
from sqlalchemy import text

from bot.store.db import Database
from tests.web.chat.conftest import Site, hidden, title

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
    "cross-origin-opener-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}


def guarded(answer: httpx.Response) -> dict[str, str]:
    return {name: answer.headers.get(name, "") for name in HEADERS}


def break_down(database: Database) -> None:
    """The disk is full, or somebody dropped the wrong thing."""
    database.run(lambda tx: tx.rows.execute(text("ALTER TABLE inbox RENAME TO lost")) and None)


def test_every_answer_is_guarded(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields = hidden(browser.get("/").text, "say")
    answers = [
        browser.get("/"),
        browser.get(quick_site.invited("tom")),
        browser.get("/nowhere"),
        browser.post("/say", data=fields | {"text": "x" * 100_000}),
        browser.post("/say", data=fields | {"text": "Hello"}),
    ]
    break_down(quick_site.database)
    answers.append(browser.post("/say", data=fields | {"text": "Hello?"}))

    assert [answer.status_code for answer in answers] == [200, 200, 404, 413, 303, 500]
    assert [guarded(answer) for answer in answers] == [HEADERS] * 6


def test_an_address_that_leads_nowhere_says_so_in_the_language_of_the_person(quick_site: Site) -> None:
    answer = quick_site.joined("ines").get("/nowhere", headers={"accept-language": "es"})

    assert (answer.status_code, title(answer.text)) == (404, "There is nothing here")
    assert '<html lang="en"' in answer.text


def test_a_fault_of_ours_is_admitted(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields = hidden(browser.get("/").text, "say")
    break_down(quick_site.database)

    answer = browser.post("/say", data=fields | {"text": "Hello"})

    assert (answer.status_code, title(answer.text)) == (500, "Something broke on our side")


def test_a_cry_for_help_is_answered_even_when_the_database_is_gone(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    fields = hidden(browser.get("/").text, "sos")
    break_down(quick_site.database)

    answer = browser.post("/say", data=fields)

    assert (answer.status_code, title(answer.text)) == (500, "🆘 Immediate danger: call 112 now")


def test_a_first_load_is_small_and_its_files_are_kept(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    page = browser.get("/")
    own = re.findall(r'src="(/static/\w+/)chat.js"', page.text)[0]
    shared = re.findall(r'src="(/static/\w+/)htmx.min.js"', page.text)[0]
    files = [own + name for name in ("chat.css", "chat.js", "stream.js", "sos.js", "send.js")]
    files += [shared + name for name in ("base.css", "htmx.min.js", "icon.svg")]

    answers = [browser.get(path) for path in files]

    assert {answer.headers["cache-control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    assert sum(len(answer.content) for answer in [page, *answers]) < 100_000
    assert sum(len(gzip.compress(answer.content)) for answer in [page, *answers]) < 30_000


def test_no_page_has_scripts_or_styles_within(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    pages = [browser.get("/").text, browser.get(quick_site.invited("tom")).text, browser.get("/nowhere").text]

    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", "".join(pages)) == []


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/j/not-a-code", "/f/not-a-code", "/f/stop/not-a-code", "/t/not-a-code", "/who"]
)
def test_every_page_has_112_on_it(quick_site: Site, path: str) -> None:
    assert 'href="tel:112"' in quick_site.visitor().get(path, follow_redirects=True).text


def test_so_have_an_invitation_the_conversation_and_the_page_after_a_fault(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    invitation, chat = browser.get(quick_site.invited("tom")), browser.get("/")
    break_down(quick_site.database)
    fields = hidden(chat.text, "say")

    assert 'href="tel:112"' in invitation.text
    assert "112" in chat.text.split('id="danger-words"')[1]
    assert 'href="tel:112"' in browser.post("/say", data=fields | {"text": "Hello?"}).text
