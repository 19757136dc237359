"""A row as a form: what is known comes back unchanged, and two who write at once both keep what they wrote."""

from __future__ import annotations

from datetime import date

from bot.domain.programme import Programme
from bot.domain.roster.difference import values_of
from bot.domain.roster.fields import Field
from bot.domain.roster.form import SECTIONS, merged, sent_values, written
from bot.domain.roster.rows import read_values
from tests.domain.roster.conftest import GOOD, SCHOOLS, ReadRows

FULL = {
    Field.TUTOR_NAME: "Jorunn Vik",
    Field.TUTOR_PHONE: "55 12 34 56",
    Field.GUARDIAN_1_NAME: "Samia Haddouche",
    Field.GUARDIAN_1_PHONE: "06 39 98 00 11",
    Field.TAGS: "Famille d'accueil",
    Field.WORKING_LANGUAGE: "anglais",
    Field.ARRIVES: "07/03/2027",
}
GUEST = {Field.KIND: "entrant", Field.COUNTRY: "", Field.CITY: "", Field.HOME_COUNTRY: "Chili", Field.HOME_CITY: "Santiago"}  # fmt: skip


def test_what_is_known_comes_back_as_it_is(read_rows: ReadRows, tagged: Programme) -> None:
    rows = read_rows({}, FULL, GUEST, {Field.SCHOOL: "volcan"}).rows
    assert len(rows) == 4
    for row in rows:
        shown = written(values_of(row) | {Field.REFERENCE: row.reference}, tagged, SCHOOLS)
        again = read_values([shown], tagged, SCHOOLS, stays=[7])
        assert (again.problems, again.whole, again.rows[0].stay) == ((), False, 7)
        assert values_of(again.rows[0]) == values_of(row)


def test_a_zone_follows_the_place_unless_it_is_another(read_rows: ReadRows, tagged: Programme) -> None:
    plain, other = read_rows({}, {Field.ZONE: "Europe/London"}).rows
    assert Field.ZONE not in written(values_of(plain) | {Field.REFERENCE: "R1"}, tagged, SCHOOLS)
    known = values_of(other) | {Field.REFERENCE: other.reference}
    assert written(known, tagged, SCHOOLS)[Field.ZONE] == "Europe/London"


def test_faults_name_their_field(tagged: Programme) -> None:
    spoilt = {field: str(value) for field, value in GOOD.items()} | {Field.REFERENCE: "R1", Field.EMAIL: "lina.example.org", Field.BACK: "2027-03-20"}  # fmt: skip
    problems = read_values([spoilt], tagged, SCHOOLS, date(2027, 3, 1)).problems
    assert {each.column for each in problems} == {Field.EMAIL, Field.BACK}


def test_both_keep_what_they_wrote() -> None:
    was = {Field.CITY: "Bergen", Field.HOST: "Elektro", Field.CLASS: "1A", Field.PHONE: "1"}
    now = {Field.CITY: "Oslo", Field.HOST: "Elektro", Field.CLASS: "1B", Field.PHONE: "1"}
    sent = {Field.CITY: "Bergen", Field.HOST: "Bakeri", Field.CLASS: "1C"}
    found = merged(sent, was, now)
    assert found.values == {Field.CITY: "Oslo", Field.HOST: "Bakeri", Field.CLASS: "1C"}
    assert set(found.others) == {(Field.CITY, "Bergen", "Oslo"), (Field.CLASS, "1A", "1B")}


def test_every_field_but_the_end_has_its_place_once() -> None:
    placed = [field for _title, _open, fields in SECTIONS for field in fields]
    assert sorted(placed) == sorted(set(Field) - {Field.STATUS})


def test_boxes_that_are_ticked_are_tags() -> None:
    form = {"first_name": " Zoé  Anne ", "tag.apprentice": "1", "tag.host_family": "", "city": ""}
    assert sent_values(form) == {Field.FIRST_NAME: "Zoé Anne", Field.TAGS: "apprentice"}
