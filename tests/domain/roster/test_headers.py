"""Which column is which."""

from __future__ import annotations

import pytest

from bot.domain.roster import RowProblem
from bot.domain.roster.fields import REQUIRED, Field, label
from bot.domain.roster.headers import field_of, read_headings


@pytest.mark.parametrize("field", list(Field))
def test_header_is_known_in_both_languages_and_in_any_dress(field: Field) -> None:
    titles = [field.value, label(field)]
    dressed = [
        *titles,
        *(title.upper() for title in titles),
        *(f" {title.replace(' ', '_')} (*) :" for title in titles),
    ]
    assert [field_of(title) for title in dressed] == [field] * len(dressed)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Nom de famille", Field.LAST_NAME),
        ("Prénom de l'élève", Field.FIRST_NAME),
        ("Né(e) le", Field.BIRTH),
        ("N° élève", Field.REFERENCE),
        ("Date de début de stage", Field.START),
        ("Date de retour prévue (jj/mm/aaaa)", Field.BACK),
        ("Pays d’accueil", Field.COUNTRY),
        ("Host company", Field.HOST),
        ("Tuteur en entreprise", Field.TUTOR_NAME),
        ("Numéro de téléphone", Field.PHONE),
        ("Responsable légal n° 2 : courriel", Field.GUARDIAN_2_EMAIL),
        ("Tuteur légal", Field.GUARDIAN_1_NAME),
        ("tél. responsable1", Field.GUARDIAN_1_PHONE),
        ("Nom et prénom", None),
        ("Lieu de naissance", None),
        ("", None),
    ],
)
def test_header_is_understood_by_its_words(header: str, field: Field | None) -> None:
    assert field_of(header) == field


def test_headings_say_where_columns_stand_and_what_is_left_out() -> None:
    header = (*(label(field) for field in REQUIRED), "", "Fuseau hor", "Commentaire")
    headings = read_headings(header)
    assert headings.columns == {field: place for place, field in enumerate(REQUIRED)}
    assert headings.problems == ()
    assert headings.warnings == (
        RowProblem(1, "Fuseau hor", 'this column is not known and is left out; did you mean "Fuseau horaire"?'),
        RowProblem(1, "Commentaire", "this column is not known and is left out"),
    )


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
