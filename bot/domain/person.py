"""People, their roles, and the schools they belong to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a stay or to a school."""

    LEARNER = "learner"
    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    HEAD = "head"
    ON_CALL = "on_call"
    TEACHER = "teacher"
    FINANCE = "finance"
    ADMINISTRATION = "administration"
    QUALITY = "quality"
    CONSORTIUM = "consortium"
    """The consortium's own coordinator: the last rung."""
    PARENT = "parent"
    TUTOR = "tutor"


@dataclass(frozen=True)
class Leave:
    """Planned days off, both ends included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Adult:
    """A member of the team as a ladder sees them. `school` is None for the consortium's own people."""

    person: int
    roles: frozenset[Role]
    school: int | None
    leaves: tuple[Leave, ...] = ()
    reachable: bool = True

    def away(self, day: date) -> bool:
        return any(leave.covers(day) for leave in self.leaves)


def age_on(birth: date, day: date) -> int:
    """Whole years on a day. Someone born on 29 February comes of age on 1 March (Code civil, art. 388 and 641)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def clean_name(written: str, limit: int = 60) -> str:
    """A name without control, bidirectional or invisible characters: it will stand in alerts."""
    kept = (char for char in unicodedata.normalize("NFC", written) if unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())[:limit]
