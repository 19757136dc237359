"""What a contact is called on the desk."""

from __future__ import annotations

from bot.domain.programme import Programme
from bot.domain.touchpoints import Kind
from bot.i18n import Text, _, render
from bot.store.stays import StayRow

TITLES: dict[str, Text] = {
    Kind.ARRIVAL: _("Arrival"),
    Kind.CHECK_IN: _("Weekly check-in"),
    Kind.ATTENDANCE: _("Days at work"),
    Kind.SAFE_RETURN: _("Return"),
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
    if kind in {Kind.ITEM, Kind.OVERDUE}:
        item = journey.item(name)
        words = render(item.title, language) if item else name
        return render(OVERDUE, language, {"item": words}) if kind == Kind.OVERDUE else words
    if kind == Kind.MESSAGE:
        message = next((each for each in journey.messages if each.id == name), None)
        values = {"name": row.person.first_name, "city": row.city, "host": row.host, "school": row.school.name}
        return _short(render(message.text, language, values)) if message else name
    return render(TITLES.get(kind, kind), language)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"
