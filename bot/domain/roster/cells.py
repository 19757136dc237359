"""One cell as words: names and addresses, however spreadsheets and people write them."""

from __future__ import annotations

import re

from bot.domain.person import clean_name
from bot.domain.roster.grid import Cell
from bot.i18n import Sentence, _, say

_EMAIL = re.compile(r"[^@\s,;:<>\"()]+@[^@\s,;:<>\"()]+\.[^@\s,;:<>\"().]{2,}")


class CellError(ValueError):
    """What is written cannot be read; the sentence says what is wrong and how to mend it."""

    def __init__(self, says: Sentence) -> None:
        super().__init__(says)
        self.says = says


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


def read_email(cell: Cell) -> str:
    """One e-mail address; its domain in small letters.

    Raises:
        CellError: it has not the shape of one.
    """
    written = re.sub(r"^mailto:", "", clean_name(text_of(cell), 255), flags=re.IGNORECASE)
    if len(written) > 254 or not _EMAIL.fullmatch(written):
        text = _('"{written}" is no e-mail address: write one address, like prenom.nom@example.org')
        raise CellError(say(text, written=written))
    local, domain = written.rsplit("@", 1)
    return f"{local}@{domain.lower()}"
