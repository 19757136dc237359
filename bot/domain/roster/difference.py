"""What a roster would change: each row beside what is known, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.person import Role
from bot.domain.roster.fields import EXTERNALS, GUARDIANS, Field
from bot.domain.roster.row import Guardian, RosterRow, RowProblem, Tutor

Value = str | date
"""A field's value; empty where there is none."""
Values = Mapping[Field, Value]


class State(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    FURTHER = "further"
    """A further stay of somebody we know."""
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """One field, as it was and as it would be."""

    field: Field
    old: Value
    new: Value


@dataclass(frozen=True)
class Compared:
    """A row beside what is known of that reference."""

    row: RosterRow
    state: State
    changes: tuple[Change, ...] = ()
    stay: int | None = field(default=None, compare=False)
    """The stay that is known, where it is one."""


@dataclass(frozen=True)
class Difference:
    """Every row compared, in the order of the file, and whom the file does not name."""

    rows: tuple[Compared, ...]
    missing: tuple[str, ...] = ()
    """References that are known and not in the file: they are left as they are."""
    unlisted: tuple[str, ...] = ()
    """Of those the ones whose class is in the file: whether they still travel, an adult is asked."""
    problems: tuple[RowProblem, ...] = ()
    """Rows that cannot be about the person who has their reference: they are not brought in."""
    warnings: tuple[RowProblem, ...] = ()

    def count(self, state: State) -> int:
        return sum(each.state is state for each in self.rows)


SOMETIMES = frozenset({Field.STATUS, Field.LANGUAGE})
"""Fields that a row may leave as they are."""


def compared(row: RosterRow, known: Values, *, further: Values) -> Compared:
    """A row beside the stay that it is about. `further` are values that do not count in every row."""
    told = values_of(row) | dict(further)
    shown = (each for each in Field if each not in SOMETIMES or each in further)
    changes = tuple(
        Change(each, known.get(each, ""), told.get(each, ""))
        for each in shown
        if known.get(each, "") != told.get(each, "")
    )
    return Compared(row, State.CHANGED if changes else State.UNCHANGED, changes)


PERSON = {
    Field.FIRST_NAME: "first_name",
    Field.LAST_NAME: "last_name",
    Field.BIRTH: "birth",
    Field.EMAIL: "email",
    Field.PHONE: "phone",
}
STAY = {
    Field.KIND: "kind",
    Field.TRACK: "track",
    Field.CLASS: "class_name",
    Field.COUNTRY: "country",
    Field.CITY: "city",
    Field.ZONE: "zone",
    Field.HOME_COUNTRY: "home_country",
    Field.HOME_ZONE: "home_zone",
    Field.WORKING_LANGUAGE: "working_language",
    Field.DEPARTURE: "departure",
    Field.ARRIVES: "arrives",
    Field.START: "start",
    Field.END: "end",
    Field.BACK: "back",
    Field.HOME_ON: "home_on",
    Field.HOST: "host",
    Field.TEACHER: "teacher",
    Field.TEACHER_PHONE: "teacher_phone",
}
"""What an import writes over, and under which name a row and the database both have it. The school, the tutor, guardians
and tags are kept in other shapes. A language is the person's own once they have begun: until then a corrected one counts."""


def values_of(row: RosterRow) -> dict[Field, Value]:
    """The fields of a row that an import writes over."""
    return known_values(row, row, row.school, row.tags, row.tutor, row.guardians, row.externals)


def known_values(
    person: object,
    stay: object,
    school: str,
    tags: Iterable[str],
    tutor: Tutor | None,
    guardians: tuple[Guardian, ...],
    externals: Mapping[Role, Tutor],
) -> dict[Field, Value]:
    """The same fields of a person and a stay, wherever they are kept; `school` is its ref."""
    named = {field: getattr(person, name) for field, name in PERSON.items()}
    named |= {field: getattr(stay, name) for field, name in STAY.items()}
    plain = {field: value if isinstance(value, date) else str(value or "") for field, value in named.items()}
    return {
        **plain,
        Field.SCHOOL: school,
        Field.TAGS: ", ".join(sorted(tags)),
        **_tutor_values(tutor),
        **_guardian_values(guardians),
        **_external_values(externals),
    }


def _tutor_values(tutor: Tutor | None) -> dict[Field, Value]:
    if tutor is None:
        return {}
    return {
        Field.TUTOR_NAME: tutor.name,
        Field.TUTOR_EMAIL: tutor.email or "",
        Field.TUTOR_PHONE: tutor.phone or "",
        Field.TUTOR_LANGUAGE: tutor.language,
    }


def _guardian_values(guardians: tuple[Guardian, ...]) -> dict[Field, Value]:
    found: dict[Field, Value] = {}
    for (name, email, phone, language), each in zip(GUARDIANS, guardians, strict=False):
        found |= {name: each.name, email: each.email or "", phone: each.phone or "", language: each.language}
    return found


def _external_values(externals: Mapping[Role, Tutor]) -> dict[Field, Value]:
    found: dict[Field, Value] = {}
    for role, each in externals.items():
        name, email, phone, language = EXTERNALS[role]
        found |= {name: each.name, email: each.email or "", phone: each.phone or ""}
        found |= {language: each.language} if language else {}
    return found
