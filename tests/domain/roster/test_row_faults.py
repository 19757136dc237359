"""Rows of the roster: what each fault says, and what is odd but allowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster import Cell, Roster, RowProblem
from bot.domain.roster.fields import REQUIRED, Field, label
from bot.i18n import told

ReadRows = Callable[..., Roster]
STAFF: dict[Field, Cell] = {Field.KIND: "personnel", Field.TRACK: None, Field.BIRTH: None}
CHILE: dict[Field, Cell] = {
    Field.KIND: "entrant",
    Field.COUNTRY: None,
    Field.CITY: None,
    Field.HOME_COUNTRY: "Chili",
    Field.LANGUAGE: "espagnol",
}
ALONE = "a minor without a guardian: nobody of the family will hear from us"


def said(roster: Roster) -> tuple[str, ...]:
    """Problems as the operator reads them; a roster with one of them has no such row."""
    return tuple(str(problem) for problem in roster.problems)


def test_roster_without_rows_is_refused(read_rows: ReadRows) -> None:
    assert said(read_rows(dict.fromkeys(Field))) == (
        "row 2: nothing stands beneath the header: write one row for each stay",
    )


def test_roster_keeps_good_rows_beside_bad_ones(read_rows: ReadRows) -> None:
    roster = read_rows({Field.COUNTRY: "Norvege"}, {Field.START: "31/02/2027"})
    assert [row.reference for row in roster.rows] == ["R1"]
    assert said(roster) == (
        'row 3, column "Début d\'activité": "31/02/2027" is no date: write it like 31/03/2009 or 2009-03-31',
    )


def test_reference_twice_is_refused_in_both_rows(read_rows: ReadRows) -> None:
    roster = read_rows({Field.REFERENCE: "a1"}, {}, {Field.REFERENCE: "A1"})
    assert [row.reference for row in roster.rows] == ["R2"]
    assert said(roster) == (
        'row 2, column "Référence": "a1" also stands in row 4: each stay needs its own',
        'row 4, column "Référence": "A1" also stands in row 2: each stay needs its own',
    )


def test_a_reference_in_several_rows_names_them_as_one_says_it(read_rows: ReadRows) -> None:
    problems = read_rows({Field.REFERENCE: "a1"}, {Field.REFERENCE: "A1"}, {Field.REFERENCE: "a1"}).problems

    assert [told(problem.says, language) for problem, language in zip(problems, ("en", "fr", "de"), strict=True)] == [
        '"a1" also stands in rows 3 and 4: each stay needs its own',
        "« A1 » est aussi aux lignes 2 et 4 : chaque séjour a la sienne",
        "„a1“ steht auch in den Zeilen 2 und 3: Jeder Aufenthalt braucht seine eigene",
    ]


def test_two_stays_of_one_person_one_after_the_other_have_one_reference(read_rows: ReadRows) -> None:
    summer = {
        Field.REFERENCE: "A1",
        Field.DEPARTURE: "05/06/2027",
        Field.START: "07/06/2027",
        Field.END: "25/06/2027",
        Field.BACK: "26/06/2027",
    }
    roster = read_rows({Field.REFERENCE: "a1"}, summer)

    assert ([row.reference for row in roster.rows], said(roster)) == (["a1", "A1"], ())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({Field.REFERENCE: None}, 'column "Référence": this cell must not be empty'),
        ({Field.BIRTH: None}, 'column "Date de naissance": this cell must not be empty'),
        ({Field.TRACK: None}, 'column "Filière": this cell must not be empty'),
        ({Field.SCHOOL: None}, 'column "Établissement": this cell must not be empty'),
        ({Field.CITY: None}, 'column "Ville": this cell must not be empty'),
        ({Field.BACK: None}, 'column "Retour": this cell must not be empty'),
        (
            {Field.TRACK: "staff"},
            'column "Filière": "staff" does not go with the kind "outgoing" in column "Type de mobilité"',
        ),
        (
            {Field.START: "05/03/2027"},
            'column "Début d\'activité": 05/03/2027 comes before 06/03/2027 in column "Départ": correct one of the two',
        ),
        (
            {Field.END: "07/03/2027"},
            'column "Fin d\'activité": 07/03/2027 comes before 08/03/2027 in column "Début d\'activité": '
            "correct one of the two",
        ),
        (
            {Field.BACK: "25/03/2027"},
            'column "Retour": 25/03/2027 comes before 26/03/2027 in column "Fin d\'activité": correct one of the two',
        ),
        (
            {Field.BACK: "10/04/2028"},
            'column "Retour": 402 days after the day in column "Départ": a stay has 400 days at most',
        ),
        (
            {Field.BIRTH: "19/06/2019"},
            'column "Date de naissance": 19/06/2019 gives an age of 7 at departure: 13 to 99 is expected',
        ),
        (
            {Field.EMAIL: "lina"},
            'column "E-mail": "lina" is no e-mail address: write one address, like prenom.nom@example.org',
        ),
        (
            {Field.TUTOR_EMAIL: "t@example.org"},
            'column "Tutor": the tutor has an e-mail address but no name: write the name',
        ),
        (
            {Field.GUARDIAN_1_PHONE: "0639980101"},
            'column "Guardian 1": this guardian has an e-mail or a phone but no name: write the name',
        ),
        (
            {Field.COUNTRY: "Chili", Field.CITY: "Nulle-Part"},
            'column "Time zone": CL has several time zones and "Nulle-Part" does not tell which: write one '
            "(such as America/Santiago, America/Coyhaique, America/Punta_Arenas, Pacific/Easter)",
        ),
        (
            CHILE,
            'column "Home time zone": CL has several time zones and no city tells which: write one '
            "(such as America/Santiago, America/Coyhaique, America/Punta_Arenas, Pacific/Easter)",
        ),
        (
            {Field.TAGS: "host_famly"},
            'column "Étiquettes": "host_famly" is no tag of the programme; did you mean "host_family"?',
        ),
    ],
)
def test_row_with_a_fault_is_refused(change: dict[Field, Cell], problem: str, read_rows: ReadRows) -> None:
    roster = read_rows(change)
    assert (roster.rows, said(roster)) == ((), (f"row 2, {problem}",))


def test_row_tells_all_its_faults_at_once(read_rows: ReadRows) -> None:
    roster = read_rows({Field.SCHOOL: "?", Field.FIRST_NAME: None, Field.BIRTH: "hier"})
    assert [(problem.row, problem.column) for problem in roster.problems] == [
        (2, "Établissement"),
        (2, "Prénom"),
        (2, "Date de naissance"),
    ]


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        (
            {Field.TRACK: "BTS", Field.END: "02/05/2027", Field.BACK: "03/05/2027"},
            "Fin d'activité",
            "56 days where 60 are needed (higher education, programme guide): the grant may be lost",
        ),
        (
            {Field.END: "16/03/2027"},
            "Fin d'activité",
            "9 days where 10 are needed (vocational training, programme guide): the grant may be lost",
        ),
        (
            STAFF | {Field.END: "07/05/2027", Field.BACK: "08/05/2027"},
            "Fin d'activité",
            "61 days where 60 at most are funded (staff mobility, programme guide): the rest is not paid",
        ),
        ({Field.BIRTH: "07/03/2009"}, "Guardian 1", ALONE),
        (
            {Field.GUARDIAN_1_NAME: "Samira"},
            "Responsable 1",
            "Samira has neither e-mail nor phone: nobody can reach this guardian",
        ),
        (
            {Field.LANGUAGE: "allemand"},
            "Langue",
            "the programme does not speak de (fr, en, es): the nearest of these is used",
        ),
        (
            {Field.COUNTRY: "France", Field.CITY: "Lyon"},
            "Pays",
            'FR for a stay of kind "outgoing": check column "Type de mobilité"',
        ),
        (
            CHILE | {Field.HOME_COUNTRY: None},
            "Pays d'origine",
            "no home country for an incoming learner: FR and its time zone are taken",
        ),
    ],
)
def test_row_that_is_odd_is_kept_and_said(
    change: dict[Field, Cell], column: str, says: str, read_rows: ReadRows
) -> None:
    roster = read_rows(change)
    assert (len(roster.rows), roster.problems, roster.warnings) == (1, (), (RowProblem(2, column, says),))


@pytest.mark.parametrize(("track", "end"), [("vet", "17/03/2027"), ("hed", "06/05/2027")])
def test_row_with_just_enough_days_is_not_odd(track: str, end: str, read_rows: ReadRows) -> None:
    roster = read_rows({Field.TRACK: track, Field.END: end, Field.BACK: end})
    assert (len(roster.rows), roster.warnings) == (1, ())


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes()
)


@given(changes=st.lists(st.dictionaries(st.sampled_from(Field), CELLS, max_size=6), min_size=1, max_size=3))
def test_rows_of_nonsense_are_told_and_never_raise(changes: list[dict[Field, Cell]], read_rows: ReadRows) -> None:
    full: dict[Field, Cell] = dict.fromkeys(REQUIRED, "?")
    roster = read_rows(*changes, full)
    bad = {row for problem in roster.problems for row in problem.rows}
    assert {row.row for row in roster.rows}.isdisjoint(bad)
    assert len(roster.rows) + len(bad) == len(changes) + 1


def test_a_journey_ends_after_it_began_and_within_days(read_rows: ReadRows) -> None:
    text = "a journey ends on the day it begins, or up to 3 days later"
    roster = read_rows({Field.ARRIVES: "05/03/2027", Field.HOME_ON: "01/04/2027"})
    assert said(roster) == (
        f'row 2, column "Arrivée": 05/03/2027, with 06/03/2027 in column "Départ": {text}',
        f'row 2, column "Arrivée au retour": 01/04/2027, with 27/03/2027 in column "Retour": {text}',
    )


NOBODY: dict[Field, Cell] = dict.fromkeys(Field)
LEFT_OUT = "row 3: no person and no date stands in this row: it is left out as a total or a note"


@pytest.mark.parametrize(
    ("row", "warned"),
    [
        ({Field.REFERENCE: "Total", Field.FIRST_NAME: "24"}, LEFT_OUT),
        ({Field.REFERENCE: "Sous-total 2MELEC"}, LEFT_OUT),
        ({Field.COUNTRY: "24 élèves"}, LEFT_OUT),
        ({Field.LAST_NAME: "Effectif : 24"}, LEFT_OUT),
    ],
)
def test_a_total_or_a_note_under_the_table_is_left_out_and_said(
    read_rows: ReadRows, row: dict[Field, Cell], warned: str
) -> None:
    roster = read_rows({}, NOBODY | row)
    assert ([each.row for each in roster.rows], roster.problems) == ([2], ())
    assert [str(each) for each in roster.warnings] == [warned]


@pytest.mark.parametrize(
    "row",
    [
        {Field.REFERENCE: "R7"},
        {Field.FIRST_NAME: "Awa", Field.LAST_NAME: "Sarr"},
        {Field.REFERENCE: "Total", Field.DEPARTURE: "06/03/2027"},
    ],
)
def test_a_person_of_whom_much_is_missing_is_never_left_out_in_silence(
    read_rows: ReadRows, row: dict[Field, Cell]
) -> None:
    roster = read_rows({}, NOBODY | row)
    assert {number for each in roster.problems for number in each.rows} == {3}


def test_the_header_once_more_is_no_row(read_rows: ReadRows) -> None:
    again = {field: label(field) for field in Field}
    roster = read_rows({}, again, {Field.FIRST_NAME: "Awa"})
    assert ([each.row for each in roster.rows], roster.problems, roster.warnings) == ([2, 4], (), ())


@pytest.mark.parametrize("written", ["#N/A", "#REF!", "#NOM?", "#VALEUR!", "#DIV/0!", "#NAME?", "#¿NOMBRE?", "#N/D"])
@pytest.mark.parametrize("field", [Field.CITY, Field.HOST, Field.DEPARTURE, Field.EMAIL])
def test_a_formula_that_failed_is_no_word(read_rows: ReadRows, field: Field, written: str) -> None:
    roster = read_rows({field: written})
    assert [str(each) for each in roster.problems][:1] == [
        f'row 2, column "{label(field)}": "{written}": the formula of this cell has failed; write the value itself'
    ]
