"""The sheets of a workbook, XLSX or ODS: all of them, with the rows that it hides."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.domain.roster.grid import Cell, Grid, TableError
from bot.i18n import Text, _, say

MOST_UNPACKED_BYTES = 100_000_000
MOST_CELLS = 2_000_000
"""A sheet is read as a rectangle: one cell in its furthest corner would ask for all the memory there is."""
_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>\s*<(?!/)""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ODS_PART = re.compile(rb"<table:(table|table-row)\s([^>]*)>|<table:(table-row)(/?)>")
_PASSWORD = _("{file}: this file has a password: save it without")
_DAMAGED = _("{file}: this is no spreadsheet, or it is damaged: save it again")
_TOO_MUCH = _("{file}: far too much is packed into this file: copy the table into a new one")


def read_workbook(content: bytes, name: str) -> list[Grid]:
    """Every sheet, in its order.

    Raises:
        TableError: it is no workbook, has a password, or unpacks to too much.
    """
    hidden = _hidden_rows(content, name)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
            return [
                Grid(
                    [
                        tuple(_cell(cell) for cell in row)
                        for row in book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                    ],
                    sheet.name,
                    hidden.get(sheet.name, frozenset()),
                    sheet.visible is SheetVisibleEnum.Visible,
                )
                for sheet in book.sheets_metadata
            ]
    except PasswordError as error:
        raise _refused(_PASSWORD, name) from error
    except CalamineError as error:
        raise _refused(_DAMAGED, name) from error


def _refused(text: Text, name: str) -> TableError:
    return TableError(say(text, file=name))


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell if isinstance(cell, (bool, int, float, date)) else str(cell)


def _hidden_rows(content: bytes, name: str) -> dict[str, frozenset[int]]:
    """The hidden rows of each sheet, once it is sure that the file unpacks to little enough."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > MOST_UNPACKED_BYTES or _cells(packed) > MOST_CELLS:
                raise _refused(_TOO_MUCH, name)
            names = packed.namelist()
            if "content.xml" in names:
                return _hidden_in_ods(packed.read("content.xml"))
            return {sheet: _hidden_in_xlsx(packed.read(part)) for sheet, part in _sheets(packed) if part in names}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise _refused(_DAMAGED, name) from error


def _sheets(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet of an .xlsx, and the part of the file that holds it."""
    names = set(packed.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    links = {}
    for link in re.findall(rb"<(?:\w+:)?Relationship\s([^>]*)>", packed.read("xl/_rels/workbook.xml.rels")):
        links[_attribute(link, "Id")] = _attribute(link, "Target")
    for sheet in re.findall(rb"<(?:\w+:)?sheet\s([^>]*)>", packed.read("xl/workbook.xml")):
        target = links.get(_attribute(sheet, r"\w+:id"), "").removeprefix("/xl/")
        yield _attribute(sheet, "name"), f"xl/{target}"


def _hidden_in_xlsx(sheet: bytes) -> frozenset[int]:
    rows = _ROW.findall(sheet)
    hidden = (_attribute(row, "r") for row in rows if _attribute(row, "hidden") in {"1", "true"})
    return frozenset(int(number) for number in hidden if number.isdecimal())


def _hidden_in_ods(content: bytes) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    sheet, row = "", 0
    for kind, attributes, bare, _end in _ODS_PART.findall(content):
        if kind == b"table":
            sheet, row = _attribute(attributes, "table:name"), 0
            continue
        times = 1 if bare else int(_attribute(attributes, "table:number-rows-repeated") or 1)
        if not bare and _attribute(attributes, "table:visibility") in {"collapse", "filter"} and times < MOST_CELLS:
            found.setdefault(sheet, set()).update(range(row + 1, row + 1 + min(times, 100_000)))
        row += times
    return {name: frozenset(rows) for name, rows in found.items()}


def _attribute(written: bytes, name: str) -> str:
    found = re.search(rf"""(?:^|\s){name}=(?:"([^"]*)"|'([^']*)')""", written.decode("utf-8", "replace"))
    return unescape(found[1] or found[2] or "") if found else ""


def _cells(packed: zipfile.ZipFile) -> int:
    """The largest rectangle that the filled cells of one sheet of an .xlsx span."""
    sheets = [part for part in packed.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
    return max((_rectangle(packed.read(sheet)) for sheet in sheets), default=0)


def _rectangle(sheet: bytes) -> int:
    width = height = 0
    for found in _FILLED.finditer(sheet):
        width, height = max(width, _column(found[1])), max(height, int(found[2]))
    return width * height


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
