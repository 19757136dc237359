"""Telephone numbers, however they are written, and wherever in France."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster import Cell
from bot.domain.roster.cells import CellError
from bot.domain.roster.phones import read_phone, shown_phone

EUROPEAN = st.integers(600000000, 799999999).filter(lambda number: not str(number).startswith(("639", "69", "709")))
"""Mobile numbers that are not of a department overseas."""


@given(EUROPEAN)
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


def test_phone_is_shown_in_the_groups_of_its_country() -> None:
    numbers = ("+33612345678", "+262692112233", "+34612345678", "not a number")
    assert [shown_phone(number) for number in numbers] == [
        "+33 6 12 34 56 78",
        "+262 692 11 22 33",
        "+34 612 34 56 78",
        "not a number",
    ]
