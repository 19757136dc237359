"""The list of mobilities as the Commission's Beneficiary Module takes and gives it: which column of theirs is which of ours.

The module's own file changes with each of its releases, so that nothing of it stands in the code: a school renames a column
where the programme says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from bot.domain.programme.part import Id, Part

Column = Literal[
    "", "participant", "first_name", "last_name", "birth", "email", "activity_type", "long_term", "start", "end",
    "departure", "return", "days", "sender", "host", "country", "city", "language", "fewer_opportunities", "green",
    "test_before", "test_after", "certified_first", "certified_last", "report",
]  # fmt: skip
Cell = str | int | date | None


class MobilityList(Part):
    """The columns in their order, and how values are written there."""

    columns: dict[str, Column] = Field(default={}, description="their title = our name; empty leaves it empty")
    fixed: dict[str, str] = Field(default={}, description="their title = what stands in every row")
    codes: dict[Literal["vet", "vet_long", "hed", "staff", "yes", "no"], str] = {}
    date: str = Field(default="%d/%m/%Y", description="how a day is written; empty: as a day of the spreadsheet")
    long_days: int = Field(default=90, ge=1, description="so many days of activity make a long mobility")
    fewer: tuple[Id, ...] = Field(default=(), description="tags that mean fewer opportunities")
    green_item: Id = Field(default="tickets", description="the item whose answer tells the means of transport")
    green: tuple[Id, ...] = Field(default=(), description="its answers that are green travel")

    @property
    def titles(self) -> tuple[str, ...]:
        """Every column that is written, in order; what is fixed and stands in no place of its own comes first."""
        return tuple(dict.fromkeys((*(each for each in self.fixed if each not in self.columns), *self.columns)))

    def said(self, value: object) -> Cell:
        """A value as the module reads it."""
        if isinstance(value, bool):
            name: Literal["yes", "no"] = "yes" if value else "no"
            return self.codes.get(name, name)
        if isinstance(value, date):
            return value.strftime(self.date) if self.date else value
        return value if isinstance(value, int) or value is None else str(value)

    def row(self, values: Mapping[str, object], there: Mapping[str, Cell] | None = None) -> dict[str, Cell]:
        """One mobility by its columns; what the module has already and we do not know stays."""
        found: dict[str, Cell] = dict(there or {})
        for title in self.titles:
            ours = self.said(values.get(self.columns.get(title, "") or "-"))
            mine = self.fixed.get(title) if ours in (None, "") else ours
            if mine not in (None, ""):
                found[title] = mine
        return found
