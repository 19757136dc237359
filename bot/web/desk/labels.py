"""What contacts, kinds of stay and tracks are called on the desk."""

from __future__ import annotations

from bot.domain.programme import Programme
from bot.domain.stay import Ended, Kind, Track
from bot.domain.touchpoints import Kind as ContactKind
from bot.i18n import Text, _, render
from bot.store.stays import StayRow

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


ENDED: dict[str, Text] = {
    Ended.WITHDRAWN: _("does not travel"),
    Ended.BROKEN_OFF: _("broken off"),
    Ended.TRANSFERRED: _("at another time or elsewhere"),
}
