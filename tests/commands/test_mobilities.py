"""The list of mobilities by command: written once, compared, and taken over only when asked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.commands.conftest import Command


def test_what_was_written_differs_in_nothing_and_one_other_day_is_said_then_taken_over(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert school("mobilities", "out", str(folder / "list.csv")) == 0
    assert school("mobilities", "out", "list.csv") == 1
    assert school("mobilities", "out", "list.pdf") == 1
    capsys.readouterr()
    assert school("mobilities", "compare", "list.csv") == 0
    same = capsys.readouterr().out
    rows = list(csv.DictReader((folder / "list.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    first = next(row for row in rows if row["End Date"] == max(each["End Date"] for each in rows))
    text = (folder / "list.csv").read_text("utf-8-sig")
    line = next(each for each in text.splitlines() if f";{first['Participant ID']};" in each)
    (folder / "moved.csv").write_text(text.replace(line, line.replace(first["Receiving city"], "Turku")), "utf-8")
    school("mobilities", "compare", "moved.csv")
    told = capsys.readouterr().out.splitlines()
    school("mobilities", "compare", "moved.csv", "--apply")
    capsys.readouterr()
    school("mobilities", "compare", "moved.csv")

    assert same == f"{len(rows)} rows, 0 with differences.\n"
    assert told[-1] == f"{len(rows)} rows, 1 with differences."
    assert f"{first['Participant ID']} · City: {first['Receiving city']} → Turku" in told
    assert capsys.readouterr().out == same
