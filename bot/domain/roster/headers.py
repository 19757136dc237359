"""What a column is called. Headers are compared as sets of words, so that order, case and accents do not matter:
« Téléphone du responsable 1 », "Guardian 1 phone" and « responsable1 tél. » are the same column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from bot.domain.roster.fields import Field, label
from bot.domain.spelling import folded
from bot.i18n import LANGUAGES

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
    "maitre d apprentissage": "employed",
    "maitre apprentissage": "employed",
    "maitre d app": "employed",
    "adresse mail": "email",
    "adresse mel": "email",
    "adresse courriel": "email",
    "adresse electronique": "email",
    "email adresse": "email",
    "date of birth": "birth",
    "langue de la mobilite": "working",
    "langue de mobilite": "working",
    "langue du sejour": "working",
    "langue de sejour": "working",
    "langue du stage": "working",
    "langue de stage": "working",
    "langue de travail": "working",
    "langue d accueil": "working",
    "langue du pays": "working",
    "langue cible": "foreign",
    "langue etrangere": "foreign",
    "langue vivante": "foreign",
    "langue etudiee": "foreign",
    "main language of mobility": "working",
    "language of the mobility": "working",
    "language of mobility": "working",
    "language of instruction": "working",
    "language of work": "working",
    "mobility language": "working",
    "working language": "working",
    "foreign language": "foreign",
    "host family": "lodging",
    "famille d accueil": "lodging",
    "familia de acogida": "lodging",
    "familia anfitriona": "lodging",
    "tuteur legal": "guardian",
    "tutrice legale": "guardian",
    "responsable legal": "guardian",
    "representant legal": "guardian",
    "legal guardian": "guardian",
}
_SYNONYMS = {
    "reference": "reference ref id identifiant identifier code ine matricule dossier login",
    "number": "n no nr num numero number",
    "first": "prenom prenoms firstname forename",
    "name": "nom name lastname surname",
    "birth": "naissance birth birthdate birthday dob born ne naiss",
    "kind": "type kind sens direction nature",
    "track": "filiere track voie parcours secteur sector cursus",
    "school": "etablissement lycee school ecole cfa",
    "sending": "envoi sending",
    "class": "classe class groupe group formation section division div structure",
    "country": "pays country",
    "city": "ville city town lieu place commune localite",
    "zone": "zone timezone fuseau",
    "home": "origine origin home residence domicile provenance",
    "destination": "destination",
    "departure": "depart departure aller outbound",
    "arrival": "arrivee arrival arrives",
    "start": "debut start begin beginning from",
    "end": "fin end to",
    "back": "retour return",
    "host": "accueil hote host receiving",
    "company": "entreprise company organisme organisation organization institution",
    "tutor": "tuteur tutrice tutor supervisor",
    "teacher": "teacher enseignant enseignante enseignants professeur professeure prof accompagnateur accompagnatrice profesor profesora",
    "email": "email emails mail mel courriel",
    "phone": "phone telephone tel portable mobile gsm",
    "language": "langue language lang",
    "guardian": "guardian responsable resp parent representant",
    "tags": "tags tag etiquettes etiquette marques particularites",
    "status": "statut status",
    "employed": "employed employeur employer",
    "contract": "opco siret contrat",
    "lodging": "lodging",
    "partner": "partner partenaire partners socio socia",
    "foreign": "foreign lv lv1 lv2 lv3 lva lvb lvc",
    "1": "1 1er 1ere premier first",
    "2": "2 2e 2eme deuxieme second",
}
_EMPTY_WORDS = (
    "de du des d la le l les of the s a au en dans pour date jour day stage activite activity placement internship "
    "pfmp mobilite mobility sejour stay eleve apprenant apprenante learner student etudiant etudiante participant "
    "participante beneficiaire pupil stagiaire prevu prevue planned apprenti apprentie apprentis beneficiary application national nationale libelle lib long personnel personnelle "
    "legal legale referent referente accompanying"
)
_DROPPED = frozenset(_EMPTY_WORDS.split())
_CANON = {word: canon for canon, words in _SYNONYMS.items() for word in words.split()}

_PLAIN = {
    Field.REFERENCE: ("reference", "number"),
    Field.FIRST_NAME: ("first", "first 1"),
    Field.LAST_NAME: ("name",),
    Field.BIRTH: ("birth",),
    Field.KIND: ("kind",),
    Field.TRACK: ("track",),
    Field.SCHOOL: (
        "school",
        "sending school",
        "home school",
        "name school",
        "sending company",
        "home company",
        "reference school",
    ),
    Field.CLASS: ("class", "name class", "reference class"),
    Field.COUNTRY: ("country", "host country", "destination country", "host company country", "host school country"),
    Field.CITY: ("city", "host city", "destination city", "host company city", "host school city"),
    Field.ZONE: ("zone", "host zone", "destination zone"),
    Field.HOME_COUNTRY: ("home country", "sending country"),
    Field.HOME_CITY: ("home city", "sending city"),
    Field.HOME_ZONE: ("home zone",),
    Field.DEPARTURE: ("departure",),
    Field.ARRIVES: ("arrival", "host arrival", "destination arrival", "departure arrival"),
    Field.START: ("start",),
    Field.END: ("end",),
    Field.BACK: ("back",),
    Field.HOME_ON: ("home arrival", "back arrival", "back home"),
    Field.HOST: ("host", "company", "host company", "host school", "host name", "company name", "host company name"),
    Field.TUTOR_NAME: ("tutor", "tutor name"),
    Field.TUTOR_EMAIL: ("tutor email",),
    Field.TUTOR_PHONE: ("tutor phone", "tutor number phone"),
    Field.TUTOR_LANGUAGE: ("tutor language",),
    Field.TEACHER: ("teacher", "teacher name"),
    Field.TEACHER_PHONE: ("teacher phone", "teacher number phone"),
    Field.LANGUAGE: ("language",),
    Field.WORKING_LANGUAGE: ("working",),
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
    Field.EMPLOYER_NAME: ("employed", "employed name", "employed company", "employed tutor"),
    Field.EMPLOYER_EMAIL: ("employed email", "employed company email", "employed tutor email"),
    Field.EMPLOYER_PHONE: ("employed phone", "employed company phone", "employed tutor phone"),
    Field.PARTNER_NAME: ("partner teacher", "partner teacher name"),
    Field.PARTNER_EMAIL: ("partner teacher email",),
    Field.PARTNER_PHONE: ("partner teacher phone",),
    Field.PARTNER_LANGUAGE: ("partner teacher language",),
    Field.HOST_FAMILY_NAME: ("lodging", "lodging name"),
    Field.HOST_FAMILY_EMAIL: ("lodging email",),
    Field.HOST_FAMILY_PHONE: ("lodging phone",),
    Field.HOST_FAMILY_LANGUAGE: ("lodging language",),
    Field.TAGS: ("tags",),
    Field.STATUS: ("status",),
}
_FIELDS = {frozenset(words.split()): field for field, ways in _PLAIN.items() for words in ways}
_EMPLOYED = frozenset(
    ["apprenti", "apprentie", "apprentis", "apprentissage", "employeur", "employer", "cfa", "opco", "siret", "contrat"]
)


@dataclass(frozen=True)
class Columns:
    """What a school says of its own exports, folded title by title; and what is true of every row of them."""

    titles: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    """No field at all: the column is left out."""
    fixed: Mapping[Field, str] = field(default_factory=dict)


NO_COLUMNS = Columns()


def fields_of(header: str, columns: Columns = NO_COLUMNS) -> tuple[Field, ...]:
    """What a column is about, as the school says or as its words say."""
    said = columns.titles.get(folded(header))
    if said is not None:
        return said
    found = field_of(header)
    return (found,) if found else ()


def known_fields(headers: Iterable[str], columns: Columns = NO_COLUMNS) -> set[Field]:
    """The fields that a row of headers names."""
    return {found for header in headers for found in fields_of(header, columns)}


@lru_cache(maxsize=4096)
def field_of(header: str) -> Field | None:
    """The meaning of a header; None for one that we do not know. What stands in brackets may be left out."""
    bare = re.sub(r"\([^)]*\)", " ", header)
    return _labels().get(folded(header)) or _lookup(words_of(header)) or _lookup(words_of(bare))


def rank_of(header: str) -> int:
    """How sure its words are of that meaning, where two columns mean the same: « Pays d'accueil » is surer than « Pays »,
    « Référence » than « N° »."""
    words = words_of(header)
    return 2 if words & {"host", "destination"} else 0 if words <= {"number"} or words <= {"company", "name"} else 1


def is_foreign_language(header: str) -> bool:
    """The language of the stay or a subject at school: not the one to write to the learner in."""
    return "foreign" in words_of(header)


def is_of_a_contract(header: str) -> bool:
    """What apprentices' files say of the contract with the employer at home, beside the employer's name and how to reach them."""
    return not words_of(header).isdisjoint({"contract", "employed"}) and field_of(header) is None


def tells_of_apprentices(headers: Iterable[str]) -> bool:
    """Whether the columns are those of apprentices: « Entreprise » is then the employer."""
    return any(set(folded(header).split()) & _EMPLOYED for header in headers)


@lru_cache(maxsize=4096)
def words_of(header: str) -> frozenset[str]:
    """The words of a header that tell what it means, each in the form that stands for all alike."""
    parted = re.sub(r"(?<=[a-zé])(?=[A-ZÉ])", " ", header)
    bare = f" {folded(parted)} "
    for phrase, word in _PHRASES.items():
        bare = bare.replace(f" {phrase} ", f" {word} ")
    split = re.sub(r"([a-z]{3,})([12])\b", r"\1 \2", bare).split()
    return frozenset(_CANON.get(word, word) for word in split if word not in _DROPPED)


@cache
def _labels() -> dict[str, Field]:
    """The headers of the documentation, in every language that has a catalog."""
    return {folded(label(each, language)): each for language in reversed(LANGUAGES) for each in Field}


def _lookup(words: frozenset[str]) -> Field | None:
    if "guardian" in words and not words & {"1", "2"}:
        words |= {"1"}
    if "tutor" in words:
        words -= {"company", "host"}
    return _FIELDS.get(words) or _FIELDS.get(words - {"number"})
