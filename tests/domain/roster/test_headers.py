"""Which column is which."""

from __future__ import annotations

import pytest

from bot.domain.roster.fields import Field, label
from bot.domain.roster.headers import field_of


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
        ("Tél. du tuteur", Field.TUTOR_PHONE),
        ("Portable du maître de stage", Field.TUTOR_PHONE),
        ("Supervisor's phone number", Field.TUTOR_PHONE),
        ("Host tutor mobile", Field.TUTOR_PHONE),
        ("Teléfono de la persona tutora", Field.TUTOR_PHONE),
        ("Professeur référent", Field.TEACHER),
        ("Enseignante accompagnatrice", Field.TEACHER),
        ("Accompanying teacher", Field.TEACHER),
        ("Tél. professeur référent", Field.TEACHER_PHONE),
        ("Mobile de l'accompagnateur", Field.TEACHER_PHONE),
        ("Nom de l'enseignant référent", Field.TEACHER),
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
