"""Which column is which. Headers are compared as sets of words, so that order, case and accents do not matter:
« Téléphone du responsable 1 », "Guardian 1 phone" and « responsable1 tél. » are the same column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.roster.fields import REQUIRED, Field, label
from bot.domain.roster.row import RowProblem
from bot.domain.spelling import did_you_mean, folded

_PHRASES = {
    "e mail": "email",
    "courrier electronique": "email",
    "adresse email": "email",
    "email address": "email",
    "time zone": "zone",
    "fuseau horaire": "zone",
    "mots cles": "tags",
    "first name": "prenom",
    "given name": "prenom",
    "last name": "nom",
    "family name": "nom",
    "nom de famille": "nom",
    "maitre de stage": "tutor",
    "maitre d apprentissage": "tutor",
    "tuteur legal": "guardian",
    "tutrice legale": "guardian",
    "responsable legal": "guardian",
    "representant legal": "guardian",
    "legal guardian": "guardian",
}
_SYNONYMS = {
    "reference": "reference ref id identifiant identifier code",
    "number": "n no nr numero number",
    "first": "prenom prenoms firstname forename",
    "name": "nom name lastname surname",
    "birth": "naissance birth birthdate birthday dob born ne",
    "kind": "type kind sens direction nature",
    "track": "filiere track voie parcours secteur sector cursus",
    "school": "etablissement lycee school ecole",
    "sending": "envoi sending",
    "class": "classe class groupe group formation section division",
    "country": "pays country",
    "city": "ville city town lieu place commune localite",
    "zone": "zone timezone fuseau",
    "home": "origine origin home residence domicile provenance",
    "destination": "destination",
    "departure": "depart departure aller outbound",
    "start": "debut start begin beginning",
    "end": "fin end",
    "back": "retour return",
    "host": "accueil hote host receiving",
    "company": "entreprise company organisme structure organisation organization employer employeur",
    "tutor": "tuteur tutrice tutor supervisor",
    "email": "email emails mail mel courriel",
    "phone": "phone telephone tel portable mobile gsm",
    "language": "langue language lang",
    "guardian": "guardian responsable parent representant",
    "tags": "tags tag etiquettes etiquette marques particularites",
    "status": "statut status",
    "1": "1 1er 1ere premier first",
    "2": "2 2e 2eme deuxieme second",
}
_EMPTY_WORDS = (
    "de du des d la le l les of the s a au en dans pour date jour day stage activite activity placement internship "
    "pfmp mobilite mobility sejour stay eleve apprenant apprenante learner student etudiant etudiante participant "
    "participante beneficiaire pupil stagiaire prevu prevue planned"
)
_DROPPED = frozenset(_EMPTY_WORDS.split())
_CANON = {word: canon for canon, words in _SYNONYMS.items() for word in words.split()}

_PLAIN = {
    Field.REFERENCE: ("reference", "number"),
    Field.FIRST_NAME: ("first",),
    Field.LAST_NAME: ("name",),
    Field.BIRTH: ("birth",),
    Field.KIND: ("kind",),
    Field.TRACK: ("track",),
    Field.SCHOOL: ("school", "sending school", "name school"),
    Field.CLASS: ("class",),
    Field.COUNTRY: ("country", "host country", "destination country"),
    Field.CITY: ("city", "host city", "destination city"),
    Field.ZONE: ("zone", "host zone", "destination zone"),
    Field.HOME_COUNTRY: ("home country",),
    Field.HOME_CITY: ("home city",),
    Field.HOME_ZONE: ("home zone",),
    Field.DEPARTURE: ("departure",),
    Field.START: ("start",),
    Field.END: ("end",),
    Field.BACK: ("back",),
    Field.HOST: ("host", "company", "host company", "host school", "host name", "company name"),
    Field.TUTOR_NAME: ("tutor", "tutor name"),
    Field.TUTOR_EMAIL: ("tutor email",),
    Field.TUTOR_LANGUAGE: ("tutor language",),
    Field.LANGUAGE: ("language",),
    Field.EMAIL: ("email",),
    Field.PHONE: ("phone",),
    Field.GUARDIAN_1_NAME: ("guardian 1", "guardian 1 name"),
    Field.GUARDIAN_1_EMAIL: ("guardian 1 email",),
    Field.GUARDIAN_1_PHONE: ("guardian 1 phone",),
    Field.GUARDIAN_1_LANGUAGE: ("guardian 1 language",),
    Field.GUARDIAN_2_NAME: ("guardian 2", "guardian 2 name"),
    Field.GUARDIAN_2_EMAIL: ("guardian 2 email",),
    Field.GUARDIAN_2_PHONE: ("guardian 2 phone",),
    Field.GUARDIAN_2_LANGUAGE: ("guardian 2 language",),
    Field.TAGS: ("tags",),
    Field.STATUS: ("status",),
}
_FIELDS = {frozenset(words.split()): field for field, ways in _PLAIN.items() for words in ways}


@dataclass(frozen=True)
class Headings:
    """Where each known column stands (`columns`, from 0) and what is wrong with the header."""

    columns: Mapping[Field, int]
    titles: Mapping[Field, str]
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()

    def title(self, field: Field) -> str:
        """The header as it stands in the file; the English one where the column is absent."""
        return self.titles.get(field, field.value)


def field_of(header: str) -> Field | None:
    """The meaning of a header; None for one that we do not know. What stands in brackets may be left out."""
    return _lookup(_words(header)) or _lookup(_words(re.sub(r"\([^)]*\)", " ", header)))


def _lookup(words: frozenset[str]) -> Field | None:
    if "guardian" in words and not words & {"1", "2"}:
        words |= {"1"}
    if "tutor" in words:
        words -= {"company", "host"}
    return _FIELDS.get(words) or _FIELDS.get(words - {"number"})


def _words(header: str) -> frozenset[str]:
    bare = f" {folded(header)} "
    for phrase, word in _PHRASES.items():
        bare = bare.replace(f" {phrase} ", f" {word} ")
    split = re.sub(r"([a-z])([12])\b", r"\1 \2", bare).split()
    return frozenset(_CANON.get(word, word) for word in split if word not in _DROPPED)


def read_headings(header: tuple[str, ...], row: int = 1, one_school: bool = False) -> Headings:
    """Find the columns. A consortium of one school may leave the column of the school out."""
    columns: dict[Field, int] = {}
    problems, warnings = [], []
    for place, title in enumerate(header):
        field = field_of(title)
        if field and field not in columns:
            columns[field] = place
        elif field:
            says = f'says the same as column "{header[columns[field]]}": keep only one of them'
            problems.append(RowProblem(row, title, says))
        elif title.strip():
            hint = did_you_mean(title, [*map(label, Field), *Field])
            warnings.append(RowProblem(row, title, f"this column is not known and is left out{hint}"))
    missing = [field for field in REQUIRED if field not in columns and not (one_school and field is Field.SCHOOL)]
    if missing:
        problems.append(RowProblem(row, "", _missing(missing, header)))
    titles = {field: header[place].strip() for field, place in columns.items()}
    return Headings(columns, titles, tuple(problems), tuple(warnings))


def _missing(fields: list[Field], header: tuple[str, ...]) -> str:
    names = ", ".join(f'"{label(field)}" ({field.value})' for field in fields)
    found = ", ".join(f'"{title}"' for title in header if title.strip()) or "none"
    noun = "column is" if len(fields) == 1 else "columns are"
    return f"{len(fields)} {noun} missing: {names}. Columns found: {found}"
