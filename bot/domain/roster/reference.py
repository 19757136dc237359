"""References: the school's own words for its people, however a spreadsheet or a colleague writes them again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.roster.cells import CellError, read_name, text_of
from bot.domain.roster.grid import Cell
from bot.domain.spelling import folded
from bot.i18n import _, say

LONGEST = 40
DIGITS = 15
"""Spreadsheets keep so many digits of a number and put zeros for the rest."""
_RUNNING = frozenset(["n", "no", "nr", "num", "numero", "number", "ordre", "rang", "ligne", "index", "id"])


def reference_key(reference: str) -> str:
    """What two ways to write one reference have in common: `VAL-01`, `val 01` and `ＶＡＬ‑01` are one person's,
    and so are `00123` and the `123` that a spreadsheet makes of it."""
    wide = unicodedata.normalize("NFKD", reference).casefold()
    kept = "".join(char for char in wide if char.isalnum())
    return (kept.lstrip("0") or "0") if kept.isdigit() else kept


def read_reference(cell: Cell) -> str:
    """The reference as it is written, at most 40 characters.

    Raises:
        CellError: it is too long, nothing of it is a letter or a figure, or a spreadsheet has rounded it.
    """
    written = read_name(cell, LONGEST + 1)
    if len(written) > LONGEST:
        text = _('"{written}…" is too long for a reference: {most} characters at most')
        raise CellError(say(text, written=written[:20], most=LONGEST))
    if not reference_key(written):
        raise CellError(say(_('"{written}" is no reference: it needs letters or figures'), written=written))
    if re.fullmatch(r"\d{16,}|\d+([.,]\d+)?E\+?\d+", written.replace(" ", ""), re.IGNORECASE):
        raise CellError(
            say(
                _(
                    '"{written}" is a number of more than {most} digits: the spreadsheet has rounded it, and two people '
                    "may get one reference. Make the column text, then write the references again"
                ),
                written=written,
                most=DIGITS,
            )
        )
    return written


def is_running(title: str, cells: Sequence[Cell]) -> bool:
    """Whether a column only counts its rows: 1, 2, 3 … under a title like « N° ». Sorted anew, it names others."""
    written = [text_of(cell) for cell in cells]
    if not set(folded(title).split()) <= _RUNNING or not all(each.isdecimal() and len(each) <= 6 for each in written):
        return False
    numbers = sorted(map(int, written))
    return bool(numbers) and numbers[0] <= 2 and numbers[-1] <= 2 * len(numbers) + 1
