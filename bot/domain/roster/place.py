"""Where a learner goes and comes from, and the time zones of both."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.roster.row import KnownSchool
from bot.domain.roster.vocabulary import read_country
from bot.domain.roster.zones import ask_zone, find_zone, read_zone
from bot.domain.stay import Kind

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
