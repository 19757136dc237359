"""The sheet as a page: whole in itself, and nothing runs over its card."""

from __future__ import annotations

import re
from pathlib import Path

from bot.documents.invitations import html
from tests.documents.invitations.cards import NAMES, TELEGRAM, WEB, whole_class
from tests.web.chat.browser import chromium as chromium
from tests.web.chat.browser import needs_chromium

PAPER = {"width": 733, "height": 1062}
"""A4 without its margins, in CSS pixels."""


def test_page_needs_nothing_else() -> None:
    page = html(whole_class()).decode()
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", page)) - {"http://www.w3.org/2000/svg"}
    assert addresses == {TELEGRAM.link, WEB.link}
    assert re.findall(r"<(?:link|script|img|iframe|object)\b|url\(|@import", page) == []


def test_names_are_shown_as_they_are() -> None:
    page = html(whole_class()).decode()
    assert "<bdi>&lt;b&gt;Awa&lt;/b&gt; &amp; Cissokho</bdi>" in page
    assert page.count("<bdi>") == len(NAMES)


@needs_chromium
def test_nothing_runs_over_a_card_or_the_paper(chromium: object, tmp_path: Path) -> None:
    (tmp_path / "class.html").write_bytes(html(whole_class()))
    page = chromium.new_page()  # type: ignore[attr-defined]
    page.goto((tmp_path / "class.html").as_uri())
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    assert (
        page.evaluate("[...document.querySelectorAll('.card')].filter(c => c.scrollHeight > c.clientHeight).length")
        == 0
    )
    assert page.evaluate("document.querySelectorAll('.page')[0].getBoundingClientRect().bottom") <= PAPER["height"]
    page.close()
