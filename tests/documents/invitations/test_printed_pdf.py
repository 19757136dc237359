"""The sheet as a document: tagged, titled, on as many pages as it takes."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from bot.documents.invitations import SheetError, need_typst, pdf
from tests.documents.invitations.cards import CODE, MADE, TELEGRAM, WEB, card, sheet, whole_class

pytest.importorskip("typst", reason="the extra `pdf` is not installed")


@pytest.fixture(scope="module")
def document() -> PdfReader:
    return PdfReader(io.BytesIO(pdf(whole_class(), MADE)))


def test_document_is_tagged_titled_and_has_a_language(document: PdfReader) -> None:
    root: Any = document.root_object
    assert document.metadata is not None
    assert document.metadata.title == "Invitations: 2MELEC, Lycée Suzanne-Valmer"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("en", True, True)


def test_cards_are_six_a_page_with_both_links(document: PdfReader) -> None:
    marks: list[Any] = [page["/Annots"] for page in document.pages]
    links = [[mark.get_object()["/A"]["/URI"] for mark in page] for page in marks]
    assert links == [[TELEGRAM.link, WEB.link] * 6, [TELEGRAM.link, WEB.link]]


def test_names_and_accents_are_shown_as_they_are(document: PdfReader) -> None:
    shown = " ".join(document.pages[0].extract_text().split())
    expected = ("Inès Muñoz-Château", "<b>Awa</b> & Cissokho", '#panic() *gras* $x$ "Zoë"', "Ștefan Đoković")
    assert [name for name in expected if name not in shown] == []
    assert f"?start={CODE}" in shown


def test_name_that_no_font_can_show_is_said_rather_than_left_blank() -> None:
    with pytest.raises(SheetError) as refused:
        pdf(sheet(card("Zoë \U0010fffd")), MADE)
    assert str(refused.value).startswith("The PDF cannot be made: ")
    assert str(refused.value).endswith("make the sheet as .html: browsers have their own.")


def test_without_typst_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(SheetError) as refused:
        need_typst()
    assert str(refused.value) == (
        "A PDF needs the extra `pdf`, which is not installed: .venv/bin/python -m pip install typst. "
        "A file that ends with .html needs nothing more, and every browser prints it."
    )
