"""What a roster would change, exactly."""

from __future__ import annotations

from datetime import date

from bot.domain.roster import RosterRow
from bot.domain.roster.difference import Change, Compared, Difference, State, values_of
from bot.domain.roster.fields import Field
from bot.domain.roster.matching import KnownPerson, KnownStay, match
from bot.domain.roster.reference import reference_key
from tests.domain.roster.conftest import ReadRows

TODAY = date(2027, 1, 10)


def known(row: RosterRow, *, begun: bool = True) -> KnownPerson:
    """Somebody as an import of that row has made them."""
    values = values_of(row) | {Field.LANGUAGE: row.language, Field.STATUS: ""}
    stay = KnownStay(row.row, (row.departure, row.start, row.end, row.back), begun=begun, values=values)
    key = reference_key(row.reference)
    return KnownPerson(row.row, row.reference, key, row.first_name, row.last_name, row.birth, stays=(stay,))


def difference(rows: tuple[RosterRow, ...], *people: KnownPerson) -> Difference:
    return match(rows, people, TODAY).difference


def test_rows_are_new_changed_or_unchanged_and_the_others_are_named(read_rows: ReadRows) -> None:
    births = [{Field.BIRTH: f"1{day}/06/2008"} for day in range(3)]
    before = read_rows(*births).rows
    changed = births[1] | {Field.CITY: "Oslo", Field.BACK: "28/03/2027"}
    after = read_rows(births[0], changed, births[2]).rows[:2]
    fresh = read_rows({Field.REFERENCE: "N1"}).rows

    assert difference((*after, *fresh), *(known(row) for row in before)) == Difference(
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
        ("R3",),
        ("R3",),
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

    assert difference(named, known(without[0])).rows == (Compared(named[0], State.CHANGED, came),)
    assert difference(without, known(named[0])).rows == (Compared(without[0], State.CHANGED, went),)


def test_a_language_is_corrected_until_the_learner_has_begun(read_rows: ReadRows) -> None:
    before, after = read_rows({}).rows, read_rows({Field.LANGUAGE: "en"}).rows
    corrected = (Change(Field.LANGUAGE, "fr", "en"),)

    assert difference(after, known(before[0])).rows == (Compared(after[0], State.UNCHANGED),)
    assert difference(after, known(before[0], begun=False)).rows == (Compared(after[0], State.CHANGED, corrected),)
