"""What the roster says, read and checked: one `RosterRow` per stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.domain.person import Role, age_on
from bot.domain.roster.fields import Field, label
from bot.domain.stay import Kind, Track
from bot.i18n import _, render, told

_ROWS_NAMED = 12
_SHEET = _('sheet "{sheet}", ')
_PLACES = (
    (_("row {rows}"), _('row {rows}, column "{column}"')),
    (_("rows {rows}"), _('rows {rows}, column "{column}"')),
)


class Status(StrEnum):
    """What a school says of a stay beside its dates."""

    PLANNED = "planned"
    """It goes on as its dates say: nothing is written, or a word like "confirmed"."""
    WITHDRAWN = "withdrawn"
    """Called off before the departure."""
    BROKEN_OFF = "broken_off"
    """Ended early, after the departure."""
    POSTPONED = "postponed"
    """To be at a later time: the dates of the row count where they are later than those known."""


@dataclass(frozen=True)
class KnownSchool:
    """A school of the consortium, as far as the roster needs it."""

    ref: str
    name: str
    city: str
    zone: str
    adults: int | None = None
    """How many of its people can take a case; None where nobody has counted."""


@dataclass(frozen=True)
class Guardian:
    """A parent or another legal guardian. `phone` is E.164, `language` a language code."""

    name: str
    email: str | None
    phone: str | None
    language: str


@dataclass(frozen=True)
class Tutor:
    """Who looks after the learner at the host's, or somewhere else: an employer, a teacher at the partner school."""

    name: str
    email: str | None
    language: str
    phone: str | None = None


@dataclass(frozen=True)
class RosterRow:
    """One stay and its people. Countries are ISO codes, zones IANA names, phones E.164; `school` is a school's ref."""

    row: int
    """The row's number in the spreadsheet."""
    reference: str
    first_name: str
    last_name: str
    birth: date | None
    """Known for every learner; staff may leave it out."""
    kind: Kind
    track: Track
    school: str
    class_name: str
    country: str
    city: str
    zone: str
    """Where the stay takes place."""
    home_country: str
    home_city: str
    home_zone: str
    """Before and after: the school's zone, or that of an incoming learner's home."""
    departure: date
    start: date
    end: date
    back: date
    host: str
    tutor: Tutor | None
    language: str
    email: str | None
    phone: str | None
    guardians: tuple[Guardian, ...]
    tags: frozenset[str]
    status: Status = Status.PLANNED
    arrives: date | None = None
    """The day of the arrival there, where it is not that of the departure."""
    teacher: str = ""
    """Who goes with the learner, or looks after them from the school."""
    teacher_phone: str | None = None
    home_on: date | None = None
    """The day of the arrival at home, where it is not that of the return."""
    working_language: str = ""
    """The language at the host's, where the file says it."""
    externals: Mapping[Role, Tutor] = field(default_factory=dict)
    """Who else has something to do for it: the employer, the teacher at the partner school."""
    stay: int | None = None
    """The stay it is about, where that is known without its dates."""

    @property
    def nights_out(self) -> int:
        """Nights on the way there."""
        return (self.arrives - self.departure).days if self.arrives else 0

    @property
    def nights_back(self) -> int:
        """Nights on the way home."""
        return (self.home_on - self.back).days if self.home_on else 0

    @property
    def minor(self) -> bool:
        """Under 18 on the day of departure."""
        return self.birth is not None and age_on(self.birth, self.departure) < 18


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row, or odd about it. `column` is the header as it stands in the file; empty for a whole row."""

    row: int
    column: str
    says: str
    others: tuple[int, ...] = ()
    """Further rows of which the same is true."""
    sheet: str = ""
    """Its name, where several are read."""

    @property
    def rows(self) -> tuple[int, ...]:
        return (self.row, *self.others)

    def told(self, language: str) -> str:
        """The whole line in a language."""
        return f"{self.place(language)}: {told(self.says, language)}"

    def place(self, language: str) -> str:
        """Where to look: the sheet, the rows, the column."""
        column = label(self.column, language) if isinstance(self.column, Field) else self.column
        where = {"rows": self._numbers(), "column": column, "sheet": self.sheet}
        place = render(_PLACES[bool(self.others)][bool(self.column)], language, where)
        return f"{render(_SHEET, language, where)}{place}" if self.sheet else place

    def _numbers(self) -> str:
        shown = ", ".join(map(str, self.rows[:_ROWS_NAMED]))
        return f"{shown} …" if len(self.rows) > _ROWS_NAMED else shown

    def __str__(self) -> str:
        return self.told("en")


@dataclass(frozen=True)
class Roster:
    """The rows without a fault, what is wrong with the others, and what is odd but allowed."""

    rows: tuple[RosterRow, ...]
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    whole: bool = True
    """A list; else single rows, and whom they do not name is not missed."""
