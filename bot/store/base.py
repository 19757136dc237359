"""What all tables share: naming, instants in UTC, JSON columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, Enum, MetaData, literal
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from bot.store.word_owners import owns_words

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of a few values that are always the same. The list of `in_` is put into the words of a
    statement anew each time that it runs.
    """
    found: ColumnElement[bool] = column.in_([literal(each, column.type) for each in values])
    return found


class Utc(TypeDecorator[datetime]):
    """An instant: aware in Python, naive UTC in the database, on SQLite and PostgreSQL alike.

    Raises:
        ValueError: a naive datetime is refused, since nobody can know which instant it means.
    """

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime is no instant: give it a time zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


WORDS = Enum(StrEnum, native_enum=False, length=20, values_callable=lambda kind: [member.value for member in kind])
"""An enumeration is kept as its value, in a plain text column: a new member needs no migration."""


class Base(DeclarativeBase):
    """A table. Its ids are never given twice, even when the last row was erased: buttons, the audit trail and
    Matrix transactions name rows by id. PostgreSQL does so of itself, SQLite when told."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Utc, dict[str, Any]: JSON, list[Any]: JSON, StrEnum: WORDS}
    words_of: ClassVar[tuple[str, ...]] = ()
    """Where it has sealed words: the columns that say whose they are, the first that names somebody."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.metadata.tables[cls.__tablename__].dialect_kwargs["sqlite_autoincrement"] = True
        owns_words(cls)
