"""What is wrong with a programme, in words for whoever writes it, and where: from a path of keys to those words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from bot.i18n import Sentence, _, joined, say


@dataclass(frozen=True)
class Problem:
    """One thing to mend: `where` is the table (`outgoing.before "ehic"`), `field` its key."""

    where: str
    field: str
    says: str

    def sentence(self, name: str = "") -> Sentence:
        """As it is printed; `name` is the file's."""
        return joined([joined([part for part in (name, self.where, self.field) if part]), self.says], ": ")

    def __str__(self) -> str:
        return self.sentence()


class ProgrammeError(Exception):
    """The programme cannot be used. Its text has one line for each problem."""

    def __init__(self, problems: Iterable[Problem], name: str = "") -> None:
        self.problems = tuple(problems)
        self.lines = tuple(problem.sentence(name) for problem in self.problems)
        super().__init__(joined(self.lines, "\n"))


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
            table = words[-1]
            words[-1] = f'{table} "{written["id"]}"' if _has_id(written) else numbered(table, step + 1)
        elif words and words[-1][-1:].isalpha():
            words[-1] += f".{step}"
        else:
            words.append(str(step))
    return joined(words), str(field)


def numbered(table: str, number: int) -> Sentence:
    """A table of a list, by its place."""
    return say(_("{table} no. {number}"), table=table, number=number)


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
