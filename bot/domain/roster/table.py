"""A table out of the bytes of a file: CSV as French spreadsheets write it, XLSX and ODS.

A table as it was read from a file, whatever the file's format.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

Cell = str | int | float | date | datetime | bool | None
"""One cell. Spreadsheets give numbers and dates, CSV gives words; None is an empty cell."""


@dataclass(frozen=True)
class Table:
    """A header and the rows beneath it. `first` is the number that a spreadsheet shows beside `rows[0]`."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: int = 2


MOST_BYTES = 5_000_000
MOST_UNPACKED_BYTES = 100_000_000
MOST_ROWS = 5000
MOST_CELLS = 2_000_000
"""A sheet is read as a rectangle: one cell in its furthest corner would ask for all the memory there is."""
_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>\s*<(?!/)""")
_DELIMITERS = (";", ",", "\t")


class TableError(Exception):
    """The file cannot be read as a table; the message says why, in one line."""


def table_from(name: str, content: bytes, most_rows: int = MOST_ROWS) -> Table:
    """The first sheet with content. Its header is the first row that is not empty.

    Raises:
        TableError: the file is empty, too big, or no table.
    """
    read = _READERS.get(PurePath(name).suffix.lower())
    if read is None:
        raise TableError(f"{name}: a roster is a .csv, .xlsx or .ods file")
    if len(content) > MOST_BYTES:
        raise TableError(f"{name}: more than {MOST_BYTES // 1_000_000} MB: remove pictures and other sheets")
    return _table(name, read(content, name), most_rows)


def _table(name: str, rows: list[tuple[Cell, ...]], most_rows: int) -> Table:
    filled = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    if not filled:
        raise TableError(f"{name}: there is nothing in this file")
    top, last = filled[0], filled[-1]
    if last - top > most_rows:
        raise TableError(f"{name}: {last - top} rows; {most_rows} at most can be read at once")
    header = tuple("" if cell is None else " ".join(str(cell).split()) for cell in rows[top])
    return Table(name, header, tuple(rows[top + 1 : last + 1]), top + 2)


def _read_csv(content: bytes, name: str) -> list[tuple[Cell, ...]]:
    text = _decoded(content, name)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return _parsed(rest, first.strip()[4], name)
    delimiter = max(_DELIMITERS, key=lambda sign: _width(text, sign))
    return _parsed(text, delimiter, name)


def _width(text: str, delimiter: str) -> int:
    """How many columns the header has, if this is what parts them. Commas within quotes do not count."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return next((len(row) for row in rows if any(cell.strip(" ;,\t") for cell in row)), 0)
    except csv.Error:
        return 0


def _parsed(text: str, delimiter: str, name: str) -> list[tuple[Cell, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [tuple(cell.strip() or None for cell in row) for row in reader]
    except csv.Error as error:
        raise TableError(f"{name}: line {reader.line_num}: the quotation marks do not match ({error})") from error


def _decoded(content: bytes, name: str) -> str:
    """UTF-8, UTF-16 with its mark, else what French spreadsheets write: cp1252."""
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError(f"{name}: this is no text: save the sheet as CSV UTF-8, or as .xlsx")


def _read_sheets(content: bytes, name: str) -> list[tuple[Cell, ...]]:
    _refuse_bomb(content, name)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
            for sheet in book.sheets_metadata:
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                if sheet.visible is SheetVisibleEnum.Visible and any(cell != "" for row in rows for cell in row):
                    return [tuple(_cell(cell) for cell in row) for row in rows]
    except PasswordError as error:
        raise TableError(f"{name}: this file has a password: save it without") from error
    except CalamineError as error:
        raise TableError(f"{name}: this is no spreadsheet, or it is damaged: save it again") from error
    return []


def _refuse_bomb(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > MOST_UNPACKED_BYTES or _cells(packed) > MOST_CELLS:
                raise TableError(f"{name}: far too much is packed into this file: copy the table into a new one")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise TableError(f"{name}: this is no spreadsheet, or it is damaged: save it again") from error


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


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell if isinstance(cell, (bool, int, float, date)) else str(cell)


_READERS: dict[str, Callable[[bytes, str], list[tuple[Cell, ...]]]] = {
    ".csv": _read_csv,
    ".xlsx": _read_sheets,
    ".ods": _read_sheets,
}
