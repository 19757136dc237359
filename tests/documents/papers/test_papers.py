"""Papers as documents: tagged, in the language of whoever signs, with a template that may be changed and cannot do harm."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from bot.documents.papers import KINDS, PaperError, articles, html, pdf
from bot.documents.papers.invented import SIGNS, invented
from bot.documents.papers.paper import Pen
from bot.documents.papers.printed import shipped

MADE = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


def words(document: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).split())


@pytest.mark.parametrize("kind", KINDS)
def test_each_paper_is_a_tagged_document_in_its_language(kind: str) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    papers = [invented(kind, "fr", name=SIGNS), invented(kind, "fr", name=SIGNS)]
    made = PdfReader(io.BytesIO(pdf(papers, MADE)))
    root: Any = made.root_object

    assert made.metadata is not None
    assert made.metadata.title == " / ".join(words for _language, words in papers[0].title)
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("fr", True, True)
    assert len(made.pages) == 2
    named = [SIGNS in " ".join(page.extract_text().split()) for page in made.pages]
    assert named == [kind != "review"] * 2  # which names nobody


def test_the_page_for_a_browser_needs_nothing_else_and_shows_names_as_they_are() -> None:
    page = html([invented(kind, "ar") for kind in KINDS]).decode()

    assert re.findall(r"https?://|<(?:link|script|img|iframe|object)\b|url\(|@import", page) == []
    assert page.count('<article class="paper" lang="ar" dir="rtl">') == len(KINDS)
    assert "<bdi>Zoë #Đorđević *Test* &#34;A&#34;</bdi>" in articles([invented("staff", "fr", name=SIGNS)])


def test_a_text_of_two_languages_is_said_once_where_it_is_the_same() -> None:
    pen = Pen(("fr", "de"))
    assert pen.says("Signature and stamp") == (("fr", "Signature et cachet"), ("de", "Unterschrift und Stempel"))
    assert pen.says({"en": "{name}"}, name="Lina") == (("fr", "Lina"),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("#unknown", "Line 2 of staff.typ: the word “unknown” is not known here."),
        ('#read("/etc/passwd")', "Line 2 of staff.typ: a template may use nothing but its own folder: no other file, no package."),
        ('#read("../papers.json")', "Line 2 of staff.typ: a template may use nothing but its own folder: no other file, no package."),
        ('#import "@preview/cetz:0.3.0": *', "Line 2 of staff.typ: a template may use nothing but its own folder: no other file, no package."),
        ("#let x = (", "Line 2 of staff.typ: a bracket, a quotation mark or a comma is missing or too much near here."),
        ('#import "house.typ": nothing', "Line 2 of staff.typ: the frame does not offer what is asked of it here."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_said_with_its_line(line: str, said: str) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    changed = shipped("staff").replace("\n", f"\n{line}\n", 1)
    with pytest.raises(PaperError) as refused:
        pdf([invented("staff", "fr")], MADE, {"staff": changed})
    assert str(refused.value) == said


def test_letters_that_no_font_has_are_no_fault_of_the_template() -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    paper = invented("staff", "fr")
    with pytest.raises(PaperError, match="No font of this machine has the letters of a name"):
        pdf([replace(paper, school="Zoë \U0010fffd")], MADE)


def test_a_template_of_ones_own_adds_a_sentence() -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    changed = shipped("staff").replace('  #part(it, "who")', '  Vu par le rectorat.\n  #part(it, "who")')
    assert "Vu par le rectorat." in words(pdf([invented("staff", "fr")], MADE, {"staff": changed}))
