"""One row while it is read: gives its cells by meaning and gathers what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bot.domain.encoding import has_traces
from bot.domain.roster.cells import CellError, read_email, read_name, text_of
from bot.domain.roster.fields import Field
from bot.domain.roster.grid import Cell
from bot.domain.roster.headings import Headings
from bot.domain.roster.phones import read_phone
from bot.domain.roster.row import RowProblem
from bot.i18n import Sentence, _, say

T = TypeVar("T")
_FAILED = re.compile(r"#(N/?[AD]|REF!?|VALEUR!?|VALUE!?|[¡¿]?\w{3,9}[?!]|DIV/0!)", re.IGNORECASE)
"""What spreadsheets write in a cell whose formula failed, in whatever language."""


class Line:
    """A row's cells. A reading that fails notes a problem and gives None; a row with problems is not imported."""

    def __init__(self, number: int, cells: tuple[Cell, ...], headings: Headings, sheet: str = "") -> None:
        self.number = number
        self.sheet = sheet
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []
        self._cells = cells
        self._headings = headings

    def cell(self, field: Field) -> Cell:
        """The cell of a column, or what is true of every row; None where neither says anything."""
        place = self._headings.columns.get(field)
        if place is None:
            return self._headings.fixed.get(field)
        return self._cells[place] if place < len(self._cells) else None

    def blank(self, field: Field) -> bool:
        return not text_of(self.cell(field))

    def title(self, field: Field) -> str:
        return self._headings.title(field)

    def wrong(self, field: Field, says: Sentence) -> None:
        """The row cannot be imported like that."""
        self.problems.append(RowProblem(self.number, self.title(field), says, sheet=self.sheet))

    def odd(self, field: Field, says: Sentence) -> None:
        """The row can be imported, but somebody should look."""
        self.warnings.append(RowProblem(self.number, self.title(field), says, sheet=self.sheet))

    def take(self, field: Field, read: Callable[[Cell], T]) -> T | None:
        """What a cell says; None where it is empty or wrong."""
        cell = self.cell(field)
        written = text_of(cell)
        if not written or self._failed(field, written):
            return None
        try:
            return read(cell)
        except CellError as error:
            self.wrong(field, error.says)
            return None

    def _failed(self, field: Field, written: str) -> bool:
        """Whether a formula failed there, which is then said."""
        if not _FAILED.fullmatch(written):
            return False
        self.wrong(
            field, say(_('"{written}": the formula of this cell has failed; write the value itself'), written=written)
        )
        return True

    def need(self, field: Field, read: Callable[[Cell], T]) -> T | None:
        """What a cell says, which must not be empty."""
        if self.blank(field):
            self.wrong(field, say(_("this cell must not be empty")))
        return self.take(field, read)

    def name(self, field: Field, limit: int = 60) -> str:
        """A short text; empty where the cell is. Its letters must be those that were written."""
        cell = self.cell(field)
        if self._failed(field, text_of(cell)):
            return ""
        written = read_name(cell, limit)
        if has_traces(written):
            text = _("letters were lost or mixed up in {many}: save the sheet as .xlsx, or as CSV UTF-8")
            self.wrong(field, say(text, many=f'"{written}"'))
        return written

    def needed_name(self, field: Field) -> str:
        """A short text, which must not be empty."""
        if self.blank(field):
            self.wrong(field, say(_("this cell must not be empty")))
        return self.name(field)

    def email(self, field: Field) -> str | None:
        return self.take(field, read_email)

    def phone(self, field: Field, region: str) -> str | None:
        return self.take(field, lambda cell: read_phone(cell, region))
