"""What a roster would change, exactly."""

from __future__ import annotations

from datetime import date

from bot.domain.roster.difference import Change, Compared, Difference, State, difference, values_of
from bot.domain.roster.fields import Field
from tests.domain.roster.conftest import ReadRows


def test_rows_are_new_changed_or_unchanged_and_the_others_are_named(read_rows: ReadRows) -> None:
    before = read_rows({}, {}, {}).rows
    known = {row.reference: values_of(row) for row in before} | {"gone": {}}
    after = read_rows({}, {Field.CITY: "Oslo", Field.BACK: "28/03/2027"}, {}, {}).rows[:2]
    fresh = read_rows({Field.REFERENCE: "N1"}).rows

    assert difference((*after, *fresh), known) == Difference(
        (
            Compared(after[0], State.UNCHANGED),
            Compared(
                after[1],
                State.CHANGED,
                (
                    Change(Field.CITY, "Bergen", "Oslo"),
                    Change(Field.BACK, date(2027, 3, 27), date(2027, 3, 28)),
                ),
            ),
            Compared(fresh[0], State.NEW),
        ),
        ("R3", "gone"),
    )


def test_guardians_that_come_and_go_are_changes_of_their_fields(read_rows: ReadRows) -> None:
    without = read_rows({}).rows
    named = read_rows({Field.GUARDIAN_1_NAME: "Mona", Field.GUARDIAN_1_EMAIL: "mona@example.org"}).rows
    came = (
        Change(Field.GUARDIAN_1_NAME, "", "Mona"),
        Change(Field.GUARDIAN_1_EMAIL, "", "mona@example.org"),
        Change(Field.GUARDIAN_1_LANGUAGE, "", "fr"),
    )
    went = tuple(Change(each.field, each.new, each.old) for each in came)

    assert difference(named, {"R1": values_of(without[0])}).rows == (Compared(named[0], State.CHANGED, came),)
    assert difference(without, {"R1": values_of(named[0])}).rows == (Compared(without[0], State.CHANGED, went),)


def test_a_language_is_set_once_and_is_no_change(read_rows: ReadRows) -> None:
    before, after = read_rows({}).rows, read_rows({Field.LANGUAGE: "en"}).rows
    assert difference(after, {"R1": values_of(before[0])}).rows == (Compared(after[0], State.UNCHANGED),)
