"""The module's list beside the stays it is about: what it says otherwise is taken over, and what it does not say stays."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.programme import Programme
from bot.domain.roster import Cell
from bot.domain.roster.fields import Field
from bot.domain.roster.matching import KnownPerson, KnownStay
from bot.domain.roster.mobility_rows import ModuleRow, roster_of
from bot.domain.roster.row import RosterRow
from tests.domain.roster.conftest import GOOD, SCHOOLS

TODAY = date(2027, 3, 1)
DATES = (date(2027, 3, 6), date(2027, 3, 8), date(2027, 3, 26), date(2027, 3, 27))
JOURNEY = (Field.DEPARTURE, Field.START, Field.END, Field.BACK)
KNOWN = {field: str(value) for field, value in GOOD.items()} | dict(zip(JOURNEY, map(str, DATES), strict=True))
STAY = KnownStay(1, DATES, values=KNOWN)
LINA = KnownPerson(1, "lina", "lina", "Lina", "Haddouche", date(2008, 6, 19), team=False, stays=(STAY,))
NAMED: dict[str, Cell] = {"first_name": "Lina", "last_name": "Haddouche"}


def told(programme: Programme, **cells: Cell) -> RosterRow:
    found = roster_of([ModuleRow(2, NAMED | cells)], [LINA], programme, SCHOOLS, TODAY)
    assert found.problems == ()
    return found.rows[0]


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        ({}, DATES),
        ({"start": "08/03/2027", "end": "26/03/2027"}, DATES),
        ({"end": "02/04/2027"}, (*DATES[:2], date(2027, 4, 2), date(2027, 4, 3))),
        ({"start": "15/03/2027", "end": "02/04/2027"}, (date(2027, 3, 13), date(2027, 3, 15), date(2027, 4, 2), date(2027, 4, 3))),
        ({"start": "15/03/2027", "departure": "14/03/2027"}, (date(2027, 3, 14), date(2027, 3, 15), *DATES[2:])),
        ({"end": "02/04/2027", "return": "02/04/2027"}, (*DATES[:2], date(2027, 4, 2), date(2027, 4, 2))),
        ({"departure": "05/03/2027"}, (date(2027, 3, 5), *DATES[1:])),
    ],
)  # fmt: skip
def test_the_journey_moves_with_the_activity_where_the_list_does_not_say_when_it_is(
    cells: dict[str, Cell], dates: tuple[date, ...], programme: Programme
) -> None:
    row = told(programme, **cells)

    assert (row.departure, row.start, row.end, row.back) == dates


def test_a_place_is_taken_over_and_what_is_left_empty_stays(programme: Programme) -> None:
    row = told(programme, country="FI - Finland", city="Turku", host="", first_name="LINA")

    assert (row.first_name, row.country, row.city, row.zone) == ("Lina", "FI", "Turku", "Europe/Helsinki")
    assert (row.school, row.birth) == ("valmer", date(2008, 6, 19))
