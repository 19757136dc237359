"""The roster: a table of stays, read row by row. What cannot be read is said, with its row and column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.domain.programme import Programme
from bot.domain.roster.cells import text_of
from bot.domain.roster.entry import read_row
from bot.domain.roster.fields import Field
from bot.domain.roster.headers import read_headings
from bot.domain.roster.line import Line
from bot.domain.roster.row import KnownSchool, Roster, RowProblem
from bot.domain.roster.table import Table


def read_roster(table: Table, programme: Programme, schools: Sequence[KnownSchool]) -> Roster:
    """Read every row. `rows` holds those without a problem; problems and warnings come in the order of the file."""
    headings = read_headings(table.header, table.first - 1, one_school=len(schools) == 1)
    if headings.problems:
        return Roster((), headings.problems, headings.warnings)
    lines = [
        Line(number, cells, headings)
        for number, cells in enumerate(table.rows, table.first)
        if any(text_of(cell) for cell in cells)
    ]
    if not lines:
        nobody = RowProblem(table.first, "", "nothing stands beneath the header: write one row for each stay")
        return Roster((), (nobody,), headings.warnings)
    _refuse_duplicates(lines)
    rows = [read_row(line, programme, tuple(schools)) for line in lines]
    return Roster(
        rows=tuple(row for row in rows if row),
        problems=tuple(problem for line in lines for problem in line.problems),
        warnings=headings.warnings + tuple(warning for line in lines for warning in line.warnings),
    )


def _refuse_duplicates(lines: list[Line]) -> None:
    """A reference names one stay for ever. Both rows are refused: we do not choose between them."""
    bearers: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        bearers[text_of(line.cell(Field.REFERENCE)).casefold()].append(line)
    for reference, same in bearers.items():
        for line in same if reference and len(same) > 1 else ():
            others = " and ".join(str(other.number) for other in same if other is not line)
            written = text_of(line.cell(Field.REFERENCE))
            line.wrong(Field.REFERENCE, f'"{written}" also stands in row {others}: each stay needs its own')
