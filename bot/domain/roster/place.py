"""Where a learner goes and comes from, and the time zones of both."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.roster.cells import text_of
from bot.domain.roster.countries import read_country
from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.roster.row import KnownSchool
from bot.domain.roster.zones import ask_zone, candidates, find_zone, is_island, read_zone, zones_of
from bot.domain.spelling import folded
from bot.domain.stay import Kind
from bot.i18n import _, say

HERE = "FR"
"""The country of the schools."""
OVERSEAS = ("RE", "YT", "GP", "MQ", "GF", "PM", "NC", "PF")


@dataclass(frozen=True)
class Place:
    """A country (ISO), a city and its zone (IANA)."""

    country: str
    city: str
    zone: str


def region_of(zone: str) -> str:
    """The part of France whose telephone numbers a school in this zone writes without a country code."""
    return next((part for part in OVERSEAS if zone in zones_of(part)), HERE)


def read_destination(line: Line, kind: Kind, school: KnownSchool) -> Place | None:
    """Where the stay takes place. An incoming learner comes to the school, unless the row says otherwise."""
    incoming = kind is Kind.INCOMING
    if incoming and line.blank(Field.COUNTRY) and line.blank(Field.CITY) and line.blank(Field.ZONE):
        return Place(HERE, school.city, school.zone)
    country = HERE if incoming and line.blank(Field.COUNTRY) else line.need(Field.COUNTRY, read_country)
    city = line.name(Field.CITY) or (school.city if incoming else "")
    if not city:
        line.wrong(Field.CITY, say(_("this cell must not be empty")))
    if country and (country == HERE) is not incoming and country not in OVERSEAS:
        text = _('{country} for a stay of kind "{kind}": check column "{column}"')
        line.odd(Field.COUNTRY, say(text, country=country, kind=kind, column=line.title(Field.KIND)))
    if incoming and country in (HERE, region_of(school.zone)) and line.blank(Field.ZONE):
        return _beside(line, school, country, city)
    return _place(line, country, _with_island(line, Field.COUNTRY, city), city, Field.ZONE)


def read_online(line: Line, home: Place | None) -> Place | None:
    """Who takes part from home is there, whose numbers help and whose clock counts; the partner is named as the host."""
    if home and not line.blank(Field.COUNTRY) and line.take(Field.COUNTRY, read_country) not in {None, home.country}:
        text = _('a virtual exchange takes place from home: name the partner in column "{column}"')
        line.odd(Field.COUNTRY, say(text, column=line.title(Field.HOST)))
    return home


def read_home(line: Line, kind: Kind, school: KnownSchool) -> Place | None:
    """Where the learner is before and after: beside the school, or at home far away for an incoming one."""
    country = line.take(Field.HOME_COUNTRY, read_country)
    city = line.name(Field.HOME_CITY)
    if kind is not Kind.INCOMING and line.blank(Field.HOME_ZONE):
        online = kind is Kind.VIRTUAL
        return Place(country or HERE, city or (school.city if online else ""), school.zone)
    if kind is Kind.INCOMING and line.blank(Field.HOME_COUNTRY):
        text = _("no home country for an incoming learner: {country} and its time zone are taken")
        line.odd(Field.HOME_COUNTRY, say(text, country=HERE))
        country = HERE
    country = country or (None if kind is Kind.INCOMING else HERE)
    return _place(line, country, _with_island(line, Field.HOME_COUNTRY, city), city, Field.HOME_ZONE)


def _beside(line: Line, school: KnownSchool, country: str, city: str) -> Place | None:
    """A guest of the school lives by its clock, unless the city is sure to have another."""
    if folded(city) == folded(school.city):
        return Place(country, city, school.zone)
    found = candidates(HERE, city)
    if len(found) == 1 and found != candidates(HERE, ""):
        return Place(country, city, found[0])
    if len(found) == 1 or school.zone in found:
        return Place(country, city, school.zone)
    line.wrong(Field.ZONE, ask_zone(HERE, city))
    return None


def _with_island(line: Line, field: Field, city: str) -> str:
    """The city with the island that stands where a country should: « Canaries » is Spain, and an hour less."""
    written = text_of(line.cell(field))
    return f"{city}, {written}" if is_island(written) else city


def _place(line: Line, country: str | None, said: str, city: str, field: Field) -> Place | None:
    zone = line.take(field, read_zone)
    if not country:
        return None
    if not zone and line.blank(field):
        zone = find_zone(country, said)
        if not zone:
            line.wrong(field, ask_zone(country, city))
    return Place(country, city, zone) if zone else None
