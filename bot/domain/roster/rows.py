"""The roster: a table of stays, read row by row. What cannot be read is said, with its row and column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

from bot.domain.programme import Programme
from bot.domain.roster.cells import text_of
from bot.domain.roster.dates import mixed_up
from bot.domain.roster.fields import Field
from bot.domain.roster.grid import Cell
from bot.domain.roster.headers import NO_COLUMNS, Columns
from bot.domain.roster.headings import Headings, read_headings
from bot.domain.roster.line import Line
from bot.domain.roster.reached import Reach
from bot.domain.roster.reference import reference_key
from bot.domain.roster.row import KnownSchool, Roster, RosterRow, RowProblem
from bot.domain.roster.stay_row import read_row
from bot.domain.roster.table import Table
from bot.domain.spelling import folded
from bot.i18n import Sentence, _, _n, say

ALSO_IN = _n(
    '"{written}" also stands in row {others}: each stay needs its own',
    '"{written}" also stands in rows {others}: each stay needs its own',
)
WORDS_NAMED = 6
DATES = (Field.BIRTH, Field.DEPARTURE, Field.ARRIVES, Field.START, Field.END, Field.BACK, Field.HOME_ON)
_SUMS = frozenset(["total", "totaux", "sous", "somme", "sum", "suma", "effectif", "nombre", "moyenne"])


def read_roster(
    table: Table,
    programme: Programme,
    schools: Sequence[KnownSchool],
    today: date | None = None,
    columns: Columns = NO_COLUMNS,
) -> Roster:
    """Read every row of every sheet. `rows` holds those without a problem; problems and warnings come in the order of
    the file. What is wrong with a whole column keeps everything out."""
    notes = [RowProblem(table.first - 1, "", note) for note in table.notes]
    lines: list[Line] = []
    whole: list[RowProblem] = []
    for part in (table, *table.further):
        headings = read_headings(part.header, part.first - 1, len(schools) == 1, columns, part.rows)
        read = _lines(part, headings)
        notes += (replace(each, sheet=part.sheet) for each in headings.warnings)
        notes += (_left_out(line) for line in read if _is_nobody(line))
        read = [line for line in read if not _is_nobody(line)]
        whole += (replace(each, sheet=part.sheet) for each in (*headings.problems, *_columns_mixed_up(part, read)))
        lines += read
    if whole:
        return Roster((), tuple(whole), tuple(notes))
    if not lines:
        nobody = say(_("nothing stands beneath the header: write one row for each stay"))
        return Roster((), (RowProblem(table.first, "", nobody),), tuple(notes))
    return _checked(lines, programme, schools, today, notes)


def read_values(
    rows: Sequence[Mapping[Field, Cell]],
    programme: Programme,
    schools: Sequence[KnownSchool],
    today: date | None = None,
    stays: Sequence[int | None] = (),
) -> Roster:
    """Rows that no file holds, read and checked as those of one; where it is known, the stay that each is about.
    They say nothing of anybody else."""
    fields = tuple(Field)
    headings = Headings({field: place for place, field in enumerate(fields)}, {})
    lines = [Line(at, tuple(row.get(field) for field in fields), headings) for at, row in enumerate(rows, 1)]
    found = _checked(lines, programme, schools, today, ())
    known = dict(enumerate(stays, 1))
    return replace(found, rows=tuple(replace(row, stay=known.get(row.row)) for row in found.rows), whole=False)


def _checked(
    lines: list[Line],
    programme: Programme,
    schools: Sequence[KnownSchool],
    today: date | None,
    notes: Iterable[RowProblem],
) -> Roster:
    rows = [read_row(line, programme, tuple(schools), today) for line in lines]
    _refuse_duplicates(lines, rows)
    _say_twins(lines, rows)
    reach = Reach(programme, schools)
    for line, row in zip(lines, rows, strict=True):
        reach.check(line, row)
    found = tuple(row for line, row in zip(lines, rows, strict=True) if row and not line.problems)
    warnings = _gathered(warning for line in lines for warning in line.warnings)
    return Roster(found, _gathered(problem for line in lines for problem in line.problems), (*notes, *warnings))


def _lines(part: Table, headings: Headings) -> list[Line]:
    """The rows with content. One that the spreadsheet hides is read, and said: whoever hid it may have meant to drop it."""
    lines = [
        Line(number, cells, headings, part.sheet)
        for number, cells in enumerate(part.rows, part.first)
        if any(text_of(cell) for cell in cells)
    ]
    for line in [line for line in lines if _is_header(line, headings)]:
        lines.remove(line)
    for line in lines:
        if line.number in part.hidden:
            text = _("this row is hidden in the spreadsheet and is read all the same: delete it if it is not meant")
            line.warnings.append(RowProblem(line.number, "", say(text), sheet=part.sheet))
    return lines


def _is_header(line: Line, headings: Headings) -> bool:
    """The header once more, as printed lists have it on each page."""
    return bool(headings.titles) and all(text_of(line.cell(field)) == title for field, title in headings.titles.items())


def _is_nobody(line: Line) -> bool:
    """A total or a note under the table: neither a person nor a date stands in it."""
    first = folded(text_of(line.cell(Field.REFERENCE))).partition(" ")[0]
    unnamed = line.blank(Field.FIRST_NAME) or line.blank(Field.LAST_NAME)
    return (not first or first in _SUMS) and unnamed and all(map(line.blank, DATES))


def _left_out(line: Line) -> RowProblem:
    says = say(_("no person and no date stands in this row: it is left out as a total or a note"))
    return RowProblem(line.number, "", says, sheet=line.sheet)


def _columns_mixed_up(part: Table, lines: list[Line]) -> Iterator[RowProblem]:
    """Columns whose days cannot be told from their months."""
    for field in DATES:
        says = mixed_up((line.number, line.cell(field)) for line in lines)
        if says and lines:
            yield RowProblem(part.first - 1, lines[0].title(field), says)


def _refuse_duplicates(lines: list[Line], rows: list[RosterRow | None]) -> None:
    """A reference names one person for ever, who may have several stays, one after the other. Otherwise both rows are
    refused: we do not choose between them.
    """
    read = list(zip(lines, rows, strict=True))
    for same in _alike(read, lambda each: reference_key(text_of(each[0].cell(Field.REFERENCE)))):
        if _one_after_the_other([row for _line, row in same if row]) and all(row for _line, row in same):
            continue
        for line, _row in same:
            others = [str(other.number) for other, _other in same if other is not line]
            written = text_of(line.cell(Field.REFERENCE))
            line.wrong(Field.REFERENCE, say(ALSO_IN, count=len(others), written=written, others={"list": others}))


def _one_after_the_other(rows: list[RosterRow]) -> bool:
    """Whether rows are stays of one person, none of which begins before another is over."""
    people = {(folded(row.first_name), folded(row.last_name), row.birth) for row in rows}
    spans = sorted((row.departure, row.back) for row in rows)
    return len(people) == 1 and all(back < departure for (_first, back), (departure, _last) in pairwise(spans))


def _say_twins(lines: list[Line], rows: list[RosterRow | None]) -> None:
    """Two references for one name and birth date are one person written twice, more often than twins of one name."""
    read = [(line, row) for line, row in zip(lines, rows, strict=True) if row and row.birth]
    for same in _alike(
        read, lambda each: each[1] and (folded(each[1].first_name), folded(each[1].last_name), each[1].birth)
    ):
        references = dict.fromkeys(row.reference for _line, row in same if row)
        if len({reference_key(reference) for reference in references}) == 1:
            continue
        text = _("the same name and birth date under {references}: if it is one person, keep one reference")
        for line, _row in same:
            line.odd(Field.REFERENCE, say(text, references=", ".join(references)))


T = TypeVar("T")


def _alike(each: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Those that share a key, where it is not empty and more than one has it."""
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for one in each:
        groups[key(one)].append(one)
    return [group for name, group in groups.items() if name and len(group) > 1]


def _gathered(each: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    """What is true of many rows is said once; so are several words of a column that mean nothing to us."""
    groups: dict[Hashable, list[RowProblem]] = defaultdict(list)
    for problem in each:
        many = isinstance(problem.says, Sentence) and "many" in problem.says.values
        groups[problem.sheet, problem.column, problem.says.text if many else problem.says].append(problem)  # type: ignore[attr-defined]
    return tuple(_joined(same) for same in groups.values())


def _joined(same: list[RowProblem]) -> RowProblem:
    first = same[0]
    if len(same) == 1:
        return first
    says = first.says
    if isinstance(says, Sentence) and "many" in says.values:
        words = list(dict.fromkeys(each.says.values["many"] for each in same))  # type: ignore[attr-defined]
        shown = ", ".join(words[:WORDS_NAMED]) + (" …" if len(words) > WORDS_NAMED else "")
        says = say(says.text, **{**says.values, "many": shown})
    others = tuple(row for row in dict.fromkeys(each.row for each in same) if row != first.row)
    return replace(first, says=says, others=others)
