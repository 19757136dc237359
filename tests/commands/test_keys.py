"""What is encrypted has its keys beside the database, unless the operator keeps them elsewhere."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.commands.conftest import Command


def test_keys_are_made_once_for_their_owner_only(folder: Path, command: Command) -> None:
    assert command("import", "consortium.toml") == 0
    master = folder / "data" / "keys" / "master"
    made = master.read_bytes()
    assert (stat.S_IMODE(master.stat().st_mode), stat.S_IMODE(master.parent.stat().st_mode)) == (0o600, 0o700)
    assert command("import", "consortium.toml") == 0
    assert master.read_bytes() == made


def test_keys_of_the_operator_that_are_not_there_stop_compagnon(
    folder: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[keys]\nfile = "elsewhere/masters"\n')
    assert command("import", "consortium.toml") == 1
    assert capsys.readouterr().err == f"[keys] {folder / 'elsewhere/masters'} cannot be read\n"
    assert not (folder / "data" / "keys" / "master").exists()
