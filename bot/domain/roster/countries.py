"""Countries, by code or by a name in one of the languages the consortia meet; and islands that are written in their place."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.grid import Cell
from bot.domain.spelling import folded, nearest
from bot.i18n import _, say

READ_IN = ("pt", "nl", "it", "de", "es", "en", "fr")
"""French comes last, so that it wins where two languages disagree."""
_ALIASES = {
    "uk": "GB",
    "grande bretagne": "GB",
    "great britain": "GB",
    "el": "GR",
    "usa": "US",
    "etats unis d amerique": "US",
    "united states of america": "US",
    "hollande": "NL",
    "holland": "NL",
    "republique tcheque": "CZ",
    "czech republic": "CZ",
    "turkey": "TR",
    "tahiti": "PF",
}
_PARTS = {
    "ES": "canaries|iles canaries|canarias|islas canarias|canary islands|canary|baleares|iles baleares|islas baleares|"
    "balearic islands|ceuta|melilla|catalogne|cataluna|andalousie|andalucia|pays basque espagnol|galice|galicia",
    "PT": "acores|azores|les acores|iles acores|madere|madeira|ile de madere",
    "FR": "corse|france metropolitaine|metropole",
    "IT": "sicile|sicilia|sardaigne|sardegna",
    "GR": "crete|kriti",
    "FO": "feroe|iles feroe|faeroe|faroe|faroe islands|foroyar",
    "SJ": "svalbard|spitzberg|spitsbergen",
    "AX": "aland",
    "GB": "angleterre|england|ecosse|scotland|pays de galles|wales|irlande du nord|northern ireland",
}
"""Islands, regions and nations that people write as a country -> the country whose rules hold there."""
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "IC", "EA"})
"""Unions, tests; and the Canaries and Ceuta, which have a code but belong to Spain."""


def read_country(cell: Cell) -> str:
    """An ISO code from a code of two or three letters, or a name.

    Raises:
        CellError: no country has that name.
    """
    written = text_of(cell)
    if found := _countries().get(folded(written)):
        return found
    known = [str(name) for name in Locale.parse("fr").territories.values()]
    text = _('"{written}" is no country: write its name or its code (DE, ES)')
    raise CellError(say(text, hint=nearest(written, known), written=written))


@cache
def _countries() -> dict[str, str]:
    names = {
        folded(str(name)): str(code)
        for language in READ_IN
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code not in _NOT_COUNTRIES
    }
    codes = set(names.values())
    longer = {old.lower(): new for old, (new, *_) in get_global("territory_aliases").items() if len(old) == 3}
    three = {code: new for code, new in longer.items() if code.isalpha() and new in codes}
    parts = {name: country for country, written in _PARTS.items() for name in written.split("|")}
    return three | names | {code.lower(): code for code in codes} | _ALIASES | parts
