"""Whose rows they are: every row of the database that belongs to one person, found by the table of what is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, select
from sqlalchemy.orm import Session

from bot.domain.personal_data import HELD, Copied, Held
from bot.store.models import Base

TABLES: Mapping[str, Table] = Base.metadata.tables
_STAYS, _CASES = TABLES["stays"], TABLES["cases"]


def theirs(table: Table, held: Held, person: int) -> ColumnElement[bool]:
    """Which rows of a table belong to somebody: they are named there, or a stay or a case of theirs is."""
    stays = select(_STAYS.c.id).where(_STAYS.c.person_id == person)
    cases = select(_CASES.c.id).where(_CASES.c.stay_id.in_(stays))
    through = {"stay_id": stays, "case_id": cases}
    named = [table.c[name] for name in held.owner.split() if name in table.c]
    found = [column.in_(through[column.name]) if column.name in through else column == person for column in named]
    return or_(false(), *found) if table.name != "audit" else false()


def copied(session: Session, person: int) -> Copied:
    """All that a copy of somebody's data holds: nothing about others, nothing technical, none of the log."""
    found = Copied()
    for name, held in HELD.items():
        table = TABLES[name]
        rows = session.execute(select(table).where(theirs(table, held, person)).order_by(table.c.id)).mappings().all()
        for kind, columns in held.kinds.items():
            kept = [_of(dict(row), columns.split()) for row in rows]
            if name != "audit" and any(kept):
                found.rows.setdefault(kind, {})[name] = kept
    return found


def _of(row: dict[str, Any], columns: list[str]) -> dict[str, object]:
    return {name: row[name] for name in columns if row[name] not in (None, "", [], {})}


def numbers_of(session: Session, name: str, person: int) -> list[int]:
    """The ids of somebody's rows of one table."""
    table = TABLES[name]
    return list(session.scalars(select(table.c.id).where(theirs(table, HELD[name], person)).order_by(table.c.id)))
