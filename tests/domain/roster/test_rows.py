"""Rows of the roster: what a good one gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.domain.roster import Cell, Guardian, KnownSchool, Roster, RosterRow, Table, Tutor, read_roster
from bot.domain.roster.fields import Field, label
from bot.domain.roster.headings import JOURNEY
from bot.domain.stay import Kind, Track
from tests.domain.roster.conftest import SCHOOLS, tabulated

ReadRows = Callable[..., Roster]
STAFF: dict[Field, Cell] = {Field.KIND: "personnel", Field.TRACK: None, Field.BIRTH: None}
ONLINE: dict[Field, Cell] = {
    Field.KIND: "eTwinning",
    Field.COUNTRY: None,
    Field.CITY: None,
    Field.DEPARTURE: None,
    Field.BACK: None,
    Field.END: "13/03/2027",
}
CHILE: dict[Field, Cell] = {
    Field.KIND: "entrant",
    Field.COUNTRY: None,
    Field.CITY: None,
    Field.HOME_COUNTRY: "Chili",
    Field.LANGUAGE: "espagnol",
}


def test_row_with_everything_gives_everything(read_rows: ReadRows) -> None:
    roster = read_rows(
        {
            Field.BIRTH: date(2010, 6, 19),
            Field.CLASS: "2MELEC",
            Field.HOST: "Vestland Sjømat AS",
            Field.TUTOR_NAME: "Ingrid Hjelmeland",
            Field.TUTOR_EMAIL: "ingrid@example.org",
            Field.TUTOR_PHONE: "41 23 45 67",
            Field.TUTOR_LANGUAGE: "anglais",
            Field.TEACHER: "Anne Le Goff",
            Field.TEACHER_PHONE: "06 39 98 01 03",
            Field.EMAIL: "lina@example.org",
            Field.PHONE: 639980101.0,
            Field.GUARDIAN_1_NAME: "Samira Haddouche",
            Field.GUARDIAN_1_EMAIL: "samira@example.org",
            Field.GUARDIAN_2_NAME: "Ali Haddouche",
            Field.GUARDIAN_2_PHONE: "06 39 98 01 02",
            Field.GUARDIAN_2_LANGUAGE: "es",
            Field.EMPLOYER_NAME: "Atelier Corvaisier",
            Field.EMPLOYER_EMAIL: "atelier@example.org",
            Field.EMPLOYER_PHONE: "02 40 00 00 01",
            Field.PARTNER_NAME: "Berit Aasen",
            Field.PARTNER_PHONE: "41 23 45 68",
            Field.PARTNER_LANGUAGE: "espagnol",
            Field.TAGS: "host_family",
        }
    )
    row = RosterRow(
        row=2,
        reference="R1",
        first_name="Lina",
        last_name="Haddouche",
        birth=date(2010, 6, 19),
        kind=Kind.OUTGOING,
        track=Track.VET,
        school="valmer",
        class_name="2MELEC",
        country="NO",
        city="Bergen",
        zone="Europe/Oslo",
        home_country="FR",
        home_city="",
        home_zone="Europe/Paris",
        departure=date(2027, 3, 6),
        start=date(2027, 3, 8),
        end=date(2027, 3, 26),
        back=date(2027, 3, 27),
        host="Vestland Sjømat AS",
        tutor=Tutor("Ingrid Hjelmeland", "ingrid@example.org", "en", "+4741234567"),
        teacher="Anne Le Goff",
        teacher_phone="+33639980103",
        language="fr",
        email="lina@example.org",
        phone="+33639980101",
        guardians=(
            Guardian("Samira Haddouche", "samira@example.org", None, "fr"),
            Guardian("Ali Haddouche", None, "+33639980102", "es"),
        ),
        tags=frozenset({"host_family"}),
        externals={
            Role.EMPLOYER: Tutor("Atelier Corvaisier", "atelier@example.org", "fr", "+33240000001"),
            Role.PARTNER: Tutor("Berit Aasen", None, "es", "+4741234568"),
        },
    )
    assert roster == Roster((row,), (), ())


def test_row_reads_the_tutors_phone_as_of_where_the_host_is(read_rows: ReadRows) -> None:
    tutor = {Field.TUTOR_NAME: "Ingrid Hjelmeland", Field.TUTOR_PHONE: "41 23 45 67"}
    incoming = CHILE | {
        Field.HOME_CITY: "Valparaíso",
        Field.TUTOR_NAME: "Jeanne Moal",
        Field.TUTOR_PHONE: "06 39 98 01 04",
    }
    roster = read_rows(tutor, incoming)
    assert [row.tutor and row.tutor.phone for row in roster.rows] == ["+4741234567", "+33639980104"]


def test_row_with_a_phone_of_nobody_asks_for_the_name(read_rows: ReadRows) -> None:
    roster = read_rows(
        {
            Field.TUTOR_PHONE: "41 23 45 67",
            Field.TEACHER_PHONE: "06 39 98 01 03",
            Field.EMPLOYER_EMAIL: "atelier@example.org",
        }
    )
    assert [str(problem) for problem in roster.problems] == [
        'row 2, column "Teacher in charge": there is a phone but no name: write the name',
        'row 2, column "Tutor": there is a phone but no name: write the name',
        'row 2, column "Employer": there is an e-mail address or a phone but no name: write the name',
    ]


def test_row_of_staff_needs_neither_track_nor_birth_date(read_rows: ReadRows) -> None:
    roster = read_rows(STAFF)
    assert [(row.kind, row.track, row.birth, row.minor) for row in roster.rows] == [
        (Kind.STAFF, Track.STAFF, None, False)
    ]
    assert (roster.problems, roster.warnings) == ((), ())


def test_row_of_an_incoming_learner_comes_to_the_school(read_rows: ReadRows) -> None:
    roster = read_rows(
        CHILE | {Field.HOME_CITY: "Hanga Roa"},
        CHILE | {Field.FIRST_NAME: "Awa", Field.HOME_CITY: "Valparaíso", Field.COUNTRY: "France"},
    )
    assert [(row.country, row.city, row.zone, row.home_country, row.home_zone) for row in roster.rows] == [
        ("FR", "Ardonville", "Europe/Paris", "CL", "Pacific/Easter"),
        ("FR", "Ardonville", "Europe/Paris", "CL", "America/Santiago"),
    ]
    assert (roster.problems, roster.warnings) == ((), ())


def test_row_of_a_virtual_exchange_stays_at_home_and_needs_no_journey(read_rows: ReadRows) -> None:
    """Six days of sessions are not too few; a partner's country is asked about, and is not where the learner is."""
    roster = read_rows(
        ONLINE,
        ONLINE | {Field.FIRST_NAME: "Awa", Field.COUNTRY: "Allemagne", Field.CITY: "Weimar"},
        ONLINE | {Field.FIRST_NAME: "Io", Field.SCHOOL: "volcan", Field.END: None},
    )

    assert [(row.kind, row.country, row.city, row.zone, row.departure, row.back) for row in roster.rows] == [
        (Kind.VIRTUAL, "FR", "Ardonville", "Europe/Paris", date(2027, 3, 8), date(2027, 3, 13)),
        (Kind.VIRTUAL, "FR", "Ardonville", "Europe/Paris", date(2027, 3, 8), date(2027, 3, 13)),
    ]
    assert [str(each) for each in (*roster.problems, *roster.warnings)] == [
        'row 4, column "Fin d\'activité": this cell must not be empty',
        'row 3, column "Pays": a virtual exchange takes place from home: name the partner in column "Host"',
    ]


def test_a_sheet_of_nothing_but_virtual_exchanges_needs_no_columns_of_a_journey(tagged: Programme) -> None:
    def problems(*kinds: str) -> list[str]:
        cells: list[dict[Field, Cell]] = [{Field.KIND: kind} for kind in kinds]
        whole = tabulated(*cells)
        kept = [place for place, title in enumerate(whole.header) if title not in {label(each) for each in JOURNEY}]
        rows = tuple(tuple(row[place] for place in kept) for row in whole.rows)
        table = Table(whole.name, tuple(whole.header[place] for place in kept), rows)
        return [str(each) for each in read_roster(table, tagged, SCHOOLS).problems]

    assert problems("virtuel", "eTwinning") == []
    assert [each.partition(": ")[0] for each in problems("virtuel", "sortant")] == ["row 1"]


def test_row_of_an_incoming_learner_reads_phones_of_home(read_rows: ReadRows) -> None:
    belgian = CHILE | {Field.HOME_COUNTRY: "BE", Field.PHONE: "0470 12 34 56"}
    assert [row.phone for row in read_rows(belgian).rows] == ["+32470123456"]


def test_row_takes_the_zones_that_are_written(read_rows: ReadRows) -> None:
    roster = read_rows({Field.ZONE: "Arctic/Longyearbyen", Field.HOME_ZONE: "Indian/Reunion"})
    assert [(row.zone, row.home_zone) for row in roster.rows] == [("Arctic/Longyearbyen", "Indian/Reunion")]


def test_row_takes_home_from_the_school(read_rows: ReadRows) -> None:
    assert [row.home_zone for row in read_rows({Field.SCHOOL: "Lycée du Volcan"}).rows] == ["Indian/Reunion"]


def test_row_takes_the_only_school(read_rows: ReadRows) -> None:
    only = (KnownSchool("solo", "Lycée Solo", "Ville", "Europe/Paris"),)
    assert [row.school for row in read_rows({Field.SCHOOL: None}, schools=only).rows] == ["solo"]


def test_row_numbers_count_empty_rows(tagged: Programme) -> None:
    table = Table("r.csv", ("Référence",), ((None,), ("R1",)), first=4)
    found = read_roster(table, tagged, ()).problems
    assert [(problem.row, problem.column) for problem in found] == [(3, "")]


def test_row_between_empty_rows_keeps_its_number(read_rows: ReadRows) -> None:
    empty: dict[Field, Cell] = dict.fromkeys(Field)
    assert [row.row for row in read_rows({}, empty, {}).rows] == [2, 4]


def test_birthday_on_the_day_of_departure_makes_an_adult(read_rows: ReadRows) -> None:
    assert [row.minor for row in read_rows({Field.BIRTH: "06/03/2009"}).rows] == [False]


def test_a_journey_over_night_names_the_day_it_ends(read_rows: ReadRows) -> None:
    roster = read_rows(
        {Field.ARRIVES: "07/03/2027", Field.HOME_ON: "28/03/2027"},
        {Field.REFERENCE: "R2", Field.ARRIVES: "06/03/2027", Field.HOME_ON: None},
    )
    assert [(row.arrives, row.home_on, row.nights_out, row.nights_back) for row in roster.rows] == [
        (date(2027, 3, 7), date(2027, 3, 28), 1, 1),
        (None, None, 0, 0),
    ]


def test_the_host_family_of_a_guest_is_here_and_the_partner_at_the_guests_home(read_rows: ReadRows) -> None:
    named = {
        Field.HOST_FAMILY_NAME: "Jeanne Moal",
        Field.HOST_FAMILY_PHONE: "06 39 98 01 04",
        Field.PARTNER_NAME: "Pedro Rojas",
        Field.PARTNER_PHONE: "9 6123 4567",
    }
    (row,) = read_rows(CHILE | {Field.HOME_CITY: "Valparaíso"} | named).rows

    assert row.externals == {
        Role.PARTNER: Tutor("Pedro Rojas", None, "en", "+56961234567"),
        Role.HOST_FAMILY: Tutor("Jeanne Moal", None, "fr", "+33639980104"),
    }
