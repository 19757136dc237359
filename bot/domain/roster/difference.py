"""What a roster would change: each row beside what is known, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.roster.fields import Field
from bot.domain.roster.row import Guardian, RosterRow, Tutor

Value = str | date
"""A field's value; empty where there is none."""
Values = Mapping[Field, Value]
GUARDIANS = (
    (Field.GUARDIAN_1_NAME, Field.GUARDIAN_1_EMAIL, Field.GUARDIAN_1_PHONE, Field.GUARDIAN_1_LANGUAGE),
    (Field.GUARDIAN_2_NAME, Field.GUARDIAN_2_EMAIL, Field.GUARDIAN_2_PHONE, Field.GUARDIAN_2_LANGUAGE),
)


class State(StrEnum):
    """What becomes of a row."""

    NEW = "new"
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


@dataclass(frozen=True)
class Difference:
    """Every row compared, in the order of the file, and whom the file does not name."""

    rows: tuple[Compared, ...]
    missing: tuple[str, ...] = ()
    """References that are known and not in the file: they are left as they are."""

    def count(self, state: State) -> int:
        return sum(each.state is state for each in self.rows)


def difference(rows: tuple[RosterRow, ...], known: Mapping[str, Values]) -> Difference:
    """What importing `rows` would do to what is `known`, by reference."""
    named = {row.reference for row in rows}
    missing = tuple(sorted(reference for reference in known if reference not in named))
    return Difference(tuple(_compared(row, known.get(row.reference)) for row in rows), missing)


def _compared(row: RosterRow, known: Values | None) -> Compared:
    if known is None:
        return Compared(row, State.NEW)
    told = values_of(row)
    changes = tuple(
        Change(field, known.get(field, ""), told.get(field, ""))
        for field in Field
        if known.get(field, "") != told.get(field, "")
    )
    return Compared(row, State.CHANGED if changes else State.UNCHANGED, changes)


def values_of(row: RosterRow) -> dict[Field, Value]:
    """The fields of a row that an import writes over. A language is the person's own: it is set once, with the first."""
    return {
        Field.FIRST_NAME: row.first_name,
        Field.LAST_NAME: row.last_name,
        Field.BIRTH: row.birth or "",
        Field.KIND: row.kind.value,
        Field.TRACK: row.track.value,
        Field.SCHOOL: row.school,
        Field.CLASS: row.class_name,
        Field.COUNTRY: row.country,
        Field.CITY: row.city,
        Field.ZONE: row.zone,
        Field.HOME_ZONE: row.home_zone,
        Field.DEPARTURE: row.departure,
        Field.START: row.start,
        Field.END: row.end,
        Field.BACK: row.back,
        Field.HOST: row.host,
        Field.EMAIL: row.email or "",
        Field.PHONE: row.phone or "",
        Field.TAGS: ", ".join(sorted(row.tags)),
        **tutor_values(row.tutor),
        **guardian_values(row.guardians),
    }


def tutor_values(tutor: Tutor | None) -> dict[Field, Value]:
    """The tutor's three fields."""
    if tutor is None:
        return {}
    return {
        Field.TUTOR_NAME: tutor.name,
        Field.TUTOR_EMAIL: tutor.email or "",
        Field.TUTOR_LANGUAGE: tutor.language,
    }


def guardian_values(guardians: tuple[Guardian, ...]) -> dict[Field, Value]:
    """Four fields for each guardian, in their order."""
    found: dict[Field, Value] = {}
    for (name, email, phone, language), each in zip(GUARDIANS, guardians, strict=False):
        found |= {name: each.name, email: each.email or "", phone: each.phone or "", language: each.language}
    return found
