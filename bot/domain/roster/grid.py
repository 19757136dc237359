"""The cells of a sheet, whatever the file's format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.i18n import Sentence

Cell = str | int | float | date | datetime | bool | None
"""One cell. Spreadsheets give numbers and dates, CSV gives words; None is an empty cell."""


@dataclass(frozen=True)
class Grid:
    """Every cell of a sheet, from its first row and column on."""

    rows: Sequence[tuple[Cell, ...]]
    sheet: str = ""
    hidden: frozenset[int] = frozenset()
    visible: bool = True


class TableError(Exception):
    """The file cannot be read as a table; the sentence says why, and the way out."""

    def __init__(self, says: Sentence) -> None:
        super().__init__(says)
        self.says = says
