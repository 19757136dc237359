"""Every table of a programme that the school wrote, with the words that say where it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def places(part: BaseModel, where: str = "") -> list[Place]:
    """The table itself, then all that it holds, in the order of the schema."""
    found: list[Place] = []
    _visit(part, where, found)
    return found


def _visit(value: object, where: str, found: list[Place]) -> None:
    if isinstance(value, BaseModel):
        if isinstance(value, Part):
            found.append(Place(where, value))
        for name in type(value).model_fields:
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
    return not isinstance(value, str | int) and isinstance(value, BaseModel | dict | tuple)


def _below(where: str, name: str) -> str:
    """`outgoing.before`, or `outgoing.before "ehic", choices`."""
    if not where:
        return name
    return f"{where}.{name}" if where[-1].isalpha() else f"{where}, {name}"


def texts(programme: Programme) -> Iterator[Written]:
    """Every text of the school's."""
    for place in places(programme):
        for name, field in type(place.part).model_fields.items():
            words = getattr(place.part, name)
            if name in place.part.model_fields_set and words is not None and field.annotation in (Words, Words | None):
                yield Written(place.where, name, words)
    for tag, words in programme.tags.items():
        yield Written("tags", tag, words)
