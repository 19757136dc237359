"""A rehearsal: the real bot on a simulated clock that another terminal moves.

The clock's state is a setting in the database: `now`, where it stands, and `target`, where it was told to go.
The running bot walks there from event to event, so that nothing is skipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import SimulatedClock
from bot.handlers.watch.wake import next_wake
from bot.i18n import _, say
from bot.store.db import Database, Tx
from bot.store.records import keep_setting, setting

NAME = "rehearsal_clock"
UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True)
class Hands:
    """Where a rehearsal's clock stands and where it goes (aware, UTC)."""

    now: datetime
    target: datetime


def parse_span(written: str) -> timedelta:
    """Read `90min`, `12h`, `7d` or `2w`.

    Raises:
        ValueError: it is none of them.
    """
    found = re.fullmatch(r"(\d{1,4})\s*(min|h|d|w)", written.strip())
    if not found:
        raise ValueError(say(_('"{written}" is no length of time: write 90min, 12h, 7d or 2w'), written=written))
    return int(found[1]) * UNITS[found[2]]


def hands(tx: Tx) -> Hands:
    """Where the clock stands; a rehearsal that never ran stands where the transaction's clock is."""
    kept = setting(tx.rows, NAME)
    if kept is None:
        return Hands(tx.now, tx.now)
    return Hands(datetime.fromisoformat(kept["now"]), datetime.fromisoformat(kept["target"]))


def keep(tx: Tx, state: Hands) -> None:
    keep_setting(tx.rows, NAME, {"now": state.now.isoformat(), "target": state.target.isoformat()})


def send_to(tx: Tx, target: datetime) -> Hands:
    """Tell the clock where to go. It never goes back."""
    state = hands(tx)
    moved = Hands(state.now, max(state.target, target))
    keep(tx, moved)
    return moved


def step(tx: Tx) -> Hands | None:
    """The next stop on the way to the target: the next event, or the target itself. None when it is reached."""
    state = hands(tx)
    if state.now >= state.target:
        return None
    wake = next_wake(tx)
    stop = min(max(wake, state.now), state.target) if wake else state.target
    moved = Hands(stop, state.target)
    keep(tx, moved)
    return moved


async def walk(db: Database, clock: SimulatedClock) -> bool:
    """Move the clock one stop further, if it was told to go anywhere. Whether it moved."""
    moved = await db.transact(step)
    if moved is None:
        return False
    clock.move_to(moved.now)
    return True
