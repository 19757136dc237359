"""A table as it was read from a file, whatever the file's format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | float | date | datetime | bool | None
"""One cell. Spreadsheets give numbers and dates, CSV gives words; None is an empty cell."""


@dataclass(frozen=True)
class Table:
    """A header and the rows beneath it. `first` is the number that a spreadsheet shows beside `rows[0]`."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: int = 2
