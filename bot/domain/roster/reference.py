"""References: the school's own words for its people, however a spreadsheet or a colleague writes them again."""

from __future__ import annotations

import unicodedata

from bot.domain.roster.cells import CellError, read_name
from bot.domain.roster.table import Cell

LONGEST = 40


def reference_key(reference: str) -> str:
    """What two ways to write one reference have in common: `VAL-01`, `val 01` and `ＶＡＬ‑01` are one person's,
    and so are `00123` and the `123` that a spreadsheet makes of it."""
    wide = unicodedata.normalize("NFKD", reference).casefold()
    kept = "".join(char for char in wide if char.isalnum())
    return (kept.lstrip("0") or "0") if kept.isdigit() else kept


def read_reference(cell: Cell) -> str:
    """The reference as it is written, at most 40 characters.

    Raises:
        CellError: it is too long, or no letter and no figure is in it.
    """
    written = read_name(cell, LONGEST + 1)
    if len(written) > LONGEST:
        raise CellError(f'"{written[:20]}…" is too long for a reference: {LONGEST} characters at most')
    if not reference_key(written):
        raise CellError(f'"{written}" is no reference: it needs letters or figures')
    return written
