"""A good row, to be spoilt one cell at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.programme import Programme
from bot.domain.roster import Cell, KnownSchool, Roster, Table, read_roster
from bot.domain.roster.fields import Field, label
from tests.domain.roster.school_file import Read

SCHOOLS = (
    KnownSchool("valmer", "Lycée professionnel Suzanne-Valmer", "Ardonville", "Europe/Paris"),
    KnownSchool("volcan", "Lycée du Volcan", "Saint-Pierre", "Indian/Reunion"),
)
GOOD: dict[Field, Cell] = {
    Field.FIRST_NAME: "Lina",
    Field.LAST_NAME: "Haddouche",
    Field.BIRTH: "19/06/2008",
    Field.KIND: "sortant",
    Field.TRACK: "bac pro",
    Field.SCHOOL: "valmer",
    Field.COUNTRY: "Norvège",
    Field.CITY: "Bergen",
    Field.DEPARTURE: "06/03/2027",
    Field.START: "08/03/2027",
    Field.END: "26/03/2027",
    Field.BACK: "27/03/2027",
}
TEAM = """
[consortium]
name = "Trois Rivières"
language = "français"
on_call_phone = "01 99 00 12 00"

[[schools]]
ref = "valmer"
name = "Lycée Valmer"
city = "Ardonville"

[[people]]
ref = "nadia"
first_name = "Nadia"
last_name = "Ferhaoui"
school = "valmer"
roles = ["coordinator"]
phone = 639980011
leave = [{ start = 2026-12-19, end = 2027-01-03 }]

[[people]]
ref = "luc"
first_name = "Luc"
last_name = "Perrichon"
school = "valmer"
roles = ["deputy", "on_call"]
email = "luc@example.org"
language = "en"

[[people]]
ref = "helene"
first_name = "Hélène"
last_name = "Marchandeau"
roles = ["consortium"]
email = "helene@example.org"
"""

Spoilt = dict[Field, Cell]
ReadRows = Callable[..., Roster]


def tabulated(*changes: Spoilt) -> Table:
    """A table with French headers; each change is a good row with some cells written otherwise."""
    rows = [{Field.REFERENCE: f"R{number}"} | GOOD | change for number, change in enumerate(changes, 1)]
    fields = list(dict.fromkeys(field for row in rows for field in row))
    header = tuple(label(field) for field in fields)
    return Table("roster.csv", header, tuple(tuple(row.get(field) for field in fields) for row in rows))


@pytest.fixture(scope="session")
def tagged(programme: Programme) -> Programme:
    """A programme with two tags."""
    tags = {
        "apprentice": {"fr": "Apprenti ou contrat de professionnalisation", "en": "Apprentice"},
        "host_family": {"fr": "Famille d'accueil", "en": "Host family"},
    }
    return programme.model_copy(update={"tags": tags})


@pytest.fixture(scope="session")
def read_rows(tagged: Programme) -> ReadRows:
    """Read good rows, each with some cells written otherwise; `schools` may be given."""

    def read(*changes: Spoilt, schools: tuple[KnownSchool, ...] = SCHOOLS) -> Roster:
        return read_roster(tabulated(*changes), tagged, schools)

    return read


@pytest.fixture(scope="session")
def team_text() -> str:
    """A team without a fault: one school, a coordinator, a deputy, the consortium's coordinator."""
    return TEAM


@pytest.fixture(scope="session")
def read(programme: Programme) -> Read:
    """Reads files as schools have them, for the shipped programme."""
    return Read(programme)
