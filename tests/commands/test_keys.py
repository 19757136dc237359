"""What is encrypted has its keys beside the database, unless the operator keeps them elsewhere."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.commands.conftest import Command

STALE = "Files of keys that the first master key does not open yet: {}."


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


def test_how_much_is_sealed_is_said_and_what_lay_in_clear_is_sealed(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = folder / "data" / "compagnon.db"
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("UPDATE guardians SET name = 'Zzqcanary Haddouche' WHERE id = (SELECT min(id) FROM guardians)")

    assert school("keys") == 0
    assert words_of(capsys)[-2:] == [f"Sealed, in clear: {sealed_in(database)}, 1.", STALE.format(0)]
    assert (school("keys", "seal"), words_of(capsys)) == (0, ["Sealed: 1."])
    assert (school("keys", "seal"), words_of(capsys)) == (0, ["Sealed: 0."])
    assert b"Zzqcanary" not in b"".join(path.read_bytes() for path in database.parent.glob("compagnon.db*"))


def test_the_master_key_is_changed_in_three_steps(
    school: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    masters, old = folder / "masters", (folder / "data" / "keys" / "master").read_text()
    new = Fernet.generate_key().decode() + "\n"
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[keys]\nfile = "masters"\n')

    masters.write_text(new)
    assert school("keys") == 1
    assert capsys.readouterr().err == (
        f"[keys] {masters} opens none of the keys that are there: it is another file than the one they were made with.\n"
    )
    masters.write_text(new + old)
    assert school("keys") == 0
    files = int(words_of(capsys)[-1].rpartition(": ")[2].rstrip("."))
    assert files > 0
    assert (school("keys", "rotate"), words_of(capsys)) == (0, [f"Wrapped with the first master key: {files} files."])
    masters.write_text(new)
    assert (school("keys"), words_of(capsys)[-1]) == (0, STALE.format(0))


def words_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def sealed_in(database: Path) -> int:
    """How many values lie sealed, counted by looking at every one of them."""
    with closing(sqlite3.connect(database)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        values = [str(value) for name in tables for row in raw.execute(f'SELECT * FROM "{name}"') for value in row]
    return sum(value.strip('"').startswith("~k1.") for value in values)
