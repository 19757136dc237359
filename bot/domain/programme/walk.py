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


def places(part: BaseModel, where: str = "") -> Iterator[Place]:
    """The table itself, then all that it holds, in the order of the schema."""
    if isinstance(part, Part):
        yield Place(where, part)
    for name in type(part).model_fields:
        if name in part.model_fields_set:
            yield from _held(getattr(part, name), _below(where, name))


def _held(value: object, where: str) -> Iterator[Place]:
    if isinstance(value, str | int):  # nearly all of them: asked first, since the question below is a dear one
        return
    if isinstance(value, BaseModel):
        yield from places(value, where)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _held(inner, _below(where, str(key)))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value, start=1):
            name = getattr(inner, "id", None)
            yield from _held(inner, f'{where} "{name}"' if name else numbered(where, number))


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
