"""One row while it is read: gives its cells by meaning and gathers what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.domain.roster.cells import CellError, read_email, read_name, read_phone, text_of
from bot.domain.roster.fields import Field
from bot.domain.roster.headers import Headings
from bot.domain.roster.row import RowProblem
from bot.domain.roster.table import Cell

T = TypeVar("T")


class Line:
    """A row's cells. A reading that fails notes a problem and gives None; a row with problems is not imported."""

    def __init__(self, number: int, cells: tuple[Cell, ...], headings: Headings) -> None:
        self.number = number
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []
        self._cells = cells
        self._headings = headings

    def cell(self, field: Field) -> Cell:
        """The cell of a column; None where the column or the cell is absent."""
        place = self._headings.columns.get(field)
        return None if place is None or place >= len(self._cells) else self._cells[place]

    def blank(self, field: Field) -> bool:
        return not text_of(self.cell(field))

    def title(self, field: Field) -> str:
        return self._headings.title(field)

    def wrong(self, field: Field, says: str) -> None:
        """The row cannot be imported like that."""
        self.problems.append(RowProblem(self.number, self.title(field), says))

    def odd(self, field: Field, says: str) -> None:
        """The row can be imported, but somebody should look."""
        self.warnings.append(RowProblem(self.number, self.title(field), says))

    def take(self, field: Field, read: Callable[[Cell], T]) -> T | None:
        """What a cell says; None where it is empty or wrong."""
        if self.blank(field):
            return None
        try:
            return read(self.cell(field))
        except CellError as error:
            self.wrong(field, str(error))
            return None

    def need(self, field: Field, read: Callable[[Cell], T]) -> T | None:
        """What a cell says, which must not be empty."""
        if self.blank(field):
            self.wrong(field, "this cell must not be empty")
        return self.take(field, read)

    def name(self, field: Field, limit: int = 60) -> str:
        """A short text; empty where the cell is."""
        return read_name(self.cell(field), limit)

    def email(self, field: Field) -> str | None:
        return self.take(field, read_email)

    def phone(self, field: Field, region: str) -> str | None:
        return self.take(field, lambda cell: read_phone(cell, region))
