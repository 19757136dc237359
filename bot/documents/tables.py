"""A table as a file: a spreadsheet with typed cells, or CSV. What somebody wrote is never a formula there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter

Cell = str | int | float | date | datetime | None
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r|%]")
"""How a cell may begin that a spreadsheet would work out, or hand to another program."""
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL, LONGEST_SHEET_NAME = 32_000, 31
WIDEST = 60
XLSX, CSV = "xlsx", "csv"
MIMES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Sheet:
    """A title, a header, and the rows beneath it. Instants are local already: a spreadsheet knows no zones."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Mapping[int, str] = field(default_factory=dict)
    """What stands behind a header, by its place; a CSV has no room for it."""


def as_file(sheet: Sheet, ending: str) -> bytes:
    """The content of a file that ends in `.xlsx` or `.csv`."""
    return _xlsx(sheet) if ending == XLSX else _csv(sheet)


def harmless(words: str) -> str:
    """Words as a CSV may hold them: a sign in front keeps a spreadsheet from working them out."""
    return f"'{words}" if FORMULA.match(words) else words


def _csv(sheet: Sheet) -> bytes:
    """With the mark that spreadsheets know UTF-8 by, and the sign they part columns at in most of Europe."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerows([[harmless(name) for name in sheet.header], *([_told(cell) for cell in row] for row in sheet.rows)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _told(cell: Cell) -> str | int | float:
    if isinstance(cell, str):
        return harmless(NOT_IN_XML.sub(" ", cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell


def _xlsx(sheet: Sheet) -> bytes:
    import xlsxwriter  # forty modules that no start need wait for

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": sheet.title, "author": "Compagnon"})
        page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.title)[:LONGEST_SHEET_NAME])
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for place, name in enumerate(sheet.header):
            page.write_string(0, place, name, formats["head"])
            if sheet.notes.get(place):
                page.write_comment(0, place, sheet.notes[place])
        for number, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row):
                _write(page, number, place, cell, formats)
        for place, name in enumerate(sheet.header):
            longest = max([len(str(row[place] or "")) for row in sheet.rows[:500]], default=0)
            page.set_column(place, place, min(max(longest, len(name) // 2, 8), WIDEST) + 2)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.header) - 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    return made.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet, row: int, place: int, cell: Cell, formats: dict[object, object]
) -> None:
    if isinstance(cell, datetime):
        page.write_datetime(row, place, cell.replace(tzinfo=None), formats[datetime])
    elif isinstance(cell, date):
        page.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), formats[date])  # noqa: DTZ001 - a day
    elif isinstance(cell, int | float):
        page.write_number(row, place, cell)
    elif cell:
        page.write_string(row, place, NOT_IN_XML.sub(" ", cell)[:LONGEST_CELL])
