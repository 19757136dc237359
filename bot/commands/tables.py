"""Reading a table from a file on this machine."""

from __future__ import annotations

from pathlib import Path

from bot.domain.roster import Table
from bot.domain.roster.file import MOST_BYTES, TableError, table_from


def read_table(path: Path) -> Table:
    """The table in a file.

    Raises:
        TableError: the file is missing, empty, too big, or no table.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TableError(f"{path.name}: cannot be read: {error.strerror}") from error
    return table_from(path.name, content)
