"""Tables as files: typed cells, and no words of somebody's that a spreadsheet would work out."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bot.documents.tables import Cell, Sheet, as_file, harmless

NAMES = ("=1+1", "+33 6 39", "-2", "@SUM(A1)", "\t=1", " =HYPERLINK(1)", "|calc", "%0a", "Zoé", "", "a=b", "\x00=1")


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_csv_works_nothing_out() -> None:
    found = cells(as_file(Sheet("Names", ["=Name"], [[name] for name in NAMES]), "csv"))
    assert [row[0] for row in found] == ["'=Name", "'=1+1", "'+33 6 39", "'-2", "'@SUM(A1)", "'\t=1", "' =HYPERLINK(1)", "'|calc", "'%0a", "Zoé", "", "a=b", "' =1"]  # fmt: skip


@given(st.text(max_size=40))
def test_whatever_is_written_begins_as_no_formula(words: str) -> None:
    assert harmless(words).lstrip(" \t\r\n\x0b\x0c\u200b\ufeff")[:1] not in {"=", "+", "-", "@"}
    assert harmless(words).endswith(words)


def test_a_spreadsheet_has_typed_cells_and_words_as_words() -> None:
    rows: list[list[Cell]] = [["=1+1", 3, date(2027, 3, 6), datetime(2027, 3, 6, 18, 5), None], ["http://x", 0, None, None, "\x01b"]]  # fmt: skip
    content = as_file(Sheet("A/B: [c]'s very long name of a sheet", ["n", "d", "a", "i", "e"], rows), "xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert sheet.to_python() == [["n", "d", "a", "i", "e"], ["=1+1", 3, date(2027, 3, 6), datetime(2027, 3, 6, 18, 5), ""], ["http://x", 0, "", "", " b"]]  # fmt: skip
    assert b"<f>" not in content


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_nothing_to_tell_is_a_header(ending: str) -> None:
    assert as_file(Sheet("Empty", ["Name"], []), ending)
