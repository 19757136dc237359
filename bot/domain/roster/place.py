"""Where a learner goes and comes from, and the time zones of both.

Time zones: an IANA name from a country and a city, where there is no doubt. The tables are those of the tz database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.cities import CITIES, MAINLAND
from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.roster.row import KnownSchool
from bot.domain.roster.table import Cell
from bot.domain.roster.vocabulary import read_country
from bot.domain.spelling import did_you_mean, folded
from bot.domain.stay import Kind


@cache
def names() -> frozenset[str]:
    """Every zone that can be loaded, `Europe/Oslo` for instance."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the most populous first (`zone.tab`: one that keeps each country's own names,
    where `zone1970.tab` would say Berlin for Oslo)."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found[code].append(zone)
    return tuple(found[country])


def read_zone(cell: Cell) -> str:
    """An IANA name, in any case.

    Raises:
        CellError: there is no such zone.
    """
    written = text_of(cell)
    known = {zone.lower(): zone for zone in names() if "/" in zone and not zone.startswith("Etc/")}
    if found := known.get(written.replace(" ", "_").lower()):
        return found
    hint = did_you_mean(written, known.values())
    raise CellError(f'"{written}" is no time zone: write it like Europe/Madrid{hint}')


def find_zone(country: str, city: str) -> str | None:
    """The zone of a city. None when the country has several and the city does not tell which."""
    for part in (city, *re.split(r"[,;/()]", city)):
        if found := _cities(country).get(folded(part)):
            return found
    zones = zones_of(country)
    return MAINLAND.get(country) or (zones[0] if len(zones) == 1 else None)


def ask_zone(country: str, city: str) -> str:
    """The sentence that asks for a zone that does not follow from country and city."""
    zones = ", ".join(zones_of(country)[:4])
    where = f'"{city}" does not tell which' if city else "no city tells which"
    return f"{country} has several time zones and {where}: write one (such as {zones})"


@cache
def _cities(country: str) -> dict[str, str]:
    """Folded city -> zone: those that zones are named after, then those of our own table."""
    named = {
        folded(zone.rsplit("/", 1)[1].replace("_", " ")): zone for zone in zones_of(country) if zone.count("/") == 1
    }
    ours = {folded(city): zone for zone, cities in CITIES.get(country, {}).items() for city in cities.split(",")}
    return named | ours


HERE = "FR"
"""The country of the schools."""


@dataclass(frozen=True)
class Place:
    """A country (ISO), a city and its zone (IANA)."""

    country: str
    city: str
    zone: str


def read_destination(line: Line, kind: Kind, school: KnownSchool) -> Place | None:
    """Where the stay takes place. An incoming learner comes to the school, unless the row says otherwise."""
    incoming = kind is Kind.INCOMING
    if incoming and line.blank(Field.COUNTRY) and line.blank(Field.CITY) and line.blank(Field.ZONE):
        return Place(HERE, school.city, school.zone)
    country = HERE if incoming and line.blank(Field.COUNTRY) else line.need(Field.COUNTRY, read_country)
    city = line.name(Field.CITY) or (school.city if incoming else "")
    if not city:
        line.wrong(Field.CITY, "this cell must not be empty")
    if country and (country == HERE) is not incoming:
        line.odd(Field.COUNTRY, f'{country} for a stay of kind "{kind}": check column "{line.title(Field.KIND)}"')
    return _place(line, country, city, Field.ZONE)


def read_home(line: Line, kind: Kind, school: KnownSchool) -> Place | None:
    """Where the learner is before and after: beside the school, or at home far away for an incoming one."""
    country = line.take(Field.HOME_COUNTRY, read_country)
    city = line.name(Field.HOME_CITY)
    if kind is not Kind.INCOMING and line.blank(Field.HOME_ZONE):
        return Place(country or HERE, city, school.zone)
    if kind is Kind.INCOMING and line.blank(Field.HOME_COUNTRY):
        line.odd(Field.HOME_COUNTRY, f"no home country for an incoming learner: {HERE} and its time zone are taken")
        country = HERE
    return _place(line, country or (None if kind is Kind.INCOMING else HERE), city, Field.HOME_ZONE)


def _place(line: Line, country: str | None, city: str, field: Field) -> Place | None:
    zone = line.take(field, read_zone)
    if not country:
        return None
    if not zone and line.blank(field):
        zone = find_zone(country, city)
        if not zone:
            line.wrong(field, ask_zone(country, city))
    return Place(country, city, zone) if zone else None
