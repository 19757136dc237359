"""The inventory of what is held about people is true: every column of every table stands in it, and in one place."""

from __future__ import annotations

from collections import Counter

from bot.domain.personal_data import HELD, TECHNICAL
from bot.domain.programme import Programme
from bot.domain.purposes import PURPOSES, Kept, Kind
from bot.store.models import Base


def test_every_column_of_every_table_is_of_a_kind_or_technical() -> None:
    kept = {table.name: frozenset(table.columns.keys()) for table in Base.metadata.sorted_tables}

    named = {name: held.columns for name, held in HELD.items()}
    assert named | {name: frozenset(columns.split()) for name, columns in TECHNICAL.items()} == kept


def test_no_column_is_of_two_kinds() -> None:
    twice = {
        name: [column for column, times in Counter(" ".join(held.kinds.values()).split()).items() if times > 1]
        for name, held in HELD.items()
    }
    assert {name: columns for name, columns in twice.items() if columns} == {}


def test_every_kind_has_a_purpose_and_an_end() -> None:
    assert set(PURPOSES) == set(Kind)
    assert {purpose.kept for purpose in PURPOSES.values()} == set(Kept)


def test_whose_a_row_is_stands_in_the_table_itself() -> None:
    assert {name: held.owner for name, held in HELD.items() if not set(held.owner.split()) <= held.columns} == {}


def test_the_programme_says_days_for_every_end(programme: Programme) -> None:
    assert {kept: programme.retention.days(kept) for kept in Kept} == {
        Kept.MESSAGES: 90,
        Kept.ANSWERS: 90,
        Kept.CASES: 365,
        Kept.TRAIL: 365,
        Kept.RECORD: 365,
    }
