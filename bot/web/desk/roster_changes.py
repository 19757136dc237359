"""What a roster would do, in words: who is new, what changes from what to what, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel import Locale
from sqlalchemy import select

from bot.domain.changes import Consequences
from bot.domain.roster import RowProblem
from bot.domain.roster.difference import Change, Compared, State, Value
from bot.domain.roster.fields import Field, label
from bot.domain.roster.vocabulary import ENDED, KINDS, TRACKS
from bot.handlers.desk.change import LESS, MORE, MOVED, SAME
from bot.handlers.people.roster_preview import Preview
from bot.i18n import _, dated, told
from bot.store.db import Tx
from bot.store.people import Person, School
from bot.web.desk.visitor import Visitor

FURTHER = _("further stay")
LANGUAGES = {
    Field.LANGUAGE,
    Field.WORKING_LANGUAGE,
    Field.TUTOR_LANGUAGE,
    Field.GUARDIAN_1_LANGUAGE,
    Field.GUARDIAN_2_LANGUAGE,
}


@dataclass(frozen=True)
class FieldShown:
    """A field before and after."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class RowShown:
    """A row of the file."""

    row: int
    name: str
    what: str
    changes: tuple[FieldShown, ...]


@dataclass(frozen=True)
class Fault:
    """A problem or a remark: where, and what."""

    where: str
    says: str


@dataclass(frozen=True)
class PreviewShown:
    """Everything the page tells."""

    version: str
    count: int
    """New and changed together."""
    new: tuple[RowShown, ...]
    changed: tuple[RowShown, ...]
    unchanged: tuple[RowShown, ...]
    problems: tuple[Fault, ...]
    bad_rows: int
    warnings: tuple[Fault, ...]
    unlisted: tuple[str, ...]
    missing: tuple[str, ...]
    consequences: str = ""
    """What it does to planned messages, in a sentence or two."""


def shown_preview(tx: Tx, who: Visitor, preview: Preview, *, form: bool = False) -> PreviewShown:
    """A preview as its page tells it; a form has fields and no rows."""
    words = _Words.of(tx, who)
    rows = {state: tuple(words.row(each) for each in preview.difference.rows if each.state is state) for state in State}
    return PreviewShown(
        version=preview.version,
        count=preview.changes,
        new=rows[State.NEW] + rows[State.FURTHER],
        changed=rows[State.CHANGED],
        unchanged=rows[State.UNCHANGED],
        problems=_faults(preview.problems, who.language, form=form),
        bad_rows=len({row for each in preview.problems for row in each.rows}),
        warnings=_faults(preview.warnings, who.language, form=form),
        unlisted=_names(tx, preview.difference.unlisted),
        missing=_names(tx, tuple(set(preview.difference.missing) - set(preview.difference.unlisted))),
        consequences=_consequences(who, preview.consequences),
    )


def _consequences(who: Visitor, found: Consequences | None) -> str:
    """The sentences of `/change`."""
    if found is None:
        return ""
    counts = ((LESS, found.cancelled), (MOVED, found.moved), (MORE, found.added))
    lines = [who.says(text, count=count) for text, count in counts if count]
    return " ".join(lines or [who.says(SAME)])


def _faults(problems: Iterable[RowProblem], language: str, *, form: bool) -> tuple[Fault, ...]:
    places = ((each, _field(each, language) if form else each.place(language)) for each in problems)
    return tuple(Fault(place[:1].upper() + place[1:], told(each.says, language)) for each, place in places)


def _field(problem: RowProblem, language: str) -> str:
    return label(problem.column, language) if isinstance(problem.column, Field) else problem.column


def _names(tx: Tx, references: tuple[str, ...]) -> tuple[str, ...]:
    people = {person.ref: person.full_name for person in tx.rows.scalars(select(Person))} if references else {}
    return tuple(sorted(people.get(each, each) for each in references))


@dataclass(frozen=True)
class _Words:
    """Values in the reader's language."""

    who: Visitor
    schools: dict[str, str]
    tags: dict[str, str]
    locale: Locale

    @classmethod
    def of(cls, tx: Tx, who: Visitor) -> _Words:
        schools = {school.ref: school.name for school in tx.rows.scalars(select(School))}
        tags = {name: who.says(text) for name, text in tx.programme.tags.items()}
        return cls(who, schools, tags, Locale.parse(dated(who.language).replace("-", "_")))

    def row(self, each: Compared) -> RowShown:
        row = each.row
        span = self.who.clock.span(row.departure, row.back)
        further = self.who.says(FURTHER) if each.state is State.FURTHER else ""
        what = " · ".join(part for part in (further, row.class_name, f"{row.city} ({row.country})", span) if part)
        changes = tuple(self.change(change) for change in each.changes)
        return RowShown(row.row, f"{row.first_name} {row.last_name}", what, changes)

    def change(self, change: Change) -> FieldShown:
        name = label(change.field, self.who.language)
        return FieldShown(name, self.value(change.field, change.old), self.value(change.field, change.new))

    def value(self, field: Field, value: Value) -> str:
        if isinstance(value, date):
            return self.who.clock.full_day(value)
        if field is Field.KIND:
            return self.who.says(KINDS[value])
        if field is Field.TRACK:
            return self.who.says(TRACKS[value])
        if field is Field.SCHOOL:
            return self.schools.get(value, value)
        if field is Field.STATUS:
            return self.who.says(ENDED[value]) if value else ""
        if field in {Field.COUNTRY, Field.HOME_COUNTRY}:
            return str(self.locale.territories.get(value, value))
        if field in LANGUAGES:
            return str(self.locale.languages.get(value, value))
        if field is Field.TAGS:
            return ", ".join(self.tags.get(tag, tag) for tag in value.split(", ") if tag)
        return value
