"""Dates, telephone numbers and addresses, however they are written."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster.cells import CellError, read_date, read_email, read_name, read_phone, text_of
from bot.domain.roster.table import Cell

DAYS = st.dates(date(1951, 1, 1), date(2050, 12, 31))


@given(DAYS)
def test_date_is_read_in_every_way_to_write_it(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    ways: list[Cell] = [
        day,
        datetime(day.year, day.month, day.day, 13, 30),
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T00:00:00",
        f"{day:%d/%m/%Y}",
        f" {day.day}.{day.month}.{day.year} ",
        f"{day:%d-%m-%y}",
        format_date(day, "d MMMM y", locale="fr"),
        format_date(day, "EEEE d MMM y", locale="fr").upper(),
        format_date(day, "long", locale="es"),
        format_date(day, "d MMMM y", locale="en"),
        serial if 20000 <= serial < 80000 else day,
        float(serial) + 0.5 if 20000 <= serial < 80000 else day,
    ]
    assert [read_date(way) for way in ways] == [day] * len(ways)


def test_date_understands_the_first_of_a_month() -> None:
    assert read_date("1er janvier 2027") == date(2027, 1, 1)


@pytest.mark.parametrize("written", ["31/02/2009", "04/13/2027", "0001-01-01", "hier", True, 12, "15/03", "2027"])
def test_date_that_cannot_be_is_refused(written: Cell) -> None:
    with pytest.raises(CellError) as caught:
        read_date(written)
    assert str(caught.value) == f'"{written}" is no date: write it like 31/03/2009 or 2009-03-31'


@given(st.integers(600000000, 799999999))
def test_phone_survives_what_spreadsheets_do_to_it(national: int) -> None:
    spaced = " ".join(f"0{national}"[at : at + 2] for at in range(0, 10, 2))
    ways: list[Cell] = [
        national,
        float(national),
        f"{national}.0",
        f"0{national}",
        spaced,
        spaced.replace(" ", "."),
        int(f"33{national}"),
        f"33{national}.0",
        f"+33 (0){national}",
        f"0033{national}",
        f"+33{national}",
    ]
    assert [read_phone(way) for way in ways] == [f"+33{national}"] * len(ways)


def test_phone_without_plus_is_of_the_region() -> None:
    assert read_phone("0470 12 34 56", "BE") == "+32470123456"


def test_phone_with_plus_is_of_its_own_country() -> None:
    assert read_phone("+56 2 2345 6789") == "+56223456789"


@pytest.mark.parametrize(
    "written", ["12", "06 12 34 56 7", "6123456789", "1-800-FLOWERS", "06 39 98 00 11 (mère)", "6,12E+08"]
)
def test_phone_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(CellError) as caught:
        read_phone(written)
    assert str(caught.value) == f'"{written}" is no telephone number: write it like +33 6 12 34 56 78'


def test_email_is_taken_out_of_a_link_and_its_domain_is_small() -> None:
    assert read_email("mailto:Lina.H@Example.ORG ") == "Lina.H@example.org"


@pytest.mark.parametrize(
    "written", ["lina", "lina@example", "a@b.org, c@d.org", "Lina <lina@example.org>", "lina@@example.org"]
)
def test_email_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(CellError) as caught:
        read_email(written)
    assert str(caught.value) == f'"{written}" is no e-mail address: write one address, like prenom.nom@example.org'


def test_name_loses_what_cannot_be_seen() -> None:
    assert read_name(" Awa\u202e\n Cissokho\u200b ") == "Awa Cissokho"


@pytest.mark.parametrize(("cell", "text"), [(None, ""), (12.0, "12"), (1.5, "1.5"), (7, "7"), (" a\n b ", "a b")])
def test_text_is_one_line_and_whole_numbers_stay_whole(cell: Cell, text: str) -> None:
    assert text_of(cell) == text
