"""Days, however they are written; and columns whose days cannot be told from their months."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster import Cell
from bot.domain.roster.cells import CellError
from bot.domain.roster.dates import mixed_up, read_date, words_behind

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


@pytest.mark.parametrize(
    ("written", "behind"),
    [
        ("06/03/2027 ou 13/03/2027", "ou 13/03/2027"),
        ("2027-03-06 (à confirmer)", "(à confirmer)"),
        ("06/03/2027 00:00:00", ""),
        ("2027-03-06T08:30", ""),
        ("06/03/2027 à 14h30", ""),
        ("06/03/2027", ""),
        (date(2027, 3, 6), ""),
    ],
)
def test_words_behind_a_day_are_found_and_hours_are_none(written: Cell, behind: str) -> None:
    assert words_behind(written) == behind


@given(st.lists(DAYS, min_size=1, max_size=8))
def test_columns_of_days_are_never_said_to_be_mixed_up(days: list[date]) -> None:
    assert mixed_up(enumerate(f"{day:%d/%m/%Y}" for day in days)) is None
    assert mixed_up(enumerate(days)) is None


@pytest.mark.parametrize(
    ("cells", "begins"),
    [
        (["03/06/2027", "03/26/2027"], "the dates of this column have the month first (03/26/2027, row 1)"),
        (["26/03/2027", "03/26/2027"], "some dates have the month first (03/26/2027, row 1), others the day"),
        (
            [*(date(2027, 3, day) for day in (1, 2, 3, 4)), "26/03/2027"],
            "the spreadsheet has turned day and month round: all real dates lie before the 13th, and 26/03/2027 (row 4) is text",
        ),
        ([*(date(2027, 3, day) for day in (1, 2, 3)), "26/03/2027"], ""),
        ([*(date(2027, 3, day) for day in (1, 2, 3, 30)), "26/03/2027"], ""),
    ],
)
def test_columns_that_mix_up_days_and_months_are_found(cells: list[Cell], begins: str) -> None:
    says = mixed_up(enumerate(cells))
    assert (bool(says), (says or "").startswith(begins)) == (bool(begins), True)
