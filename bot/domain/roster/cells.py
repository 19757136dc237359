"""One cell: dates, telephone numbers, addresses and names, however spreadsheets and people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

import phonenumbers
from babel.dates import get_month_names

from bot.domain.person import clean_name
from bot.domain.roster.table import Cell
from bot.domain.spelling import folded

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: .*)?")
_WORDED = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er|st|nd|rd|th)? (?:de )?([a-z]+) (?:de )?(\d{4})")
_EMAIL = re.compile(r"[^@\s,;:<>\"()]+@[^@\s,;:<>\"()]+\.[^@\s,;:<>\"().]{2,}")
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar (the 1900 system, with its wrong leap year)."""


class CellError(ValueError):
    """What is written cannot be read; the words say what is wrong and how to mend it."""


def text_of(cell: Cell) -> str:
    """The cell as words on one line. Spreadsheets give whole numbers as `612345678.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def read_name(cell: Cell, limit: int = 60) -> str:
    """A name or another short text, without control and invisible characters."""
    return clean_name(text_of(cell), limit)


def read_date(cell: Cell) -> date:
    """A calendar day: `31/03/2009`, `2009-03-31`, `31 mars 2009`, a spreadsheet's date or its serial number.

    Raises:
        CellError: there is no such day, or it lies outside 1900 to 2100.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = text_of(cell)
    for year, month, day in _readings(cell, written):
        try:
            found = date(year, month, day)
        except ValueError:
            break
        if 1900 <= found.year <= 2100:
            return found
    raise CellError(f'"{written}" is no date: write it like 31/03/2009 or 2009-03-31')


def _readings(cell: Cell, written: str) -> Iterator[tuple[int, int, int]]:
    if iso := _ISO.fullmatch(written):
        yield int(iso[1]), int(iso[2]), int(iso[3])
    if spoken := _DAY_FIRST.fullmatch(written):
        yield _full_year(spoken[3]), int(spoken[2]), int(spoken[1])
    worded = _WORDED.fullmatch(folded(written))
    if worded and worded[2] in _months():
        yield int(worded[3]), _months()[worded[2]], int(worded[1])
    if not isinstance(cell, bool) and re.fullmatch(r"[2-7]\d{4}(\.\d+)?", written):
        day = _SERIAL_ZERO + timedelta(days=int(float(written)))
        yield day.year, day.month, day.day


def _full_year(written: str) -> int:
    """Two figures mean 1951 to 2050."""
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year <= 50 else 1900)


@cache
def _months() -> dict[str, int]:
    return {
        folded(name): number
        for language in ("es", "en", "fr")
        for width in ("abbreviated", "wide")
        for number, name in get_month_names(width, locale=language).items()
    }


def read_phone(cell: Cell, region: str = "FR") -> str:
    """A telephone number as E.164. Without `+` it is read as one of the region.

    Spreadsheets drop the first zero and the `+`: `612345678` and `33612345678` are understood too.

    Raises:
        CellError: no number of that length exists there.
    """
    written = clean_name(text_of(cell), 40)
    bare = re.sub(r"\.0$", "", written.replace("(0)", ""))
    if not re.search(r"[A-Za-z]", bare):
        if found := _number(bare, region):
            return found
        if not bare.startswith(("+", "0")) and (found := _number(f"+{bare}", region, sure=True)):
            return found
    raise CellError(f'"{written}" is no telephone number: write it like +33 6 12 34 56 78')


def _number(written: str, region: str, sure: bool = False) -> str | None:
    """E.164. Where the `+` is our guess (`sure`), a foreign number must be one that can be in use:
    a slip in a French number must not become somebody in Australia."""
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    guessed = sure and number.country_code != phonenumbers.country_code_for_region(region)
    if (guessed or number.italian_leading_zero) and not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(cell: Cell) -> str:
    """One e-mail address; its domain in small letters.

    Raises:
        CellError: it has not the shape of one.
    """
    written = re.sub(r"^mailto:", "", clean_name(text_of(cell), 255), flags=re.IGNORECASE)
    if len(written) > 254 or not _EMAIL.fullmatch(written):
        raise CellError(f'"{written}" is no e-mail address: write one address, like prenom.nom@example.org')
    local, domain = written.rsplit("@", 1)
    return f"{local}@{domain.lower()}"
