"""What is wrong with a programme, in words for whoever writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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


def nearest(written: str, known: Iterable[str]) -> str:
    """`; did you mean "minor"?`, or nothing where no known name is near."""
    found = get_close_matches(written, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""
