"""The sheet as a page: whole in itself, and nothing runs over its card. A file appears whole or not at all."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from bot.documents.invitations import SheetError, html, placed
from tests.documents.invitations.cards import NAMES, TELEGRAM, WEB, whole_class
from tests.web.chat.browser import chromium, needs_chromium

__all__ = ["chromium"]
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


def test_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with placed(tmp_path / "a.pdf", force=False) as write:
        write(b"whole")
    assert ((tmp_path / "a.pdf").read_bytes(), [path.name for path in tmp_path.iterdir()]) == (b"whole", ["a.pdf"])
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o600


def test_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"before")
    with pytest.raises(RuntimeError), placed(tmp_path / "a.pdf", force=True):
        raise RuntimeError
    assert ((tmp_path / "a.pdf").read_bytes(), len(list(tmp_path.iterdir()))) == (b"before", 1)


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="is a folder: name a file in it"), placed(tmp_path, force=True):
        pass
