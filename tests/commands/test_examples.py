"""The examples that a school copies can be used as they are."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from bot.commands.opening import read_table
from bot.domain.programme import Programme
from bot.domain.roster import Roster, load_team, read_roster, weak_spots
from bot.domain.stay import Kind

ROOT = Path(__file__).resolve().parents[2]
ROSTER = ROOT / "examples" / "roster.csv"


@pytest.fixture(scope="module")
def example() -> Programme:
    return Programme.model_validate(tomllib.loads((ROOT / "programme.example.toml").read_text(encoding="utf-8")))


def read(path: Path, programme: Programme) -> Roster:
    team = load_team((ROOT / "consortium.example.toml").read_text(encoding="utf-8"))
    return read_roster(read_table(path), programme, [school.known() for school in team.schools])


def test_example_of_a_team_has_no_weak_spot() -> None:
    team = load_team((ROOT / "consortium.example.toml").read_text(encoding="utf-8"), "consortium.example.toml")
    assert (len(team.schools), len(team.people), weak_spots(team)) == (3, 14, ())


def test_example_of_a_roster_has_neither_problem_nor_warning(example: Programme) -> None:
    roster = read(ROSTER, example)
    assert (len(roster.rows), roster.problems, roster.warnings) == (24, (), ())


def test_example_of_a_roster_has_all_kinds_of_stays(example: Programme) -> None:
    rows = read(ROSTER, example).rows
    assert Counter(row.country for row in rows if row.kind is not Kind.INCOMING) == Counter(
        {"DE": 7, "ES": 4, "BE": 2, "MA": 2, "NO": 3}
    )
    assert Counter(row.home_zone for row in rows if row.kind is Kind.INCOMING) == Counter(
        {"America/Santiago": 2, "Pacific/Easter": 1, "Europe/Brussels": 2, "Europe/Madrid": 1}
    )
    assert (sum(row.minor for row in rows), sum(row.kind is Kind.STAFF for row in rows)) == (14, 1)
    assert {date(2027, 1, 1) <= row.departure <= row.back <= date(2027, 6, 30) for row in rows} == {True}


def test_example_of_a_roster_is_as_french_spreadsheets_write_it() -> None:
    content = ROSTER.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == 25
    assert content.decode("cp1252").startswith("Référence;Nom;Prénom;")


def test_example_gives_the_same_as_a_workbook(example: Programme, tmp_path: Path) -> None:
    """Phones and dates typed into a workbook lose their zeros and become numbers."""
    lines = list(csv.reader(ROSTER.read_text(encoding="cp1252").splitlines(), delimiter=";"))
    with xlsxwriter.Workbook(tmp_path / "roster.xlsx") as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for at, line in enumerate(lines):
            for column, cell in enumerate(line):
                parts = cell.split("/")
                if len(parts) == 3:
                    sheet.write_datetime(at, column, date(int(parts[2]), int(parts[1]), int(parts[0])), day)
                elif cell.startswith("06 "):
                    sheet.write_number(at, column, int(cell.replace(" ", "")))
                else:
                    sheet.write_string(at, column, cell)
    assert read(tmp_path / "roster.xlsx", example) == read(ROSTER, example)
