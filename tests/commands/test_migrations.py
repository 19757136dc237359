"""What a developer reads of the migrations."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import pytest

from bot.commands import migrations
from bot.store import migrate


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    migrations.add(parser.add_subparsers())
    args = parser.parse_args(["migrations", *words])
    return int(args.run(args))


@pytest.fixture
def no_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations folder without any revision."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("*_*.py", "__pycache__"))
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    return folder


def test_checking_says_nothing_when_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--check") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("no_migrations")
def test_checking_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--check") == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines.count("add_table stays") == 1
    assert lines[-1] == "The migrations lack this: python3 run.py migrations --write NAME"


def test_writing_from_nothing_gives_the_first_revision(no_migrations: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (no_migrations / "versions").mkdir(exist_ok=True)

    assert command("--write", "first") == 0

    assert migrate.known() == ["0001"]
    capsys.readouterr()
    assert command("--check") == 0
    assert capsys.readouterr().out == ""
