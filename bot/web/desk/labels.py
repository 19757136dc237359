"""What a contact is called on the desk.

What columns of a roster, kinds of stay and tracks are called on the desk.
"""

from __future__ import annotations

from bot.domain.programme import Programme
from bot.domain.roster.fields import Field
from bot.domain.stay import Kind, Track
from bot.domain.touchpoints import Kind as ContactKind
from bot.i18n import Text, _, render
from bot.store.stays import StayRow

COLUMNS: dict[Field, Text] = {
    Field.REFERENCE: _("Reference"),
    Field.FIRST_NAME: _("First name"),
    Field.LAST_NAME: _("Last name"),
    Field.BIRTH: _("Birth date"),
    Field.KIND: _("Kind of mobility"),
    Field.TRACK: _("Track"),
    Field.SCHOOL: _("School"),
    Field.CLASS: _("Class"),
    Field.COUNTRY: _("Country"),
    Field.CITY: _("City"),
    Field.ZONE: _("Time zone"),
    Field.HOME_COUNTRY: _("Home country"),
    Field.HOME_CITY: _("Home city"),
    Field.HOME_ZONE: _("Home time zone"),
    Field.DEPARTURE: _("Departure"),
    Field.START: _("First day of activity"),
    Field.END: _("Last day of activity"),
    Field.BACK: _("Return"),
    Field.HOST: _("Host"),
    Field.TUTOR_NAME: _("Tutor"),
    Field.TUTOR_EMAIL: _("Tutor's e-mail"),
    Field.TUTOR_LANGUAGE: _("Tutor's language"),
    Field.LANGUAGE: _("Language"),
    Field.EMAIL: _("E-mail"),
    Field.PHONE: _("Phone"),
    Field.GUARDIAN_1_NAME: _("Guardian 1"),
    Field.GUARDIAN_1_EMAIL: _("E-mail of guardian 1"),
    Field.GUARDIAN_1_PHONE: _("Phone of guardian 1"),
    Field.GUARDIAN_1_LANGUAGE: _("Language of guardian 1"),
    Field.GUARDIAN_2_NAME: _("Guardian 2"),
    Field.GUARDIAN_2_EMAIL: _("E-mail of guardian 2"),
    Field.GUARDIAN_2_PHONE: _("Phone of guardian 2"),
    Field.GUARDIAN_2_LANGUAGE: _("Language of guardian 2"),
    Field.TAGS: _("Tags"),
}
KINDS: dict[str, Text] = {
    Kind.OUTGOING: _("outgoing"),
    Kind.INCOMING: _("incoming"),
    Kind.STAFF: _("staff"),
}
TRACKS: dict[str, Text] = {
    Track.VET: _("vocational training"),
    Track.HED: _("higher education"),
    Track.STAFF: _("staff mobility"),
}


TITLES: dict[str, Text] = {
    ContactKind.ARRIVAL: _("Arrival"),
    ContactKind.CHECK_IN: _("Weekly check-in"),
    ContactKind.ATTENDANCE: _("Days at work"),
    ContactKind.SAFE_RETURN: _("Return"),
    "enrolment": _("First contact"),
    "family": _("A word to the family"),
    "tutor": _("Host tutor"),
    "ready": _("Too few adults for this stay"),
    "catch_up": _("What is overdue, in one message"),
}
OVERDUE = _("To an adult, if it is still open: {item}")
LONGEST = 90


def title(programme: Programme, row: StayRow, touchpoint: str, language: str) -> str:
    """The words for a touchpoint: the item, the beginning of the message, or the kind of contact."""
    kind, _dot, name = touchpoint.partition(".")
    journey = programme.journey(row.kind)
    if kind in {ContactKind.ITEM, ContactKind.OVERDUE}:
        item = journey.item(name)
        words = render(item.title, language) if item else name
        return render(OVERDUE, language, {"item": words}) if kind == ContactKind.OVERDUE else words
    if kind == ContactKind.MESSAGE:
        message = next((each for each in journey.messages if each.id == name), None)
        values = {"name": row.person.first_name, "city": row.city, "host": row.host, "school": row.school.name}
        return _short(render(message.text, language, values)) if message else name
    return render(TITLES.get(kind, kind), language)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"
