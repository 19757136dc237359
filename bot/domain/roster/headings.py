"""The header of a roster: where each column stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.roster.cells import text_of
from bot.domain.roster.fields import REQUIRED, Field, label
from bot.domain.roster.grid import Cell
from bot.domain.roster.headers import (
    NO_COLUMNS,
    Columns,
    fields_of,
    is_foreign_language,
    is_of_a_contract,
    rank_of,
    tells_of_apprentices,
    words_of,
)
from bot.domain.roster.reference import is_running
from bot.domain.roster.row import RowProblem
from bot.domain.roster.vocabulary import kind_words
from bot.domain.spelling import folded, nearest
from bot.domain.stay import Kind
from bot.i18n import Sentence, _, say

_UNKNOWN = _("this column is not known and is left out")
_MOST_UNKNOWN = 8
JOURNEY = frozenset({Field.COUNTRY, Field.CITY, Field.DEPARTURE, Field.BACK})


@dataclass(frozen=True)
class Headings:
    """Where each known column stands (`columns`, from 0) and what is wrong with the header."""

    columns: Mapping[Field, int]
    titles: Mapping[Field, str]
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    fixed: Mapping[Field, str] = field(default_factory=dict)
    """What no column says and is true of every row."""

    def title(self, field: Field) -> str:
        """The header as it stands in the file; the field itself, which has a name in every language, without a column."""
        return self.titles.get(field, field)


def read_headings(
    header: Sequence[str],
    row: int = 1,
    one_school: bool = False,
    columns: Columns = NO_COLUMNS,
    rows: Sequence[Sequence[Cell]] = (),
) -> Headings:
    """Find the columns. A consortium of one school may leave the column of the school out."""
    reading = _Reading(tuple(header), row, columns)
    for place in range(len(header)):
        reading.take(place)
    reading.refuse_running(rows)
    known = {*reading.places, *columns.fixed}
    spared = ({Field.SCHOOL} if one_school else set()) | (
        JOURNEY if _all_virtual(reading.places, columns, rows) else set()
    )
    missing = [field for field in REQUIRED if field not in known and field not in spared]
    if missing:
        reading.problems.append(RowProblem(row, "", _missing(missing, reading.header)))
    warnings = _few(reading.warnings)
    titles = {field: header[place].strip() for field, place in reading.places.items()}
    fixed = {field: value for field, value in columns.fixed.items() if field not in reading.places}
    return Headings(reading.places, titles, tuple(reading.problems), warnings, fixed)


def _all_virtual(places: Mapping[Field, int], columns: Columns, rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a sheet holds virtual exchanges and nothing else: it needs no columns of a journey."""
    place = places.get(Field.KIND)
    cells = [columns.fixed.get(Field.KIND)] if place is None else [row[place] for row in rows if place < len(row)]
    said = {folded(text_of(cell)) for cell in cells if text_of(cell)}
    return {kind_words().get(word) for word in said} == {Kind.VIRTUAL}


class _Reading:
    """One header while it is read, column by column."""

    def __init__(self, header: tuple[str, ...], row: int, columns: Columns) -> None:
        self.header, self.row, self.columns = header, row, columns
        self.places: dict[Field, int] = {}
        self.problems: list[RowProblem] = []
        self.warnings: list[RowProblem] = []
        self._apprentices = tells_of_apprentices(header)

    def take(self, place: int) -> None:
        title = self.header[place]
        said = folded(title) in self.columns.titles
        if not title.strip() or (said and not fields_of(title, self.columns)):
            return
        if not said and (why := self._not_meant(title)):
            self._odd(title, why)
            return
        for meant in fields_of(title, self.columns) or (None,):
            if meant is None:
                hint = nearest(title, [*map(label, Field), *Field])
                self._odd(title, say(_UNKNOWN, hint=hint))
            elif meant not in self.places:
                self.places[meant] = place
            else:
                self._again(meant, place)

    def _again(self, field: Field, place: int) -> None:
        """Two columns of one meaning: the surer counts, if one is."""
        title, other = self.header[place], self.header[self.places[field]]
        ranks = rank_of(title), rank_of(other)
        if ranks[0] == ranks[1]:
            text = _('says the same as column "{column}": keep only one of them')
            self.problems.append(RowProblem(self.row, title, say(text, column=other)))
            return
        if ranks[0] > ranks[1]:
            self.places[field], title, other = place, other, title
        self._odd(title, say(_('left out: column "{column}" says it more exactly'), column=other))

    def _not_meant(self, title: str) -> Sentence | None:
        """Why a column that looks like one of ours is another thing."""
        if is_foreign_language(title):
            return say(_("a language of the stay or of the lessons, not the one to write to the learner in: left out"))
        if {"first", "name"} <= words_of(title) and fields_of(title, self.columns) == ():
            return say(_("first and last name stand in one column: make two columns of it"))
        bare_company = words_of(title) <= {"company", "name"} and "company" in words_of(title)
        if is_of_a_contract(title) or (self._apprentices and bare_company):
            text = _('the employer at home, not the host abroad: left out. The host stands under "{host}"')
            return say(text, host=label(Field.HOST))
        return None

    def refuse_running(self, rows: Sequence[Sequence[Cell]]) -> None:
        """A column that only counts its rows is no reference."""
        place = self.places.get(Field.REFERENCE)
        if place is None:
            return
        cells = [row[place] for row in rows if place < len(row) and any(cell is not None for cell in row)]
        if is_running(self.header[place], cells):
            text = _(
                "these numbers only count the rows: sorted anew, they would name other people. Use a reference that "
                "stays with each person (INE, a number of the school, letters and a number)"
            )
            self.problems.append(RowProblem(self.row, self.header[place].strip(), say(text)))

    def _odd(self, title: str, says: Sentence) -> None:
        self.warnings.append(RowProblem(self.row, title, says))


def _few(warnings: Sequence[RowProblem]) -> tuple[RowProblem, ...]:
    """Many columns that mean nothing to us are said in one line."""
    unknown = [each for each in warnings if isinstance(each.says, Sentence) and each.says.text == _UNKNOWN]
    if len(unknown) <= _MOST_UNKNOWN:
        return tuple(warnings)
    shown = ", ".join(f'"{each.column}"' for each in unknown[:_MOST_UNKNOWN])
    text = _("{count} columns are not known and are left out: {names} …")
    together = RowProblem(unknown[0].row, "", say(text, count=len(unknown), names=shown))
    return (*(each for each in warnings if each not in unknown), together)


def _missing(fields: Sequence[Field], header: Sequence[str]) -> Sentence:
    names = ", ".join(f'"{label(field)}" ({field.value})' for field in fields)
    found = ", ".join(f'"{title}"' for title in header if title.strip()) or "none"
    if len(fields) == 1:
        return say(_("1 column is missing: {names}. Columns found: {found}"), names=names, found=found)
    text = _("{number} columns are missing: {names}. Columns found: {found}")
    return say(text, number=len(fields), names=names, found=found)
