"""Where each column stands, and what is wrong with a header."""

from __future__ import annotations

from bot.domain.roster import RowProblem
from bot.domain.roster.fields import REQUIRED, Field, label
from bot.domain.roster.headings import read_headings
from bot.i18n import LANGUAGES


def test_headings_say_where_columns_stand_and_what_is_left_out() -> None:
    header = (*(label(field) for field in REQUIRED), "", "Fuseau hor", "Commentaire")
    headings = read_headings(header)
    assert headings.columns == {field: place for place, field in enumerate(REQUIRED)}
    assert headings.problems == ()
    assert headings.warnings == (
        RowProblem(1, "Fuseau hor", 'this column is not known and is left out; did you mean "Fuseau horaire"?'),
        RowProblem(1, "Commentaire", "this column is not known and is left out"),
    )


def test_every_column_is_known_by_its_name_in_every_language() -> None:
    """A sheet filled in from the documentation of any language is read without a question."""
    for language in LANGUAGES:
        headings = read_headings([label(field, language) for field in Field])
        assert headings.columns == {field: place for place, field in enumerate(Field)}, language
        assert (headings.problems, headings.warnings) == ((), ()), language


def test_headings_say_many_unknown_columns_in_one_line() -> None:
    header = (*(label(field) for field in REQUIRED), *(f"Col {number}" for number in range(187)))
    named = ", ".join(f'"Col {number}"' for number in range(8))
    assert read_headings(header).warnings == (
        RowProblem(1, "", f"187 columns are not known and are left out: {named} …"),
    )


def test_headings_ask_for_two_columns_where_a_whole_name_stands_in_one() -> None:
    header = tuple(label(field) for field in REQUIRED if field not in {Field.FIRST_NAME, Field.LAST_NAME})
    says = "first and last name stand in one column: make two columns of it"
    for title in ("NOM Prénom", "Nom et prénom de l'élève", "Prénom et nom"):
        assert read_headings((*header, title)).warnings == (RowProblem(1, title, says),)


def test_headings_name_the_missing_columns_and_those_found() -> None:
    header = tuple(label(field) for field in REQUIRED[:-2])
    found = ", ".join(f'"{title}"' for title in header)
    says = f'2 columns are missing: "Fin d\'activité" (End), "Retour" (Return). Columns found: {found}'
    assert read_headings(header).problems == (RowProblem(1, "", says),)


def test_headings_refuse_two_columns_that_mean_the_same() -> None:
    header = (*(label(field) for field in REQUIRED), "Surname")
    assert read_headings(header).problems == (
        RowProblem(1, "Surname", 'says the same as column "Nom": keep only one of them'),
    )


def test_headings_of_one_school_need_no_school() -> None:
    header = tuple(label(field) for field in REQUIRED if field is not Field.SCHOOL)
    assert read_headings(header, one_school=True).problems == ()
