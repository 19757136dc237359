"""Reading tables from files: CSV as French spreadsheets write it, XLSX and ODS."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.domain.roster import Cell, Table

MOST_BYTES = 5_000_000
MOST_UNPACKED_BYTES = 100_000_000
MOST_ROWS = 5000
_DELIMITERS = (";", ",", "\t")


class TableError(Exception):
    """The file cannot be read as a table; the message says why, in one line."""


def read_table(path: Path) -> Table:
    """The first sheet with content. Its header is the first row that is not empty.

    Raises:
        TableError: the file is missing, empty, too big, or no table.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise TableError(f"{path.name}: a roster is a .csv, .xlsx or .ods file")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"{path.name}: more than {MOST_BYTES // 1_000_000} MB: remove pictures and other sheets")
        content = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path.name}: cannot be read: {error.strerror}") from error
    return _table(path.name, read(content, path.name))


def _table(name: str, rows: list[tuple[Cell, ...]]) -> Table:
    filled = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    if not filled:
        raise TableError(f"{name}: there is nothing in this file")
    top, last = filled[0], filled[-1]
    if last - top > MOST_ROWS:
        raise TableError(f"{name}: {last - top} rows; {MOST_ROWS} at most can be read at once")
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
    except zipfile.BadZipFile as error:
        raise TableError(f"{name}: this is no spreadsheet, or it is damaged: save it again") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise TableError(f"{name}: far too much is packed into this file: copy the table into a new one")


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell if isinstance(cell, (bool, int, float, date)) else str(cell)


_READERS: dict[str, Callable[[bytes, str], list[tuple[Cell, ...]]]] = {
    ".csv": _read_csv,
    ".xlsx": _read_sheets,
    ".ods": _read_sheets,
}
