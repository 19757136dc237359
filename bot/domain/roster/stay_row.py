"""One row of a roster becomes one `RosterRow`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.programme import Programme
from bot.domain.roster.dates import read_date
from bot.domain.roster.fields import Field
from bot.domain.roster.line import Line
from bot.domain.roster.people import (
    read_externals,
    read_guardians,
    read_spoken,
    read_teacher,
    read_tutor,
    read_working_language,
)
from bot.domain.roster.place import HERE, Place, read_destination, read_home, read_online, region_of
from bot.domain.roster.reference import read_reference
from bot.domain.roster.row import KnownSchool, RosterRow, Status
from bot.domain.roster.rules import Dates, check_age, check_length, check_likely, check_order, read_arrival
from bot.domain.roster.vocabulary import read_kind, read_school, read_status, read_tags, read_track
from bot.domain.stay import Kind, Track
from bot.i18n import _, say


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


def read_row(
    line: Line, programme: Programme, schools: tuple[KnownSchool, ...], today: date | None = None
) -> RosterRow | None:
    """One stay; None when something is wrong with it, which `line.problems` says."""
    frame = _frame(line, programme, schools)
    if frame:
        check_likely(line, frame.dates, today)
    row = _row(line, programme, frame or _STAND_IN)
    if row.minor and not row.guardians:
        line.odd(Field.GUARDIAN_1_NAME, say(_("a minor without a guardian: nobody of the family will hear from us")))
    return None if frame is None or line.problems else row


def _row(line: Line, programme: Programme, frame: _Frame) -> RosterRow:
    region = frame.home.country if frame.kind is Kind.INCOMING else region_of(frame.school.zone)
    there = "" if frame is _STAND_IN else _region_there(frame)
    teacher, teacher_phone = read_teacher(line, "" if frame is _STAND_IN else region)
    language = read_spoken(line, Field.LANGUAGE, programme.programme.languages, programme.programme.language)
    return RosterRow(
        row=line.number,
        reference=line.need(Field.REFERENCE, read_reference) or "",
        first_name=line.needed_name(Field.FIRST_NAME),
        last_name=line.needed_name(Field.LAST_NAME),
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
        arrives=None
        if frame is _STAND_IN
        else read_arrival(line, Field.ARRIVES, Field.DEPARTURE, frame.dates.departure),
        home_on=None if frame is _STAND_IN else read_arrival(line, Field.HOME_ON, Field.BACK, frame.dates.back),
        host=line.name(Field.HOST, 120),
        tutor=read_tutor(line, there),
        teacher=teacher,
        teacher_phone=teacher_phone,
        language=language,
        working_language=read_working_language(line),
        externals=read_externals(line, programme, region, there, guest=frame.kind is Kind.INCOMING),
        email=line.email(Field.EMAIL),
        phone=line.phone(Field.PHONE, region),
        guardians=read_guardians(line, programme, region, language),
        tags=line.take(Field.TAGS, lambda cell: read_tags(cell, programme)) or frozenset(),
        status=line.take(Field.STATUS, read_status) or Status.PLANNED,
    )


def _region_there(frame: _Frame) -> str:
    """The country whose numbers the host's people write without its code."""
    return region_of(frame.school.zone) if frame.kind is Kind.INCOMING else frame.there.country


def _frame(line: Line, programme: Programme, schools: tuple[KnownSchool, ...]) -> _Frame | None:
    kind = line.take(Field.KIND, read_kind) or Kind.OUTGOING
    track = _track(line, kind)
    school = schools[0] if len(schools) == 1 and line.blank(Field.SCHOOL) else None
    school = school or line.need(Field.SCHOOL, lambda cell: read_school(cell, schools))
    home = read_home(line, kind, school or _UNKNOWN)
    there = read_destination(line, kind, school or _UNKNOWN) if kind is not Kind.VIRTUAL else read_online(line, home)
    dates = _dates(line, kind)
    if dates and track and kind is not Kind.VIRTUAL:
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
        text = _('"{track}" does not go with the kind "{kind}" in column "{column}"')
        line.wrong(Field.TRACK, say(text, track=track, kind=kind, column=line.title(Field.KIND)))
    return track


def _dates(line: Line, kind: Kind) -> Dates | None:
    """Who takes part from home needs no days of a journey: those of the first and the last session do."""
    start, end = line.need(Field.START, read_date), line.need(Field.END, read_date)
    if kind is Kind.VIRTUAL:
        departure, back = line.take(Field.DEPARTURE, read_date) or start, line.take(Field.BACK, read_date) or end
    else:
        departure, back = line.need(Field.DEPARTURE, read_date), line.need(Field.BACK, read_date)
    if not (departure and start and end and back):
        return None
    dates = Dates(departure, start, end, back)
    check_order(line, dates)
    return dates


def _birth(line: Line, frame: _Frame) -> date | None:
    staff = frame.kind is Kind.STAFF
    birth = line.take(Field.BIRTH, read_date) if staff else line.need(Field.BIRTH, read_date)
    if birth and frame is not _STAND_IN:
        check_age(line, birth, frame.dates.departure, frame.kind)
    return birth
