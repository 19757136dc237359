"""The roster: a table of stays, read row by row. What cannot be read is said, with its row and column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.programme import Programme
from bot.domain.roster.cells import read_date, read_name, text_of
from bot.domain.roster.fields import Field
from bot.domain.roster.headers import read_headings
from bot.domain.roster.line import Line
from bot.domain.roster.people import read_guardians, read_spoken, read_tutor
from bot.domain.roster.place import HERE, Place, read_destination, read_home
from bot.domain.roster.reference import read_reference, reference_key
from bot.domain.roster.row import KnownSchool, Roster, RosterRow, RowProblem, Status
from bot.domain.roster.rules import Dates, check_age, check_length, check_order
from bot.domain.roster.table import Table
from bot.domain.roster.vocabulary import read_kind, read_school, read_status, read_tags, read_track
from bot.domain.stay import Kind, Track


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
        bearers[reference_key(text_of(line.cell(Field.REFERENCE)))].append(line)
    for reference, same in bearers.items():
        for line in same if reference and len(same) > 1 else ():
            others = " and ".join(str(other.number) for other in same if other is not line)
            written = text_of(line.cell(Field.REFERENCE))
            line.wrong(Field.REFERENCE, f'"{written}" also stands in row {others}: each stay needs its own')


@dataclass(frozen=True)
class _Frame:
    """What the rest of a row hangs on."""

    kind: Kind
    track: Track
    school: KnownSchool
    there: Place
    home: Place
    dates: Dates


_UNKNOWN = KnownSchool("", "", "", "Europe/Paris")
_STAND_IN = _Frame(
    Kind.OUTGOING,
    Track.VET,
    _UNKNOWN,
    Place(HERE, "", "Europe/Paris"),
    Place(HERE, "", "Europe/Paris"),
    Dates(date.max, date.max, date.max, date.max),
)
"""Lets a row whose frame is wrong be read to its end, so that all its problems are told at once."""


def read_row(line: Line, programme: Programme, schools: tuple[KnownSchool, ...]) -> RosterRow | None:
    """One stay; None when something is wrong with it, which `line.problems` says."""
    frame = _frame(line, programme, schools)
    row = _row(line, programme, frame or _STAND_IN)
    if row.minor and not row.guardians:
        line.odd(Field.GUARDIAN_1_NAME, "a minor without a guardian: nobody of the family will hear from us")
    return None if frame is None or line.problems else row


def _row(line: Line, programme: Programme, frame: _Frame) -> RosterRow:
    region = frame.home.country
    language = read_spoken(line, Field.LANGUAGE, programme, programme.programme.language)
    return RosterRow(
        row=line.number,
        reference=line.need(Field.REFERENCE, read_reference) or "",
        first_name=line.need(Field.FIRST_NAME, read_name) or "",
        last_name=line.need(Field.LAST_NAME, read_name) or "",
        birth=_birth(line, frame),
        kind=frame.kind,
        track=frame.track,
        school=frame.school.ref,
        class_name=line.name(Field.CLASS),
        country=frame.there.country,
        city=frame.there.city,
        zone=frame.there.zone,
        home_country=frame.home.country,
        home_city=frame.home.city,
        home_zone=frame.home.zone,
        departure=frame.dates.departure,
        start=frame.dates.start,
        end=frame.dates.end,
        back=frame.dates.back,
        host=line.name(Field.HOST, 120),
        tutor=read_tutor(line, programme),
        language=language,
        email=line.email(Field.EMAIL),
        phone=line.phone(Field.PHONE, region),
        guardians=read_guardians(line, programme, region, language),
        tags=line.take(Field.TAGS, lambda cell: read_tags(cell, programme)) or frozenset(),
        status=line.take(Field.STATUS, read_status) or Status.PLANNED,
    )


def _frame(line: Line, programme: Programme, schools: tuple[KnownSchool, ...]) -> _Frame | None:
    kind = line.take(Field.KIND, read_kind) or Kind.OUTGOING
    track = _track(line, kind)
    school = schools[0] if len(schools) == 1 and line.blank(Field.SCHOOL) else None
    school = school or line.need(Field.SCHOOL, lambda cell: read_school(cell, schools))
    there = read_destination(line, kind, school or _UNKNOWN)
    home = read_home(line, kind, school or _UNKNOWN)
    dates = _dates(line)
    if dates and track:
        check_length(line, dates, track, programme.rules)
    if not (track and school and there and home and dates):
        return None
    return _Frame(kind, track, school, there, home, dates)


def _track(line: Line, kind: Kind) -> Track | None:
    """Staff stays need no word for it; a learner's track is never guessed, for its rules differ."""
    if kind is Kind.STAFF and line.blank(Field.TRACK):
        return Track.STAFF
    track = line.need(Field.TRACK, read_track)
    if track and (track is Track.STAFF) is not (kind is Kind.STAFF):
        line.wrong(Field.TRACK, f'"{track}" does not go with the kind "{kind}" in column "{line.title(Field.KIND)}"')
    return track


def _dates(line: Line) -> Dates | None:
    departure, start = line.need(Field.DEPARTURE, read_date), line.need(Field.START, read_date)
    end, back = line.need(Field.END, read_date), line.need(Field.BACK, read_date)
    if not (departure and start and end and back):
        return None
    dates = Dates(departure, start, end, back)
    check_order(line, dates)
    return dates


def _birth(line: Line, frame: _Frame) -> date | None:
    staff = frame.kind is Kind.STAFF
    birth = line.take(Field.BIRTH, read_date) if staff else line.need(Field.BIRTH, read_date)
    if birth and frame is not _STAND_IN:
        check_age(line, birth, frame.dates.departure)
    return birth
