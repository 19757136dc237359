"""Whose rows they are: every row of the database that belongs to one person, found by the table of what is held."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, false, or_, select
from sqlalchemy.orm import Session

from bot.domain.personal_data import HELD, Copied, Held
from bot.store.models import Base

TABLES: Mapping[str, Table] = Base.metadata.tables
_STAYS, _CASES = TABLES["stays"], TABLES["cases"]


def theirs(table: Table, held: Held, person: int | ColumnElement[int]) -> ColumnElement[bool]:
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
        rows = session.execute(_rows_of(name), {"person": person}).mappings().all()
        for kind, columns in held.kinds.items():
            kept = [_of(dict(row), columns.split()) for row in rows]
            if name != "audit" and any(kept):
                found.rows.setdefault(kind, {})[name] = kept
    return found


@cache
def _rows_of(name: str) -> Select[Any]:
    """Somebody's rows of one table. Built once: building a statement costs as much as running it."""
    table = TABLES[name]
    return select(table).where(theirs(table, HELD[name], bindparam("person"))).order_by(table.c.id)


def _of(row: dict[str, Any], columns: list[str]) -> dict[str, object]:
    return {name: row[name] for name in columns if row[name] not in (None, "", [], {})}


def numbers_of(session: Session, name: str, person: int) -> list[int]:
    """The ids of somebody's rows of one table."""
    return list(session.scalars(_rows_of(name).with_only_columns(TABLES[name].c.id), {"person": person}))
