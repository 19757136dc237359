"""The columns of a roster, by meaning."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """What a column is about. The value is the English header, as the documentation shows it."""

    REFERENCE = "Reference"
    FIRST_NAME = "First name"
    LAST_NAME = "Last name"
    BIRTH = "Birth date"
    KIND = "Kind"
    TRACK = "Track"
    SCHOOL = "School"
    CLASS = "Class"
    COUNTRY = "Country"
    CITY = "City"
    ZONE = "Time zone"
    HOME_COUNTRY = "Home country"
    HOME_CITY = "Home city"
    HOME_ZONE = "Home time zone"
    DEPARTURE = "Departure"
    START = "Start"
    END = "End"
    BACK = "Return"
    HOST = "Host"
    TUTOR_NAME = "Tutor"
    TUTOR_EMAIL = "Tutor e-mail"
    TUTOR_LANGUAGE = "Tutor language"
    LANGUAGE = "Language"
    EMAIL = "E-mail"
    PHONE = "Phone"
    GUARDIAN_1_NAME = "Guardian 1"
    GUARDIAN_1_EMAIL = "Guardian 1 e-mail"
    GUARDIAN_1_PHONE = "Guardian 1 phone"
    GUARDIAN_1_LANGUAGE = "Guardian 1 language"
    GUARDIAN_2_NAME = "Guardian 2"
    GUARDIAN_2_EMAIL = "Guardian 2 e-mail"
    GUARDIAN_2_PHONE = "Guardian 2 phone"
    GUARDIAN_2_LANGUAGE = "Guardian 2 language"
    TAGS = "Tags"


FRENCH = {
    Field.REFERENCE: "Référence",
    Field.FIRST_NAME: "Prénom",
    Field.LAST_NAME: "Nom",
    Field.BIRTH: "Date de naissance",
    Field.KIND: "Type de mobilité",
    Field.TRACK: "Filière",
    Field.SCHOOL: "Établissement",
    Field.CLASS: "Classe",
    Field.COUNTRY: "Pays",
    Field.CITY: "Ville",
    Field.ZONE: "Fuseau horaire",
    Field.HOME_COUNTRY: "Pays d'origine",
    Field.HOME_CITY: "Ville d'origine",
    Field.HOME_ZONE: "Fuseau d'origine",
    Field.DEPARTURE: "Départ",
    Field.START: "Début d'activité",
    Field.END: "Fin d'activité",
    Field.BACK: "Retour",
    Field.HOST: "Organisme d'accueil",
    Field.TUTOR_NAME: "Tuteur",
    Field.TUTOR_EMAIL: "E-mail du tuteur",
    Field.TUTOR_LANGUAGE: "Langue du tuteur",
    Field.LANGUAGE: "Langue",
    Field.EMAIL: "E-mail",
    Field.PHONE: "Téléphone",
    Field.GUARDIAN_1_NAME: "Responsable 1",
    Field.GUARDIAN_1_EMAIL: "E-mail responsable 1",
    Field.GUARDIAN_1_PHONE: "Téléphone responsable 1",
    Field.GUARDIAN_1_LANGUAGE: "Langue responsable 1",
    Field.GUARDIAN_2_NAME: "Responsable 2",
    Field.GUARDIAN_2_EMAIL: "E-mail responsable 2",
    Field.GUARDIAN_2_PHONE: "Téléphone responsable 2",
    Field.GUARDIAN_2_LANGUAGE: "Langue responsable 2",
    Field.TAGS: "Étiquettes",
}
"""The French header of each column."""

REQUIRED = (
    Field.REFERENCE,
    Field.FIRST_NAME,
    Field.LAST_NAME,
    Field.BIRTH,
    Field.TRACK,
    Field.SCHOOL,
    Field.COUNTRY,
    Field.CITY,
    Field.DEPARTURE,
    Field.START,
    Field.END,
    Field.BACK,
)
