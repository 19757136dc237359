"""Whom a learner can call in the country they are in: emergency services and help lines, shipped and the school's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from phonenumbers import shortnumberinfo
from pydantic import Field

from bot.domain.programme.part import Fact, Part

SHIPPED = Path(__file__).resolve().parents[1]
HOME = "FR"
EUROPEAN = "112"
"""The one number of the Union (Directive (EU) 2018/1972, art. 109): said wherever nobody knows better."""
Service = Literal["police", "medical", "fire", "gendarmerie"]
SERVICES: tuple[Service, ...] = ("police", "medical", "fire", "gendarmerie")
What = Literal["emergency", "police", "medical", "fire", "gendarmerie", "consulate", "crisis_centre", "child", "adult"]


class HelpLine(Fact):
    """One number, with where it comes from."""

    what: What
    countries: tuple[str, ...] = Field(default=(), description="ISO codes; empty: everywhere abroad")
    number: str = Field(min_length=2, max_length=40, description="two that answer alike: 999 / 112")

    def serves(self, country: str) -> bool:
        """Whether it can be called from a country; one without countries is for everywhere abroad."""
        return country in self.countries if self.countries else country not in {"", HOME}


class Help(Part):
    """The school's own lines: they come before those of Compagnon."""

    lines: tuple[HelpLine, ...] = ()

    def of(self, country: str) -> dict[str, HelpLine]:
        """The lines of a country, by what they are for."""
        found: dict[str, HelpLine] = {}
        for line in (*self.every(), *emergency_lines(country)):
            if line.serves(country):
                found.setdefault(line.what, line)
        return found

    def every(self) -> Iterator[HelpLine]:
        """The school's own, then those that are shipped; a line for named countries before one for everywhere."""
        for lines in (self.lines, shipped()):
            yield from sorted(lines, key=lambda line: not line.countries)


@cache
def shipped() -> tuple[HelpLine, ...]:
    """The help lines that come with Compagnon."""
    return tuple(HelpLine.model_validate(line) for line in _read("help_lines.toml")["lines"])


@cache
def emergency_lines(country: str) -> tuple[HelpLine, ...]:
    """The emergency numbers of a country that come with Compagnon; none where no source knows any."""
    table = _read("emergency_numbers.toml")
    row = table["countries"].get(country)
    if row is None:
        return ()
    named: dict[What, str | None] = {"emergency": row.get("any")}
    named |= {service: row.get(service) for service in SERVICES}
    rest: dict[str, Any] = {
        "countries": (country,),
        "source": table["sources"][row["source"]],
        "checked": row["checked"],
    }
    return tuple(HelpLine(what=what, number=number, **rest) for what, number in named.items() if number)


def european_number_works(country: str) -> bool:
    """Whether 112 is answered there, by the national numbering plan; elsewhere nobody may count on it."""
    return any("112" in line.number.split(" / ") for line in emergency_lines(country)) or (
        shortnumberinfo.is_emergency_number(EUROPEAN, country)
    )


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SHIPPED / name).read_text("utf-8"))
