"""What each column of a roster is for: beside the fields of the form, on the page of the import, and in the empty file."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents.tables import Sheet
from bot.domain.programme import Programme
from bot.domain.roster.fields import REQUIRED, Field, label
from bot.domain.roster.form import DAYS
from bot.i18n import Text, _, render

HINTS: dict[Field, Text] = {
    Field.REFERENCE: _("Your school's own word for this person: it never changes, and no other person has it."),
    Field.TRACK: _("It decides which rules and papers apply."),
    Field.DEPARTURE: _("The day on which they leave home."),
    Field.START: _("The first day of the activity."),
    Field.END: _("The last day of the activity."),
    Field.BACK: _("The day on which they travel home."),
    Field.PHONE: _("With or without the country code."),
    Field.ZONE: _("Only where it does not follow from the place."),
    Field.ARRIVES: _("Only where the journey takes a night."),
}
WRITTEN: dict[Field, Text] = {
    Field.KIND: _("outgoing, incoming, staff or virtual; empty means outgoing."),
    Field.TRACK: _("vet, hed or staff: « bac pro », « BTS », « personnel » are understood as well."),
    Field.COUNTRY: _("A name or a code of two letters."),
    Field.LANGUAGE: _("The language to write to them in: {languages}."),
    Field.TAGS: _("Of the programme, with commas between: {tags}."),
    Field.STATUS: _("Empty while it goes on; else withdrawn, broken off or postponed."),
}
"""How a cell is written, where that is not plain."""
A_DAY = _("A day, such as 20/03/2027.")
NEEDED = _("needed")


@dataclass(frozen=True)
class Column:
    """A column as the page tells of it."""

    name: str
    needed: bool
    help: str


def columns(programme: Programme, language: str) -> list[Column]:
    """Every column in the reader's language, those that are needed first."""
    tags = ", ".join(render(text, language) for text in programme.tags.values())
    values = {"languages": ", ".join(programme.programme.languages), "tags": tags or "–"}
    found = []
    for field in sorted(Field, key=lambda each: each not in REQUIRED):
        told = [HINTS.get(field), WRITTEN.get(field), A_DAY if field in DAYS else None]
        words = " ".join(render(text, language, values) for text in told if text)
        found.append(Column(label(field, language), field in REQUIRED, words))
    return found


def empty_roster(programme: Programme, language: str) -> Sheet:
    """A file with the columns and no rows; what each is for stands behind its header."""
    found = columns(programme, language)
    notes = {
        place: " ".join(part for part in (f"({render(NEEDED, language)})" if each.needed else "", each.help) if part)
        for place, each in enumerate(found)
    }
    return Sheet(render(_("Roster"), language), [each.name for each in found], [], notes)
