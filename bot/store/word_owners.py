"""Whose words a row holds: said once for each table (`words_of`), and told to every word of it before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, event, func, inspect, literal, select
from sqlalchemy.orm import Session, object_session

from bot.store.sealed import Sealed, of_person
from bot.store.word_keys import NOBODY

THROUGH = {"stay_id": ("stays", "person_id"), "case_id": ("cases", "stay_id")}
"""Columns that name no person: of which table a row is theirs, and by which of its columns one goes on."""
WHOSE = "whose words"
"""Under this name a session keeps whose the stays and cases are that it has asked about."""
_CLASSES: dict[str, type] = {}


def sealed_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that are kept under a key."""
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def owns_words(model: Any) -> None:
    """Every row of a model that is written by way of a session says whose its words are.

    Raises:
        TypeError: it has words, and no `words_of`.
    """
    _CLASSES[model.__tablename__] = model
    if not (columns := sealed_columns(model.__table__)):
        return
    if not getattr(model, "words_of", ()):
        raise TypeError(f"{model.__name__}: words_of has to say whose its words are")
    names = frozenset(column.name for column in columns)

    def own_new(_mapper: object, connection: Connection, row: Any) -> None:
        _own(connection, row, names)

    def own_changed(_mapper: object, connection: Connection, row: Any) -> None:
        _own(connection, row, names.intersection(inspect(row).committed_state))

    event.listen(model, "before_insert", own_new)
    event.listen(model, "before_update", own_changed)


def _own(connection: Connection, row: Any, names: Iterable[str]) -> None:
    values = inspect(row).dict
    for name in names:
        if values.get(name):
            values[name] = of_person(_owner(connection, row), values[name])


def _owner(connection: Connection, row: Any) -> int:
    """Whose a row is: by the first of the columns that names somebody; nobody's else."""
    for name in row.words_of:
        number = getattr(row, name)
        if number is not None:
            return _person(connection, object_session(row), name, number)
    return NOBODY


def _person(connection: Connection, rows: Any, name: str, number: int) -> int:
    if name not in THROUGH:
        return number
    known: dict[tuple[str, int], int] = rows.info.setdefault(WHOSE, {})
    if (name, number) not in known:
        table, further = THROUGH[name]
        row = rows.identity_map.get((_CLASSES[table], (number,), None))
        at_hand = vars(row).get(further) if row is not None else None
        column = _CLASSES[table].__table__.c  # type: ignore[attr-defined]
        named = at_hand or connection.scalar(select(column[further]).where(column.id == number))
        known[name, number] = _person(connection, rows, further, named) if named is not None else NOBODY
    return known[name, number]


def note_stays(rows: Session, whose: Iterable[tuple[int | None, int | None]]) -> None:
    """Whose stays are, for whoever has read it anyway: stay and person, where there are both."""
    known = rows.info.setdefault(WHOSE, {})
    known |= {("stay_id", stay): person for stay, person in whose if stay is not None and person is not None}


def owner_column(table: Table) -> ColumnElement[int]:
    """The same for statements: whose each row of a table is."""
    words_of: tuple[str, ...] = _CLASSES[table.name].words_of  # type: ignore[attr-defined]
    return func.coalesce(*(_through(table.c[name]) for name in words_of), literal(NOBODY))


def _through(column: Column[Any]) -> ColumnElement[Any]:
    if column.name not in THROUGH:
        return column
    name, further = THROUGH[column.name]
    other = _CLASSES[name].__table__.alias()  # type: ignore[attr-defined]
    return select(_through(other.c[further])).where(other.c.id == column).correlate_except(other).scalar_subquery()
