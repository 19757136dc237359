"""What was done of a plan, and where an item of the checklist stands: written down by whoever decided it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, text

from bot.store.batch_loader import kept
from bot.store.db import Tx
from bot.store.sessions import standing_sessions
from bot.store.stays import MARKS, ItemState, Mark, StayRow

WAITS = "waits"
"""The outcome of what is still waited for."""
_MARK = text(
    "INSERT INTO marks (stay_id, touchpoint, occurrence, outcome, at) VALUES (:stay, :touchpoint, :occurrence, :outcome, :at)"
    " ON CONFLICT (stay_id, touchpoint, occurrence) DO UPDATE SET outcome = excluded.outcome"
).bindparams(bindparam("at", type_=Mark.at.type))
_ITEM = select(ItemState).where(ItemState.stay_id == bindparam("stay"), ItemState.item == bindparam("item"))


def mark(tx: Tx, stay: int, key: tuple[str, str], outcome: str) -> None:
    """Note what became of an occurrence; the latest word counts."""
    mark_all(tx, stay, [key], outcome)


def mark_all(tx: Tx, stay: int, keys: Collection[tuple[str, str]], outcome: str) -> None:
    """The same of several occurrences, in one statement."""
    what = {"stay": stay, "outcome": outcome, "at": tx.now}
    if keys:
        rows = [what | {"touchpoint": str(touchpoint), "occurrence": day} for touchpoint, day in keys]
        tx.rows.connection().execute(_MARK, rows)
        _keep_in_mind(tx, stay, keys, outcome)


def _keep_in_mind(tx: Tx, stay: int, keys: Collection[tuple[str, str]], outcome: str) -> None:
    """The marks of a stay that the transaction knows are as they were just written: nobody need read them again."""
    known = kept(tx.rows, MARKS, stay)
    if known is not None:
        now = {(touchpoint, day): said for touchpoint, day, said in known} | dict.fromkeys(keys, outcome)
        known[:] = [(*key, said) for key, said in now.items()]


def wait_for(tx: Tx, stay: StayRow, key: tuple[str, str], until: datetime) -> None:
    """Note what is waited for, and look again then. `waiting` finds it."""
    mark(tx, stay.id, key, WAITS)
    stay.wake_at = min(stay.wake_at or until, until)


def waiting(marks: Mapping[tuple[str, str], str], what: str) -> list[int]:
    """What is still waited for by the marks of a name, whose occurrences are numbers of rows; the oldest first."""
    return sorted(int(number) for (name, number), outcome in marks.items() if (name, outcome) == (what, WAITS))


def set_item(tx: Tx, stay: StayRow, item: str, state: str, value: str | None, by: int | None) -> None:
    """Move an item of the checklist. The learner's own word never undoes what an adult has seen, and what an adult
    has seen is not asked any more.
    """
    if by != stay.person_id and state in {"done", "waived"}:
        for row in standing_sessions(tx.rows, stay.id, f"item.{item}"):
            row.state, row.wake_at = "expired", None
    known = tx.rows.scalar(_ITEM, {"stay": stay.id, "item": item})
    if known is None:
        tx.rows.add(ItemState(stay_id=stay.id, item=item, state=state, value=value, by_id=by, at=tx.now))
        tx.rows.flush()
    elif known.state != "done" or by != stay.person_id or known.by_id == stay.person_id:
        known.state, known.value, known.by_id, known.at = state, value, by, tx.now
    if state in {"todo", "doing"} or by != stay.person_id:  # its reminders are wanted again; or nothing blocks any more
        stay.wake_at = tx.now
