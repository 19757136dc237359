"""Help lines: whom a learner can call in the country they are in. Shipped with Compagnon, completed by the school."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.domain.programme.part import Part

SHIPPED = Path(__file__).resolve().parents[1] / "help_lines.toml"
HOME = "FR"
STALE = timedelta(days=365)
"""A number nobody has compared with its source for so long is said to be in doubt."""
What = Literal["emergency", "consulate", "crisis_centre", "child", "adult"]


class HelpLine(Part):
    """One number, with where it comes from and when somebody last compared it with that."""

    what: What
    countries: tuple[str, ...] = Field(default=(), description="ISO codes; empty: everywhere abroad")
    number: str = Field(min_length=2, max_length=40)
    source: str = Field(min_length=1, description="the page or the law that says so")
    checked: date

    def serves(self, country: str) -> bool:
        """Whether it can be called from a country; one without countries is for everywhere abroad."""
        return country in self.countries if self.countries else country not in {"", HOME}

    def stale(self, today: date) -> bool:
        return today - self.checked > STALE


class Help(Part):
    """The school's own lines: they come before those of Compagnon."""

    lines: tuple[HelpLine, ...] = ()

    def of(self, country: str) -> dict[str, HelpLine]:
        """The lines of a country, by what they are for."""
        found: dict[str, HelpLine] = {}
        for line in self.every():
            if line.serves(country):
                found.setdefault(line.what, line)
        return found

    def every(self) -> Iterator[HelpLine]:
        """The school's own, then those that are shipped; a line for named countries before one for everywhere."""
        for lines in (self.lines, shipped()):
            yield from sorted(lines, key=lambda line: not line.countries)


@cache
def shipped() -> tuple[HelpLine, ...]:
    """The lines that come with Compagnon."""
    written = tomllib.loads(SHIPPED.read_text("utf-8"))
    return tuple(HelpLine.model_validate(line) for line in written["lines"])
