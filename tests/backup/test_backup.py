"""A filled installation is backed up while somebody writes; whatever is wrong is said, and nothing half is left."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.backup import making, restoring
from tests.commands.conftest import Say


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything a database holds."""
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: file.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def test_nobody_without_the_key_reads_a_word(filled: tuple[Path, str], taken: Path) -> None:
    kept = taken.read_bytes()
    assert not [word for word in (b"hush", b"VAL-27", b"SQLite format", b"manifest") if word in kept]
    assert taken.stat().st_mode & 0o077 == 0


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(school: Path, say: Say) -> None:
    with closing(sqlite3.connect(school / "data" / "compagnon.db")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE people SET first_name = 'Half'")
        assert say(school, "backup")[0] == 0
        writer.rollback()
    taken = next((school / "data" / "backups").glob("*.age"))
    contents, counted = restoring.look_into(taken, restoring.key_of((school / "key").read_text()), school / "laid")
    assert rows(school / "laid" / "compagnon.db") == rows(school / "data" / "compagnon.db")
    assert contents.rows == counted


def test_a_backup_that_falls_leaves_the_older_ones_and_nothing_half(
    school: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = school / "data" / "backups"
    shutil.rmtree(folder, ignore_errors=True)

    def fall(*_: object) -> None:
        raise KeyboardInterrupt

    for place in ("pack", "_prove"):
        with monkeypatch.context() as stopped:
            stopped.setattr(making, place, fall)
            assert say(school, "backup")[0] == 130
        assert sorted(path.name for path in folder.rglob("*")) == [".backing-up", "lock"]
    with monkeypatch.context() as failing:  # what was written is not what is read again
        failing.setattr(making, "looked_at", lambda path: {"people": 0} if "proof" in path.parts else {"people": 1})
        assert "could not be read again and was thrown away" in say(school, "backup")[1]
    (folder / ".backing-up" / "left").mkdir()
    (folder / ".backing-up" / "left" / "plain").write_text("of one that was killed")
    assert say(school, "backup")[0] == 0
    assert len(list(folder.glob("*.age"))) == 1
    assert sorted(path.name for path in folder.rglob("*") if path.suffix != ".age") == [".backing-up", "lock"]


def test_only_the_newest_are_kept_and_strange_files_stay(tmp_path: Path) -> None:
    names = [f"compagnon-2026-11-{day:02}T020000Z.age" for day in range(1, 6)]
    for name in (*names, "compagnon-before-the-move.age", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in making.rotate(tmp_path, 2)] == names[:3]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *names[3:],
        "compagnon-before-the-move.age",
        "notes.txt",
    ]


def test_what_is_missing_is_said_at_once(school: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, told = say(school, "backup", "--new-key")
    assert (ended, "There is a key already" in told) == (1, True)
    (school / "data" / "secrets" / "backup__recipient").unlink()
    assert say(school, "backup") == (
        1,
        "There is no key for backups yet. Make one, once: python3 run.py backup --new-key\n",
    )
    ended, told = say(school, "backup", "--new-key")
    assert (ended, told.count("AGE-SECRET-KEY-1")) == (0, 1)
    monkeypatch.setattr(making, "SPARE", 10**15)
    assert "Too little room in" in say(school, "backup")[1]
    monkeypatch.undo()
    (school / "data" / "compagnon.db").rename(school / "elsewhere.db")
    assert "There is no database yet at" in say(school, "backup")[1]


def test_keys_kept_apart_stay_apart_and_are_named(school: Path, say: Say) -> None:
    (school / "apart").write_bytes((school / "data" / "keys" / "master").read_bytes())
    (school / "data" / "keys" / "master").unlink()
    with (school / "config.toml").open("a") as config:
        config.write('[keys]\nfile = "apart"\n')
    ended, told = say(school, "backup")
    assert (ended, f"Not in it, since you keep it apart: {school / 'apart'}." in told) == (0, True)


def test_a_folder_of_ones_own_choice_is_no_part_of_the_next_backup(school: Path, say: Say) -> None:
    with (school / "config.toml").open("a") as config:
        config.write('[backup]\nfolder = "saves"\n')
    assert [say(school, "backup")[0] for _ in range(2)] == [0, 0]
    last = max((school / "data" / "saves").glob("*.age"))
    contents, _ = restoring.look_into(last, restoring.key_of((school / "key").read_text()), school / "laid")
    assert [name for name in contents.files if "saves" in name] == []


def test_what_the_disk_refuses_is_one_sentence(school: Path, say: Say) -> None:
    shutil.rmtree(school / "data" / "backups", ignore_errors=True)
    (school / "data" / "backups").touch()
    assert say(school, "backup") == (1, f"{school / 'data' / 'backups'} cannot be written: the disk does not let us. Mend that, then run the same command again.\n")  # fmt: skip
    (school / "data" / "backups").unlink()
    (school / "data" / "compagnon.db").write_bytes(b"no database")
    assert say(school, "backup") == (1, "The database cannot be read now: python3 run.py doctor says why.\n")
