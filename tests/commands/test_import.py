"""Bringing in the team and the roster."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Command


def test_roster_before_team_says_what_comes_first(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("import", "roster.csv") == 1
    assert capsys.readouterr().err == "No school is known yet. First: python3 run.py import consortium.toml\n"


def test_import_again_changes_nothing(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    first = (command("import", "consortium.toml"), command("import", "roster.csv"))
    again = (command("import", "consortium.toml"), command("import", "roster.csv"))
    assert (first, again) == ((0, 0), (0, 0))
    assert capsys.readouterr().out.splitlines() == [
        "14 new, 0 updated, 0 unchanged.",
        "24 new, 0 updated, 0 unchanged.",
        "0 new, 0 updated, 14 unchanged.",
        "0 new, 0 updated, 24 unchanged.",
    ]


def test_one_wrong_row_stops_all(command: Command, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _spoil(folder)
    command("import", "consortium.toml")
    capsys.readouterr()
    assert command("import", "roster.csv") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        'roster.csv, row 3, column "Date de naissance": "31/02/2011" is no date: write it like 31/03/2009 or 2009-03-31',
        "Nothing was imported. Mend the rows above, or add --skip-bad to import the 23 others.",
    ]


def test_skip_bad_imports_the_others(command: Command, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _spoil(folder)
    command("import", "consortium.toml")
    capsys.readouterr()
    assert command("import", "roster.csv", "--skip-bad") == 0
    assert capsys.readouterr().out == "23 new, 0 updated, 0 unchanged.\n"


def test_dry_run_changes_nothing(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    command("import", "consortium.toml")
    command("import", "roster.csv", "--dry-run")
    command("import", "roster.csv")
    assert capsys.readouterr().out.splitlines() == [
        "14 new, 0 updated, 0 unchanged.",
        "24 rows are right: 24 new, 0 changed, 0 unchanged. Nothing was imported (dry run).",
        "24 new, 0 updated, 0 unchanged.",
    ]


def test_missing_file_is_one_line(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("import", "nowhere.toml") == 1
    assert capsys.readouterr().err == "nowhere.toml cannot be read: is the name right?\n"


def _spoil(folder: Path) -> None:
    text = (folder / "roster.csv").read_text(encoding="cp1252")
    (folder / "roster.csv").write_text(text.replace("02/09/2011", "31/02/2011"), encoding="cp1252", newline="")
