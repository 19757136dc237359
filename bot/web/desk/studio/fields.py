"""A table of the programme as the fields of a form: what each is, what stands in it, and what may.

Made from the models, so that whatever a programme can say can be edited; what is for the file alone is named in `FILE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import Enum, StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.domain.offset import Offset
from bot.domain.programme.ladder import Wait


class Shape(StrEnum):
    """How a value is put in."""

    WORDS = "words"
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    ONE = "one"
    SEVERAL = "several"
    NUMBERS = "numbers"
    NAMES = "names"
    DATE = "date"
    HOUR = "hour"
    OFFSET = "offset"
    OFFSETS = "offsets"
    WAIT = "wait"
    ROWS = "rows"
    GROUP = "group"


FILE = frozenset({"id", "rule", "trend", "skip_at", "scale", "symbol", "spread_minutes"})
"""Keys that are edited in the file: ids are for ever, the others are for whoever knows the file."""
CONDITIONS = ("when", "any_of", "unless")


@dataclass(frozen=True)
class Row:
    """One of several tables: its id, or its place where it has none."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Field:
    """One field. `name` is unique in its form, `key` what it is called in the file, `value` what stands there."""

    name: str
    key: str
    shape: Shape
    value: Any
    written: bool
    """Whether somebody wrote it; else it is the default."""
    optional: bool = False
    options: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    with_ids: bool = False
    fresh: Row | None = None
    """An empty one, to be filled in for one more."""


def fields_of(model: type[BaseModel], table: Mapping[str, Any], prefix: str = "") -> tuple[Field, ...]:
    """The fields of a table: its words, then the rest in the order of its model, then whom it is for."""
    found = tuple(_fields(model, table, prefix))
    return tuple(sorted(found, key=lambda each: 2 if each.key in CONDITIONS else each.shape is not Shape.WORDS))


def _fields(model: type[BaseModel], table: Mapping[str, Any], prefix: str) -> Iterator[Field]:
    for key, info in model.model_fields.items():
        if key in FILE:
            continue
        found = _field(f"{prefix}{key}", key, info, table)
        if found is not None:
            yield found


def _field(name: str, key: str, info: FieldInfo, table: Mapping[str, Any]) -> Field | None:
    kind, optional = _bare(info.annotation)
    written = key in table
    value = table[key] if written else _default(info)
    inner = _inner(kind)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return _rows(name, key, inner, value, written)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        given = value if isinstance(value, Mapping) else {}
        row = Row("", fields_of(kind, given, f"{name}."))
        return Field(name, key, Shape.GROUP, given, written, optional, rows=(row,))
    shape, options = _shape(kind)
    return Field(name, key, shape, value, written, optional, options) if shape else None


def _rows(name: str, key: str, model: type[BaseModel], value: Any, written: bool) -> Field:
    with_ids = "id" in model.model_fields
    tables = [each for each in value or () if isinstance(each, Mapping)]
    names = [str(each.get("id")) if with_ids else str(at) for at, each in enumerate(tables)]
    rows = tuple(Row(row, fields_of(model, each, f"{name}.{row}.")) for row, each in zip(names, tables, strict=True))
    fresh = Row("+", fields_of(model, {}, f"{name}.+."))
    return Field(name, key, Shape.ROWS, tables, written, rows=rows, with_ids=with_ids, fresh=fresh)


def _default(info: FieldInfo) -> Any:
    """What holds where nothing is written, as a file would say it."""
    given = None if info.default is PydanticUndefined else info.default
    return _in_file(given)


def _in_file(value: Any) -> Any:
    match value:
        case time():
            return f"{value:%H:%M}"
        case Enum():
            return value.value
        case Offset() | Wait():
            return str(value)
        case tuple():
            return [_in_file(each) for each in value]
        case BaseModel():
            return {key: _in_file(inner) for key, inner in value if inner not in (None, (), {})}
    return value


def _bare(kind: Any) -> tuple[Any, bool]:
    """The kind without `Annotated` and without `None`, and whether it may be `None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        parts = [each for each in get_args(kind) if each is not type(None)]
        optional = len(parts) < len(get_args(kind))
        return (_bare(parts[0])[0] if len(parts) == 1 else kind), optional
    return kind, False


def _inner(kind: Any) -> Any:
    """What a tuple holds; None for anything else."""
    return _bare(get_args(kind)[0])[0] if get_origin(kind) is tuple else None


def _shape(kind: Any) -> tuple[Shape | None, tuple[str, ...]]:
    if _is_words(kind):
        return Shape.WORDS, ()
    known = _options(kind)
    if known:
        return Shape.ONE, known
    inner = _inner(kind)
    if inner is not None:
        known = _options(inner)
        single = {int: Shape.NUMBERS, str: Shape.NAMES, Offset: Shape.OFFSETS}
        return (Shape.SEVERAL, known) if known else (single.get(inner), ())
    plain = {bool: Shape.FLAG, int: Shape.NUMBER, str: Shape.TEXT, date: Shape.DATE, time: Shape.HOUR}
    return {**plain, Offset: Shape.OFFSET, Wait: Shape.WAIT}.get(kind), ()


def _is_words(kind: Any) -> bool:
    return any(get_origin(each) is dict for each in get_args(kind)) and str in get_args(kind)


def _options(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(str(each) for each in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(each.value) for each in kind)
    return ()
