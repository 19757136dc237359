"""What contacts are called on the desk, and where a stay stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.occasion import Kind as ContactKind
from bot.domain.programme import Programme
from bot.domain.watched import Invited, State
from bot.i18n import Text, _, placeholders, render, unfilled
from bot.store.stays import StayRow

TITLES: dict[str, Text] = {
    ContactKind.ARRIVAL: _("Arrival"),
    ContactKind.CHECK_IN: _("Weekly check-in"),
    ContactKind.ATTENDANCE: _("Days at work"),
    ContactKind.SAFE_RETURN: _("Return"),
    "enrolment": _("First contact"),
    "family": _("A word to the family"),
    "tutor": _("Host tutor"),
    ContactKind.EXTERNAL: _("A letter to the employer or the partner school, where there is something to do"),
    ContactKind.UNLISTED: _("not in the sheet any more"),
    "ready": _("Too few adults for this stay"),
    "green_light": _("Green light for the departure"),
    "never_started": _("never started"),
    "no_contact": _("has stopped"),
    "silent": _("silent"),
    "skills": _("What was learned"),
    "catch_up": _("What is overdue, in one message"),
}
STATES: dict[State, tuple[str, str, Text]] = {
    State.SILENT: ("▲", "now", _("silent")),
    State.NEVER_STARTED: ("◇", "today", _("never started")),
    State.STOPPED: ("■", "today", _("has stopped")),
    State.UNREACHABLE: ("✕", "today", _("not reached")),
    State.UNLISTED: ("?", "follow_up", _("not in the sheet any more")),
    State.PAUSED: ("‖", "follow_up", _("paused")),
    State.ELSEWHERE: ("⇄", "follow_up", _("kept in touch otherwise")),
    State.WELL: ("●", "well", _("well")),
    State.READY: ("○", "well", _("has begun")),
    State.BACK: ("✓", "well", _("back")),
    State.ENDED: ("–", "well", _("ended")),
}
"""Where a stay stands: a shape, the class of its colour, and the word. None of the three says it alone."""
INVITED: dict[Invited, Text] = {
    Invited.NOT: _("no invitation yet"),
    Invited.EXPIRED: _("the invitation has expired"),
    Invited.SENT: _("invitation not opened"),
    Invited.CLAIMED: _("waits for your yes"),
    Invited.CONFIRMED: _("has not said yes"),
}
OVERDUE = _("To an adult, if it is still open: {item}")
LONGEST = 90


def title(
    programme: Programme, row: StayRow, touchpoint: str, language: str, facts: Mapping[str, Any] | None = None
) -> str:
    """The words for a touchpoint: the item, the beginning of the message, or the kind of contact. What only the message will
    know stands there as "…".
    """
    kind, _dot, name = touchpoint.partition(".")
    journey = programme.journey(row.kind)
    if kind in {ContactKind.ITEM, ContactKind.OVERDUE}:
        item = journey.item(name)
        words = render(item.title, language) if item else name
        return render(OVERDUE, language, {"item": words}) if kind == ContactKind.OVERDUE else words
    if kind == ContactKind.MESSAGE:
        message = next((each for each in journey.messages if each.id == name), None)
        if message is None:
            return name
        gaps = dict.fromkeys(placeholders(unfilled(message.text, language, {})), "…")
        values = gaps | {
            "name": row.person.first_name,
            "city": row.city,
            "host": row.host,
            "school": row.school.name,
            **(facts or {}),
        }
        return _short(render(message.text, language, values))
    return render(TITLES.get(kind, kind), language)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"
