"""Time zones: an IANA name from a country and a city, where there is no doubt; the candidates where there is.

The zones of a country are those of the tz database, the cities those of GeoNames (`places.txt`, made by
`python -m bot places`). Where a name is in two zones we ask: an SOS at the wrong hour is worse than a question.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.grid import Cell
from bot.domain.spelling import folded, nearest
from bot.i18n import Sentence, _, say

PLACES = Path(__file__).with_name("places.txt")
MAINLAND = {
    "AR": "America/Argentina/Buenos_Aires",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GL": "America/Nuuk",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MY": "Asia/Kuala_Lumpur",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",
}
"""The zone of a country with several, of which all but one are islands, enclaves or alike; or of one with none."""
ASKED = frozenset({"DK", "ES", "FR", "PT"})
"""Where a town that nobody knows may well be on an island with another clock: it is asked for."""
_OVERSEAS = {
    "DK": ("FO", "GL"),
    "FR": ("GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"),
    "NL": ("AW", "CW", "SX", "BQ"),
    "NO": ("SJ",),
    "US": ("PR", "VI", "GU", "MP", "AS"),
}
"""Parts with a code of their own, which people write under the country they belong to."""
_ISLANDS = {
    (
        "ES",
        "Atlantic/Canary",
    ): "canaries|iles canaries|canarias|islas canarias|canary islands|gran canaria|grande canarie|"
    "tenerife|lanzarote|fuerteventura|la palma|la gomera|gomera|el hierro|la graciosa",
    ("ES", "Africa/Ceuta"): "ceuta|melilla",
    (
        "ES",
        "Europe/Madrid",
    ): "baleares|iles baleares|islas baleares|majorque|mallorca|minorque|menorca|ibiza|formentera",
    (
        "PT",
        "Atlantic/Azores",
    ): "acores|les acores|iles acores|azores|sao miguel|santa maria|terceira|faial|pico|sao jorge|"
    "graciosa|flores|corvo",
    ("PT", "Atlantic/Madeira"): "madere|madeira|ile de madere|porto santo",
    ("DK", "Atlantic/Faroe"): "feroe|iles feroe|faroe|faroe islands|foroyar|streymoy|eysturoy",
    ("DK", "America/Nuuk"): "groenland|greenland|gronland",
    ("NO", "Arctic/Longyearbyen"): "svalbard|spitzberg|spitsbergen|longyearbyen",
    ("FR", "Indian/Reunion"): "la reunion|reunion|ile de la reunion",
    ("FR", "Indian/Mayotte"): "mayotte",
    ("FR", "America/Guadeloupe"): "guadeloupe",
    ("FR", "America/Martinique"): "martinique",
    ("FR", "America/Cayenne"): "guyane|guyane francaise",
    ("FR", "America/Miquelon"): "saint pierre et miquelon",
    ("FR", "Pacific/Noumea"): "nouvelle caledonie",
    ("FR", "Pacific/Tahiti"): "tahiti|moorea|bora bora|polynesie|polynesie francaise",
    ("CL", "Pacific/Easter"): "ile de paques|isla de pascua|easter island|rapa nui",
    ("CL", "America/Punta_Arenas"): "magallanes|puerto williams",
    ("EC", "Pacific/Galapagos"): "galapagos|iles galapagos|islas galapagos",
    ("US", "Pacific/Honolulu"): "hawaii|hawai",
    ("ID", "Asia/Makassar"): "bali",
    ("MX", "America/Cancun"): "quintana roo|riviera maya",
    ("NZ", "Pacific/Chatham"): "chatham islands",
}
"""Islands and regions that people write beside a town or instead of one: GeoNames' cities are towns only."""

_ALSO_TOWNS = frozenset(
    [
        "la palma",
        "gomera",
        "graciosa",
        "la graciosa",
        "sao miguel",
        "santa maria",
        "terceira",
        "faial",
        "pico",
        "sao jorge",
        "flores",
        "corvo",
        "porto santo",
        "bali",
        "reunion",
        "melilla",
    ]
)
"""Within a longer name these mean nothing: Santa Maria da Feira is no island."""
_ISLAND_OF = re.compile(r"(?:ile|isla|ilha|island|isle)(?: (?:de|da|do|of))? ")


@cache
def names() -> frozenset[str]:
    """Every zone that can be loaded, `Europe/Oslo` for instance."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the most populous first (`zone.tab`: one that keeps each country's own names,
    where `zone1970.tab` would say Berlin for Oslo)."""
    return _zone_table().get(country, ())


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    """The countries whose zone a city has to tell, each with its parts overseas."""
    several = {country for country, zones in _zone_table().items() if len(zones) > 1}
    return {country: (country, *_OVERSEAS.get(country, ())) for country in several | set(_OVERSEAS)}


def read_zone(cell: Cell) -> str:
    """An IANA name, in any case.

    Raises:
        CellError: there is no such zone.
    """
    written = text_of(cell)
    known = {zone.lower(): zone for zone in names() if "/" in zone and not zone.startswith("Etc/")}
    if found := known.get(written.replace(" ", "_").lower()):
        return found
    text = _('"{written}" is no time zone: write it like Europe/Madrid')
    raise CellError(say(text, hint=nearest(written, known.values()), written=written))


def find_zone(country: str, city: str, near: str = "") -> str | None:
    """The zone of a city; None where the country has several and the city does not tell which.

    Of several, `near` counts: a school's own zone is that of its namesakes too.
    """
    found = candidates(country, city)
    return found[0] if len(found) == 1 else near if near in found else None


def candidates(country: str, city: str) -> tuple[str, ...]:
    """The zones that a city may be in, the most likely first. What several words say together counts:
    « Açores - Horta » is the Horta of the Azores."""
    said = [zones for part in _parts(city) if (zones := _zones_of_place(country, part))]
    if said:
        common = [zone for zone in said[0] if all(zone in zones for zones in said)]
        return tuple(common or dict.fromkeys(zone for zones in said for zone in zones))
    if country in ASKED and city:
        islands = (zone for (where, zone) in _ISLANDS if where == country)
        return tuple(dict.fromkeys((MAINLAND[country], *islands)))
    return (MAINLAND[country],) if country in MAINLAND else zones_of(country)


def is_island(written: str) -> bool:
    """Whether these words are an island or a region with a zone of its own."""
    said = folded(written)
    return any(said in names.split("|") for names in _ISLANDS.values())


def ask_zone(country: str, city: str) -> Sentence:
    """The sentence that asks for a zone that does not follow from country and city."""
    found = candidates(country, city)
    values = {"country": country, "city": city, "zones": ", ".join(found[:4])}
    if not city:
        return say(_("{country} has several time zones and no city tells which: write one (such as {zones})"), **values)
    if any(_zones_of_place(country, part) for part in _parts(city)):
        return say(_('"{city}" is a place in several time zones of {country}: write which one ({zones})'), **values)
    text = _('{country} has several time zones and "{city}" does not tell which: write one (such as {zones})')
    return say(text, **values)


def _parts(city: str) -> Iterator[str]:
    """The whole name; else what commas, brackets and dashes part; and islands within longer names."""
    yield folded(city)
    parts = [folded(part) for part in re.split(r"[,;/()]|\s[-–—]\s?|\s?[-–—]\s", city)]
    if len(parts) > 1:
        yield from filter(None, parts)


def _zones_of_place(country: str, name: str) -> tuple[str, ...]:
    """Of a town or island by its whole name, else of an island that is named within: « Tenerife Sud »."""
    if found := _places(country).get(name):
        return found
    islands = _islands(country)
    if called := _ISLAND_OF.match(name):
        return islands.get(name[called.end() :], ())
    within = [island for island in islands if island not in _ALSO_TOWNS and f" {island} " in f" {name} "]
    return islands[max(within, key=len)] if within else ()


@cache
def _islands(country: str) -> Mapping[str, tuple[str, ...]]:
    return {
        name: (zone,) for (where, zone), written in _ISLANDS.items() for name in written.split("|") if where == country
    }


@cache
def _places(country: str) -> Mapping[str, tuple[str, ...]]:
    """Folded name -> zones: towns, then those that zones are named after, then islands."""
    found: dict[str, tuple[str, ...]] = dict(_islands(country))
    for zone in zones_of(country):
        found.setdefault(folded(zone.rsplit("/", 1)[1].replace("_", " ")), (zone,))
    for line in _place_table().get(country, ()):
        zones, written = line.split("\t")
        for name in written.split("|"):
            island = _islands(country).get(name, ())
            if not island or name in _ALSO_TOWNS:
                found[name] = tuple(dict.fromkeys((*island, *zones.split())))
    return found


@cache
def _place_table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _tab, rest = line.partition("\t")
            found[country].append(rest)
    return {country: tuple(lines) for country, lines in found.items()}


@cache
def _zone_table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _point, zone = line.split("\t")[:3]
            found[code].append(zone)
    return {country: tuple(zones) for country, zones in found.items()}
