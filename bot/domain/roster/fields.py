"""The columns of a roster, by meaning."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.person import Role
from bot.i18n import _, render


class Field(StrEnum):
    """What a column is about. The value is its English header; the catalogs have the others."""

    REFERENCE = _("Reference")
    FIRST_NAME = _("First name")
    LAST_NAME = _("Last name")
    BIRTH = _("Birth date")
    KIND = _("Kind")
    TRACK = _("Track")
    SCHOOL = _("School")
    CLASS = _("Class")
    COUNTRY = _("Country")
    CITY = _("City")
    ZONE = _("Time zone")
    HOME_COUNTRY = _("Home country")
    HOME_CITY = _("Home city")
    HOME_ZONE = _("Home time zone")
    DEPARTURE = _("Departure")
    ARRIVES = _("Arrival")
    START = _("Start")
    END = _("End")
    BACK = _("Return")
    HOME_ON = _("Arrival at home")
    HOST = _("Host")
    TUTOR_NAME = _("Tutor")
    TUTOR_EMAIL = _("Tutor e-mail")
    TUTOR_PHONE = _("Tutor phone")
    TUTOR_LANGUAGE = _("Tutor language")
    TEACHER = _("Teacher in charge")
    TEACHER_PHONE = _("Teacher phone")
    LANGUAGE = _("Language")
    WORKING_LANGUAGE = _("Working language")
    EMAIL = _("E-mail")
    PHONE = _("Phone")
    GUARDIAN_1_NAME = _("Guardian 1")
    GUARDIAN_1_EMAIL = _("Guardian 1 e-mail")
    GUARDIAN_1_PHONE = _("Guardian 1 phone")
    GUARDIAN_1_LANGUAGE = _("Guardian 1 language")
    GUARDIAN_2_NAME = _("Guardian 2")
    GUARDIAN_2_EMAIL = _("Guardian 2 e-mail")
    GUARDIAN_2_PHONE = _("Guardian 2 phone")
    GUARDIAN_2_LANGUAGE = _("Guardian 2 language")
    EMPLOYER_NAME = _("Employer")
    EMPLOYER_EMAIL = _("Employer e-mail")
    EMPLOYER_PHONE = _("Employer phone")
    PARTNER_NAME = _("Partner's teacher")
    PARTNER_EMAIL = _("Partner's teacher e-mail")
    PARTNER_PHONE = _("Partner's teacher phone")
    PARTNER_LANGUAGE = _("Partner's teacher language")
    HOST_FAMILY_NAME = _("Host family")
    HOST_FAMILY_EMAIL = _("Host family e-mail")
    HOST_FAMILY_PHONE = _("Host family phone")
    HOST_FAMILY_LANGUAGE = _("Host family language")
    TAGS = _("Tags")
    STATUS = _("Status")


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
GUARDIANS = (
    (Field.GUARDIAN_1_NAME, Field.GUARDIAN_1_EMAIL, Field.GUARDIAN_1_PHONE, Field.GUARDIAN_1_LANGUAGE),
    (Field.GUARDIAN_2_NAME, Field.GUARDIAN_2_EMAIL, Field.GUARDIAN_2_PHONE, Field.GUARDIAN_2_LANGUAGE),
)
"""The four columns of each guardian: name, e-mail, phone, language."""
EXTERNALS: Mapping[Role, tuple[Field, Field, Field, Field | None]] = {
    Role.EMPLOYER: (Field.EMPLOYER_NAME, Field.EMPLOYER_EMAIL, Field.EMPLOYER_PHONE, None),
    Role.PARTNER: (Field.PARTNER_NAME, Field.PARTNER_EMAIL, Field.PARTNER_PHONE, Field.PARTNER_LANGUAGE),
    Role.HOST_FAMILY: (
        Field.HOST_FAMILY_NAME,
        Field.HOST_FAMILY_EMAIL,
        Field.HOST_FAMILY_PHONE,
        Field.HOST_FAMILY_LANGUAGE,
    ),
}
"""The same of the employer, who is written to in the programme's language, of the teacher at the partner school, and of the
host family.
"""


def label(field: Field, language: str = "fr") -> str:
    """The header of a column in a language, as the documentation and the desk show it."""
    return render(field.value, language)
