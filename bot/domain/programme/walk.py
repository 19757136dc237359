"""Every table of a programme that the school wrote, with the words that say where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, get_args

from pydantic import BaseModel

from bot.domain.programme.model import Programme
from bot.domain.programme.part import Part, Words
from bot.domain.programme.problem import numbered


@dataclass(frozen=True)
class Place:
    """One table and where it is. What the school left to Compagnon's own values is not visited."""

    where: str
    part: Part


@dataclass(frozen=True)
class Written:
    """One text that the school wrote."""

    where: str
    field: str
    words: Words


def places(part: BaseModel, where: str = "") -> Sequence[Place]:
    """The table itself, then all that it holds, in the order of the schema."""
    return _of_programme(part) if isinstance(part, Programme) else _of_part(part, where)


@lru_cache(maxsize=2)
def _of_programme(programme: Programme) -> Sequence[Place]:
    """Every rule of a check walks through the same programme: the way is looked for once."""
    return _of_part(programme, "")


def _of_part(part: BaseModel, where: str) -> Sequence[Place]:
    found: list[Place] = []
    _visit(part, where, found)
    return tuple(found)


def _visit(value: object, where: str, found: list[Place]) -> None:
    if isinstance(value, BaseModel):
        if isinstance(value, Part):
            found.append(Place(where, value))
        for name in _tables_of(type(value)):
            if name in value.model_fields_set and _holds(inner := getattr(value, name)):
                _visit(inner, _below(where, name), found)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if _holds(inner):
                _visit(inner, _below(where, str(key)), found)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value, start=1):
            if _holds(inner):
                ref = getattr(inner, "id", None)
                _visit(inner, f'{where} "{ref}"' if ref else numbered(where, number), found)


def _holds(value: object) -> bool:
    """Whether there may be tables in it; nearly all are words and numbers, and naming a place is dear."""
    return not isinstance(value, (str, int)) and isinstance(value, (BaseModel, dict, tuple))


@cache
def _tables_of(kind: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a table that may hold tables; all others are words and numbers, and need no visit."""
    return tuple(name for name, field in kind.model_fields.items() if _may_hold(field.annotation))


def _may_hold(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return annotation is Any or any(map(_may_hold, get_args(annotation)))


@cache
def _texts_of(kind: type[Part]) -> tuple[str, ...]:
    return tuple(name for name, field in kind.model_fields.items() if field.annotation in (Words, Words | None))


def _below(where: str, name: str) -> str:
    """`outgoing.before`, or `outgoing.before "ehic", choices`."""
    if not where:
        return name
    return f"{where}.{name}" if where[-1].isalpha() else f"{where}, {name}"


def texts(programme: Programme) -> Iterator[Written]:
    """Every text of the school's."""
    for place in places(programme):
        for name in _texts_of(type(place.part)):
            words = getattr(place.part, name)
            if name in place.part.model_fields_set and words is not None:
                yield Written(place.where, name, words)
    for tag, words in programme.tags.items():
        yield Written("tags", tag, words)
