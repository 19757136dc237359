"""What is wrong with a programme, in words for whoever writes it, and where: from a path of keys to those words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel


@dataclass(frozen=True)
class Problem:
    """One thing to mend: `where` is the table (`outgoing.before "ehic"`), `field` its key."""

    where: str
    field: str
    says: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.where, self.field) if part)
        return f"{place}: {self.says}" if place else self.says


class ProgrammeError(Exception):
    """The programme cannot be used. Its text has one line for each problem."""

    def __init__(self, problems: Iterable[Problem], name: str = "") -> None:
        self.problems = tuple(problems)
        self.lines = lines(self.problems, name)
        super().__init__("\n".join(self.lines))


def lines(problems: Iterable[Problem], name: str) -> tuple[str, ...]:
    """The problems of a file, one line each, as they are printed."""
    return tuple(f"{name}, {problem}" if name else str(problem) for problem in problems)


Path = Sequence[str | int]


def real(path: Path, written: Any) -> tuple[str | int, ...]:
    """The part of a path that is in the file: pydantic adds the names of the types it tried."""
    kept: list[str | int] = []
    for step in path:
        inner = _child(written, step)
        if inner is None and _is_type(step):
            continue
        kept.append(step)
        if inner is None:
            break
        written = inner
    return tuple(kept)


def _is_type(step: str | int) -> bool:
    return isinstance(step, str) and (step == "str" or step.startswith("dict["))


def place(path: Path, written: Any) -> tuple[str, str]:
    """The table, with its id or its number, and the field: `outgoing.before "ehic"` and `due`.

    A choice or question is named after what it belongs to: `outgoing.before "ehic", choices "have"`.
    """
    *tables, field = path or ("",)
    if isinstance(field, int) or _has_id(_at(path, written)):
        tables, field = list(path), ""
    words: list[str] = []
    for step in tables:
        written = _child(written, step)
        if isinstance(step, int):
            named = f' "{written["id"]}"' if _has_id(written) else f" no. {step + 1}"
            words[-1] += named
        elif words and words[-1][-1:].isalpha():
            words[-1] += f".{step}"
        else:
            words.append(str(step))
    return ", ".join(words), str(field)


def model_at(path: Path, model: type[BaseModel]) -> type[BaseModel] | None:
    """The model of the table at a path, to know its keys."""
    found: Any = model
    for step in path:
        if isinstance(step, str) and isinstance(found, type) and issubclass(found, BaseModel):
            if step not in found.model_fields:
                return None
            found = found.model_fields[step].annotation
        found = _model_in(found) or found
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model within `tuple[Item, ...]`, `Item | None` or `dict[Level, LevelRules]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in get_args(annotation))
    return next((model for model in inner if model), None)


def _has_id(table: Any) -> bool:
    return isinstance(table, dict) and isinstance(table.get("id"), str)


def _at(path: Path, written: Any) -> Any:
    for step in path:
        written = _child(written, step)
    return written


def _child(written: Any, step: str | int) -> Any:
    """What is written under one step of a path; nothing where the path leaves the file."""
    if isinstance(written, dict):
        return written.get(step)
    if isinstance(written, list) and isinstance(step, int) and step < len(written):
        return written[step]
    return None
