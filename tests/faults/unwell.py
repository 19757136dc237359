"""`python -m bot` on a machine that is not well: its clock is wrong or jumps, its database may only be read.

Both are seen from outside the program: the clock is the one that the whole process reads, the database refuses as SQLite does.
What is wrong stands in two files of the folder, so that it can change while the process lives.
"""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from sqlalchemy import Engine, event

from bot.__main__ import main
from bot.clock import SystemClock

CLOCK, READ_ONLY = "clock-is-wrong", "read-only"


def live(folder: str, words: list[str]) -> int:
    """The whole of the process."""
    place = Path(folder)
    event.listen(Engine, "begin", _refuser(place / READ_ONLY))
    error = _error(place)
    if not (place / CLOCK).exists():
        return main(words)
    with time_machine.travel(SystemClock().now() + error, tick=True) as traveller:

        def jump(_signal: int, _frame: Any) -> None:
            traveller.move_to(_true_time() + _error(place))

        signal.signal(signal.SIGUSR1, jump)
        return main(words)


def _error(place: Path) -> timedelta:
    return timedelta(seconds=float((place / CLOCK).read_text("ascii"))) if (place / CLOCK).exists() else timedelta()


def _true_time() -> datetime:
    return datetime.fromtimestamp(time_machine.escape_hatch.time.time(), UTC)


def _refuser(flag: Path) -> Any:
    """What SQLite says of every change, for as long as the file is there. Who only reads is let."""

    def refuse(connection: Any) -> None:
        raw = connection.connection.dbapi_connection
        wanted, known = flag.exists(), connection.info
        if wanted and not raw.execute("PRAGMA query_only").fetchone()[0]:
            raw.execute("PRAGMA query_only = ON")
            known["refused"] = True
        elif not wanted and known.pop("refused", False):
            raw.execute("PRAGMA query_only = OFF")

    return refuse
