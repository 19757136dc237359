"""Days, however people and spreadsheets write them; and columns whose days cannot be told from their months."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache

from babel.dates import get_month_names

from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.grid import Cell
from bot.domain.spelling import folded
from bot.i18n import Sentence, _, say

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?P<behind>[ T].*)?")
_NUMBERS = re.compile(r"(?:[^\W\d_]+\.? )?(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?P<behind> .*)?")
_WORDED = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er|st|nd|rd|th)? (?:de )?([a-z]+) (?:de )?(\d{4})")
_HOUR = re.compile(r"[ T]*(?:à |at )?\d{1,2}(?:[:h]\d{0,2}(?::\d{2})?)?(?:\.\d+)?(?:Z| ?[ap]m)?", re.IGNORECASE)
_SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar (the 1900 system, with its wrong leap year)."""


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
    raise CellError(say(_('"{written}" is no date: write it like 31/03/2009 or 2009-03-31'), written=written))


def words_behind(cell: Cell) -> str:
    """What stands behind a day and is no hour: `06/03/2027 ou 13/03/2027` means two days, of which we read one."""
    written = "" if isinstance(cell, date) else text_of(cell)
    found = _ISO.fullmatch(written) or _NUMBERS.fullmatch(written)
    behind = (found["behind"] or "") if found else ""
    return "" if _HOUR.fullmatch(behind) else behind.strip()


def _readings(cell: Cell, written: str) -> Iterator[tuple[int, int, int]]:
    if iso := _ISO.fullmatch(written):
        yield int(iso[1]), int(iso[2]), int(iso[3])
    if numbers := _NUMBERS.fullmatch(written):
        yield _full_year(numbers[3]), int(numbers[2]), int(numbers[1])
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


SWAPPED_AT_LEAST = 4
"""So many real dates, none of them after the 12th of a month, are no chance beside texts that all are."""


def mixed_up(cells: Iterable[tuple[int, Cell]]) -> Sentence | None:
    """Why the days of a column (numbered cells) cannot be told from its months; None where they can.

    American dates show themselves by a month above 12 only: the others of the same column would be read as wrong days.
    A spreadsheet set to American dates turns the days up to the 12th round and leaves the others as text.
    """
    month_first: list[tuple[int, str]] = []
    day_first: list[tuple[int, str]] = []
    early, late = 0, 0
    for row, cell in cells:
        if isinstance(cell, date):
            early, late = (early + 1, late) if cell.day <= 12 else (early, late + 1)
        elif numbers := _NUMBERS.fullmatch(text_of(cell)):
            first, second = int(numbers[1]), int(numbers[2])
            month_first += [(row, text_of(cell))] if second > 12 >= first else []
            day_first += [(row, text_of(cell))] if first > 12 >= second else []
    if month_first and day_first:
        text = _(
            "some dates have the month first ({american}, row {row}), others the day ({european}, row {other}): "
            "nothing was read. Write every date of this column like 31/03/2027"
        )
        row, american = month_first[0]
        other, european = day_first[0]
        return say(text, american=american, row=row, european=european, other=other)
    if month_first:
        text = _(
            "the dates of this column have the month first ({american}, row {row}): nothing was read. "
            "Write them all like 31/03/2027"
        )
        return say(text, american=month_first[0][1], row=month_first[0][0])
    if day_first and not late and early >= SWAPPED_AT_LEAST:
        text = _(
            "the spreadsheet has turned day and month round: all real dates lie before the 13th, and {european} "
            "(row {row}) is text. Open the original file again with dates as text, and write them like 31/03/2027"
        )
        return say(text, european=day_first[0][1], row=day_first[0][0])
    return None
