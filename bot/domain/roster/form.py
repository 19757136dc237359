"""A row of the roster as a form: which fields stand together, and what becomes of it when two people write at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.programme import Programme
from bot.domain.roster.difference import Values
from bot.domain.roster.fields import GUARDIANS, REQUIRED, Field
from bot.domain.roster.row import KnownSchool
from bot.domain.roster.rows import read_values
from bot.i18n import Text, _

Written = dict[Field, str]
"""What stands in each field, as a browser sends it."""
DAYS = frozenset(
    {Field.BIRTH, Field.DEPARTURE, Field.ARRIVES, Field.START, Field.END, Field.BACK, Field.HOME_ON},
)
SECTIONS: tuple[tuple[Text, bool, tuple[Field, ...]], ...] = (
    (_("Who"), True, (Field.FIRST_NAME, Field.LAST_NAME, Field.BIRTH, Field.REFERENCE, Field.SCHOOL, Field.CLASS, Field.TRACK, Field.KIND)),
    (_("Where and when"), True, (Field.COUNTRY, Field.CITY, Field.DEPARTURE, Field.START, Field.END, Field.BACK)),
    (_("How to reach them"), True, (Field.PHONE, Field.EMAIL, Field.LANGUAGE)),
    (_("Family"), False, tuple(field for four in GUARDIANS for field in four)),
    (_("The host"), False, (Field.HOST, Field.TUTOR_NAME, Field.TUTOR_EMAIL, Field.TUTOR_PHONE, Field.TUTOR_LANGUAGE, Field.WORKING_LANGUAGE)),
    (_("Employer and partner school"), False, (Field.EMPLOYER_NAME, Field.EMPLOYER_EMAIL, Field.EMPLOYER_PHONE, Field.PARTNER_NAME, Field.PARTNER_EMAIL, Field.PARTNER_PHONE, Field.PARTNER_LANGUAGE)),
    (_("Host family"), False, (Field.HOST_FAMILY_NAME, Field.HOST_FAMILY_EMAIL, Field.HOST_FAMILY_PHONE, Field.HOST_FAMILY_LANGUAGE)),
    (_("More"), False, (Field.TAGS, Field.TEACHER, Field.TEACHER_PHONE, Field.ARRIVES, Field.HOME_ON, Field.ZONE, Field.HOME_COUNTRY, Field.HOME_CITY, Field.HOME_ZONE)),
)  # fmt: skip
"""What it is called, whether it stands open, and its fields. How a stay ends is no field: that has a form of its own."""
ALIKE = frozenset(
    {Field.SCHOOL, Field.CLASS, Field.TRACK, Field.KIND, Field.COUNTRY, Field.CITY, Field.DEPARTURE, Field.START, Field.END, Field.BACK, Field.LANGUAGE, Field.TEACHER, Field.TEACHER_PHONE, Field.ARRIVES, Field.HOME_ON, Field.ZONE}
)  # fmt: skip
"""What the learners of a class mostly have in common."""


@dataclass(frozen=True)
class Merged:
    """What two people wrote, put together: the later wins only where both wrote. `others` is what changed meanwhile."""

    values: Written
    others: tuple[tuple[Field, str, str], ...]


def is_needed(field: Field) -> bool:
    return field in REQUIRED


def written(known: Values, programme: Programme, schools: tuple[KnownSchool, ...]) -> Written:
    """What is known of a stay as its form shows it. A time zone that follows from the place is left to follow it."""
    found = {
        field: value.isoformat() if isinstance(value, date) else str(value)
        for field in Field
        if (value := known.get(field, ""))
    }
    for zone in (Field.ZONE, Field.HOME_ZONE):
        without = {field: value for field, value in found.items() if field is not zone}
        rows = read_values([without], programme, schools).rows
        if rows and (rows[0].zone if zone is Field.ZONE else rows[0].home_zone) == found.get(zone):
            found = without
    return found


def merged(sent: Written, was: Written, now: Written) -> Merged:
    """What somebody sent, who saw `was`, while it became `now`: what they left alone is as it is now."""
    fields = {*sent, *was, *now}
    others = tuple(
        (field, was.get(field, ""), now.get(field, ""))
        for field in Field
        if field in fields and was.get(field, "") != now.get(field, "")
    )
    values = {
        field: now.get(field, "") if sent.get(field, "") == was.get(field, "") else sent.get(field, "")
        for field in fields
    }
    return Merged({field: value for field, value in values.items() if value}, others)


def sent_values(form: Mapping[str, str]) -> Written:
    """The fields of a form by their names; tags are boxes to tick."""
    found = {field: " ".join(form.get(field.name.lower(), "").split()) for field in Field}
    ticked = sorted(name.partition("tag.")[2] for name, value in form.items() if name.startswith("tag.") and value)
    found[Field.TAGS] = ", ".join(ticked)
    return {field: value for field, value in found.items() if value}
