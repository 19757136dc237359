"""People, their roles, and the schools they belong to."""

from __future__ import annotations

import unicodedata
from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime
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
    EMPLOYER = "employer"
    """Who employs an apprentice at home."""
    PARTNER = "partner"
    """The teacher at the partner school."""
    HOST_FAMILY = "host_family"
    """With whom the learner lives during the stay."""


OUTSIDE = frozenset({Role.LEARNER, Role.PARENT, Role.TUTOR, Role.EMPLOYER, Role.PARTNER, Role.HOST_FAMILY})
"""Roles of people who belong to no school's team."""
DUTIES = frozenset({Role.FINANCE, Role.ADMINISTRATION, Role.QUALITY})
"""What somebody of one school may do for all, as the consortium's charter shares it out. Nobody is followed by it."""
STAFF = frozenset(Role) - OUTSIDE
"""Roles of the team: each has a desk in the chat, and sees there what is its to see."""


@dataclass(frozen=True)
class Leave:
    """Planned days off, both ends included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Slot:
    """A time on call. Instants are aware UTC; the end is no longer part of it."""

    since: datetime
    until: datetime

    def covers(self, instant: datetime) -> bool:
        return self.since <= instant < self.until


@dataclass(frozen=True)
class Adult:
    """A member of the team as ladders and rights see them. `school` is None for the consortium's own people."""

    person: int
    roles: frozenset[Role]
    school: int | None
    leaves: tuple[Leave, ...] = ()
    reachable: bool = True
    slots: tuple[Slot, ...] = ()
    elsewhere: tuple[tuple[int | None, frozenset[Role]], ...] = ()
    """Roles at further schools; `roles` are those held at `school`. Under None: a duty that somebody of a school has for all."""

    @property
    def schools(self) -> tuple[int | None, ...]:
        """Where they work: at home first. None is the consortium."""
        return (self.school, *(school for school, _roles in self.elsewhere))

    def post(self, school: int | None) -> frozenset[Role]:
        """Their roles as one of a school's own people; as one of the consortium's own where there is no school."""
        return self.roles if school == self.school else dict(self.elsewhere).get(school, frozenset())

    def roles_at(self, school: int | None) -> frozenset[Role]:
        """What they are to a school. The consortium's own people, its coordinators and its duties are the same to all."""
        return self.post(school) | self.post(None) | (self.every_role & {Role.CONSORTIUM})

    @property
    def every_role(self) -> frozenset[Role]:
        """Whatever they are to anybody."""
        return self.roles.union(*(roles for _school, roles in self.elsewhere))

    def on_call(self, instant: datetime) -> bool:
        return any(slot.covers(instant) for slot in self.slots)

    def away(self, day: date) -> bool:
        return any(leave.covers(day) for leave in self.leaves)


def age_on(birth: date, day: date) -> int:
    """Whole years on a day. Someone born on 29 February comes of age on 1 March (Code civil, art. 388 and 641)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def comes_of_age(birth: date) -> date:
    """The day on which somebody is 18."""
    year = birth.year + 18
    leapling = (birth.month, birth.day) == (2, 29)
    return date(year, 3, 1) if leapling and not isleap(year) else birth.replace(year=year)


def clean_name(written: str, limit: int = 60) -> str:
    """A name without control, bidirectional or invisible characters: it will stand in alerts."""
    kept = (char for char in unicodedata.normalize("NFC", written) if unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())[:limit]


def halves(written: str) -> tuple[str, str]:
    """First and last name of a name that came in one piece."""
    first, _space, last = clean_name(written).rpartition(" ")
    return (first, last) if first else (last, "")
