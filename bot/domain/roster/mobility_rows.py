"""The list that the Beneficiary Module gives, read: each row beside the stay it is about, as a roster would change it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.programme import Programme
from bot.domain.programme.mobility_list import MobilityList
from bot.domain.roster.cells import CellError, text_of
from bot.domain.roster.dates import read_date
from bot.domain.roster.fields import Field
from bot.domain.roster.form import written
from bot.domain.roster.grid import Cell, TableError
from bot.domain.roster.headers import Columns
from bot.domain.roster.matching import KnownPerson, KnownStay
from bot.domain.roster.reference import reference_key
from bot.domain.roster.row import KnownSchool, Roster, RowProblem
from bot.domain.roster.rows import read_values
from bot.domain.roster.table import Table, table_from
from bot.domain.spelling import folded
from bot.i18n import Text, _, say

FIELDS: Mapping[str, Field] = {
    "participant": Field.REFERENCE, "first_name": Field.FIRST_NAME, "last_name": Field.LAST_NAME, "birth": Field.BIRTH,
    "email": Field.EMAIL, "start": Field.START, "end": Field.END, "departure": Field.DEPARTURE, "return": Field.BACK,
    "host": Field.HOST, "country": Field.COUNTRY, "city": Field.CITY,
}  # fmt: skip
TAKEN_OVER = ("start", "end", "departure", "return", "host", "country", "city")
"""What the module may know better. Who somebody is, the school knows."""
_CODE_FIRST = re.compile(r"([A-Z]{2}) [-–] .+")
NOBODY: Text = _(
    "nobody of your schools is called {name}: look at the spelling, or bring them in with the roster first"
)
SEVERAL: Text = _("several people are called {name}: write their date of birth, or their reference as the participant")
NO_STAY: Text = _("{name} has no mobility in these days: look at the dates")
TWICE: Text = _("row {row} is about the same mobility: keep one of them")
NO_COLUMNS: Text = _("none of the columns is known: look at [mobility_list.columns] in the programme")


@dataclass(frozen=True)
class ModuleRow:
    """One row of their file, by our names."""

    row: int
    cells: Mapping[str, Cell]

    @property
    def name(self) -> str:
        return f"{text_of(self.cells.get('first_name'))} {text_of(self.cells.get('last_name'))}".strip()

    def day(self, name: str) -> date | None:
        try:
            return read_date(self.cells[name]) if text_of(self.cells.get(name)) else None
        except CellError:
            return None


def read_list(name: str, content: bytes, rules: MobilityList) -> tuple[Table, list[ModuleRow]]:
    """The table of their file, and its rows with a name.

    Raises:
        TableError: it cannot be read, or nothing in it is known.
    """
    known = {folded(title): column for title, column in rules.columns.items() if column}
    titles = {title: (FIELDS[column],) if column in FIELDS else () for title, column in known.items()}
    table = table_from(name, content, columns=Columns(titles))
    places = {place: known[folded(title)] for place, title in enumerate(table.header) if folded(title) in known}
    if not {"first_name", "last_name"} <= set(places.values()):
        raise TableError(say(NO_COLUMNS))
    rows = [
        ModuleRow(number, {column: cells[place] for place, column in places.items() if place < len(cells)})
        for number, cells in enumerate(table.rows, table.first)
    ]
    return table, [row for row in rows if any(char.isalpha() for char in row.name)]


def stay_of(row: ModuleRow, people: Iterable[KnownPerson]) -> tuple[KnownPerson, KnownStay] | Text:
    """The stay that a row is about; else what is wrong with the row."""
    everybody = list(people)
    key = reference_key(text_of(row.cells.get("participant")))
    named = [each for each in everybody if key and each.key == key]
    named = named or [each for each in everybody if folded(each.full_name) == folded(row.name)]
    born = row.day("birth")
    found = [each for each in named if born is None or each.birth in (None, born)]
    if len(found) != 1:
        return SEVERAL if found else NOBODY
    start = row.day("start")
    stays = [each for each in found[0].stays if each.ended is None]
    near = [each for each in stays if start is None or abs(each.dates[1] - start) <= timedelta(days=120)]
    if not near:
        return NO_STAY
    return found[0], min(near, key=lambda each: abs(each.dates[1] - (start or each.dates[1])))


def roster_of(
    rows: Sequence[ModuleRow],
    people: Sequence[KnownPerson],
    programme: Programme,
    schools: tuple[KnownSchool, ...],
    today: date,
) -> Roster:
    """What the list would change, as a roster: nothing of what it does not say, and of nobody whom it does not name."""
    values: list[Mapping[Field, Cell]] = []
    stays: list[int] = []
    numbers: list[int] = []
    problems: list[RowProblem] = []
    taken: dict[int, int] = defaultdict(int)
    for row in rows:
        found = stay_of(row, people)
        if not isinstance(found, tuple):
            problems.append(RowProblem(row.row, "", say(found, name=row.name)))
            continue
        person, stay = found
        if taken[stay.id]:
            problems.append(RowProblem(row.row, "", say(TWICE, row=taken[stay.id])))
            continue
        taken[stay.id] = row.row
        known = written({Field.REFERENCE: person.reference, **stay.values}, programme, schools)
        values.append(_laid_over(row, stay, known))
        stays.append(stay.id)
        numbers.append(row.row)
    read = read_values(values, programme, schools, today, stays)
    there = dict(enumerate(numbers, 1))
    mended = [replace(each, row=there[each.row], others=tuple(there[other] for other in each.others)) for each in read.problems]  # fmt: skip
    return replace(
        read,
        rows=tuple(replace(each, row=there[each.row]) for each in read.rows),
        problems=tuple(sorted((*problems, *mended), key=lambda each: each.row)),
        warnings=(),
    )


def _laid_over(row: ModuleRow, stay: KnownStay, known: Mapping[Field, str]) -> dict[Field, Cell]:
    """What is known, with what the row says otherwise. Where it says nothing of the journey, that moves with the activity."""
    found: dict[Field, Cell] = dict(known)
    for column in TAKEN_OVER:
        cell = row.cells.get(column)
        if text_of(cell):
            code = _CODE_FIRST.fullmatch(text_of(cell)) if column == "country" else None
            found[FIELDS[column]] = code[1] if code else cell
    departure, start, end, back = stay.dates
    for journey, field, was, by in (
        ("departure", Field.DEPARTURE, departure, start),
        ("return", Field.BACK, back, end),
    ):
        moved = row.day("start" if journey == "departure" else "end")
        if moved and not text_of(row.cells.get(journey)):
            found[field] = was + (moved - by)
    return found
