"""A table out of the bytes of a file, whatever its format: found by its header, with the numbers a spreadsheet shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePath

from bot.domain.encoding import EncodingError, is_guess, text_from
from bot.domain.roster.grid import Cell, Grid, TableError
from bot.domain.roster.headers import NO_COLUMNS, Columns, known_fields
from bot.domain.roster.workbook import read_workbook
from bot.i18n import Sentence, _, say


@dataclass(frozen=True)
class Table:
    """A header and the rows beneath it. `first` is the number that a spreadsheet shows beside `rows[0]`.

    A workbook may hold several of them: the others are `further`, each with the name of its sheet.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: int = 2
    sheet: str = ""
    hidden: frozenset[int] = frozenset()
    """The numbers of rows that the spreadsheet does not show."""
    further: tuple[Table, ...] = ()
    notes: tuple[Sentence, ...] = ()
    """What was not read of the file."""


MOST_BYTES = 5_000_000
MOST_ROWS = 5000
_FIRST_ROWS = 40
"""Titles and empty lines may stand above the header, but no more than these."""
_SURE = 3
"""A row with so many names of columns is a header."""
_DELIMITERS = (";", ",", "\t", "|")
GUESSED = _("the accents of this file were guessed: check the names, or save the sheet as CSV UTF-8 or .xlsx")
_WAYS_OUT = {
    ".xls": _("{file}: this is the old format of Excel: open it and save it as .xlsx, then send that file"),
    ".xlsb": _("{file}: this is the old format of Excel: open it and save it as .xlsx, then send that file"),
    ".txt": _("{file}: open it in a spreadsheet, check the columns and save it as .xlsx or .csv, then send that file"),
    ".numbers": _("{file}: export it from Numbers as Excel (.xlsx) or CSV, then send that file"),
    ".pdf": _("{file}: no table can be read from a PDF: ask for the list as a spreadsheet (.xlsx, .ods or .csv)"),
}


def table_from(name: str, content: bytes, most_rows: int = MOST_ROWS, columns: Columns = NO_COLUMNS) -> Table:
    """Every sheet that has the header of a roster, else the first with content.

    Raises:
        TableError: the file is empty, too big, or no table.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in {".csv", ".xlsx", ".ods"}:
        raise TableError(say(_WAYS_OUT.get(suffix, _("{file}: a roster is a .csv, .xlsx or .ods file")), file=name))
    if len(content) > MOST_BYTES:
        text = _("{file}: more than {most} MB: remove pictures and other sheets")
        raise TableError(say(text, file=name, most=MOST_BYTES // 1_000_000))
    grids = [_read_csv(content, name, columns)] if suffix == ".csv" else read_workbook(content, name)
    table = _table(name, [grid for grid in grids if _filled(grid)], most_rows, columns)
    guessed = (say(GUESSED),) if suffix == ".csv" and is_guess(content) else ()
    return replace(table, notes=(*table.notes, *guessed))


def _table(name: str, grids: list[Grid], most_rows: int, columns: Columns) -> Table:
    shown = [grid for grid in grids if grid.visible]
    if not shown:
        raise TableError(say(_("{file}: there is nothing in this file"), file=name))
    rosters = [grid for grid in shown if _has_header(grid, columns)]
    chosen = rosters or shown[:1]
    tables = [_cut(name, grid, columns, named=len(chosen) > 1) for grid in chosen]
    total = sum(len(table.rows) for table in tables)
    if total > most_rows:
        text = _("{file}: {rows} rows; {most} at most can be read at once")
        raise TableError(say(text, file=name, rows=total, most=most_rows))
    return replace(tables[0], further=tuple(tables[1:]), notes=tuple(_notes(grids, chosen, columns)))


def _notes(grids: list[Grid], chosen: list[Grid], columns: Columns) -> Iterator[Sentence]:
    for grid in grids:
        if grid not in chosen and grid.visible:
            yield say(_('sheet "{sheet}" was not read: it has no header of a roster'), sheet=grid.sheet)
        elif grid not in chosen and _has_header(grid, columns):
            yield say(_('sheet "{sheet}" was not read: it is hidden'), sheet=grid.sheet)


def _cut(name: str, grid: Grid, columns: Columns, *, named: bool) -> Table:
    top, last = _header_at(grid, columns), _filled(grid)[-1]
    header = tuple("" if cell is None else " ".join(str(cell).split()) for cell in grid.rows[top])
    rows = tuple(tuple(row) for row in grid.rows[top + 1 : last + 1])
    hidden = frozenset(row for row in grid.hidden if top + 2 <= row <= last + 1)
    return Table(name, header, rows, top + 2, grid.sheet if named else "", hidden)


def _filled(grid: Grid) -> list[int]:
    return [number for number, row in enumerate(grid.rows) if any(cell is not None for cell in row)]


def _header_at(grid: Grid, columns: Columns) -> int:
    """The first row that names most columns; the first with content where none is sure to be a header."""
    filled = _filled(grid)
    best = max(filled[:_FIRST_ROWS], key=lambda row: (_known(grid.rows[row], columns), -row))
    return best if _known(grid.rows[best], columns) >= _SURE else filled[0]


def _has_header(grid: Grid, columns: Columns) -> bool:
    return _known(grid.rows[_header_at(grid, columns)], columns) >= _SURE


def _known(row: Sequence[Cell], columns: Columns) -> int:
    return len(known_fields([str(cell) for cell in row if isinstance(cell, str)], columns))


def _read_csv(content: bytes, name: str, columns: Columns) -> Grid:
    try:
        text = text_from(content)
    except EncodingError:
        raise TableError(
            say(_("{file}: this is no text: save the sheet as CSV UTF-8, or as .xlsx"), file=name)
        ) from None
    first, _sep, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return _parsed(rest, first.strip()[4], name)
    delimiter = max(_DELIMITERS, key=lambda sign: _likeness(text, sign, columns))
    return _parsed(text, delimiter, name)


def _likeness(text: str, delimiter: str, columns: Columns) -> tuple[int, int]:
    """How many columns are known, and how many the first row has, if this is what parts them."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        first = list(islice((row for row in rows if any(cell.strip(" ;,\t|") for cell in row)), _FIRST_ROWS))
        return max((_known(row, columns) for row in first), default=0), len(first[0]) if first else 0
    except csv.Error:
        return 0, 0


def _parsed(text: str, delimiter: str, name: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return Grid([tuple(cell.strip() or None for cell in row) for row in reader])
    except csv.Error as error:
        text = _("{file}: line {line}: the quotation marks do not match ({detail})")
        raise TableError(say(text, file=name, line=reader.line_num, detail=error)) from error
