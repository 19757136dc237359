"""A filled installation is backed up while somebody writes, and comes back whole; whatever is wrong is said, and nothing half is left."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.__main__ import main
from bot.backup import archive, database, making, restoring
from bot.store import migrate
from bot.store.keys import key_ring
from bot.store.lock import at_work
from tests.commands.conftest import Say, furnished


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, brought_in: Path) -> tuple[Path, str]:
    """A school with its team and class, something sealed, an identity on Matrix with its crypto store, and a key."""
    folder = furnished(tmp_path_factory.mktemp("school"))
    shutil.copytree(brought_in, folder / "data")
    data = folder / "data"
    (data / "sealed").write_bytes(key_ring(data / "keys").seal(1, b"a paper"))
    for name in ("identity.json", "device.json", "pickle_key", "mark", "crypto/DEVICE/crypto.db"):
        (data / "matrix" / name).parent.mkdir(parents=True, exist_ok=True)
        (data / "matrix" / name).write_text(name)
    (data / "secrets").mkdir()
    (data / "secrets" / "email__password").write_text("hush")
    secret, public = making.new_key()
    (data / "secrets" / "backup__recipient").write_text(public)
    (folder / "key").write_text(f"# of the school\n{secret.lower()}\n")
    return folder, secret


@pytest.fixture
def school(filled: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it for a test of its own."""
    return Path(shutil.copytree(filled[0], tmp_path / "school"))


@pytest.fixture(scope="module")
def taken(filled: tuple[Path, str]) -> Path:
    """Its backup."""
    assert main(["backup", "--language", "en", "--config", str(filled[0] / "config.toml")]) == 0
    return next((filled[0] / "data" / "backups").glob("*.age"))


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new machine: an empty folder, in which commands are typed."""
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    return tmp_path / "new"


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything a database holds."""
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: file.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def back(fresh: Path, taken: Path, key: Path) -> int:
    return main(["restore", str(taken), "--key", str(key), "--language", "en"])


def test_everything_comes_back_into_an_empty_folder_and_the_crypto_store_does_not(
    filled: tuple[Path, str], taken: Path, fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = filled[0]
    assert back(fresh, taken, folder / "key") == 0
    told = capsys.readouterr().out

    assert rows(fresh / "data" / "compagnon.db") == rows(folder / "data" / "compagnon.db")
    names = {str(path.relative_to(fresh)) for path in fresh.rglob("*") if path.is_file()}
    assert names == {
        "config.toml", "consortium.toml", "programme.toml",
        "data/compagnon.db", "data/keys/master", "data/keys/people/1.key", "data/keys/words/0.keys", "data/lock", "data/sealed", "data/erased/key",
        "data/matrix/identity.json", "data/matrix/device.json", "data/matrix/pickle_key",
        "data/secrets/email__password", "data/secrets/backup__recipient",
    }  # fmt: skip
    assert key_ring(fresh / "data" / "keys").open(1, (fresh / "data" / "sealed").read_bytes()) == b"a paper"
    assert {path.stat().st_mode & 0o077 for path in (fresh / "data").rglob("*")} == {0}
    assert "matrix repair" in told
    assert main(["preview", "VAL-27-06", "--language", "en"]) == 0


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


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("another key", "was closed with another key"),
        ("no key", "That is no key of a backup"),
        ("cut short", "is damaged, or no backup of Compagnon"),
        ("a bit", "is damaged, or no backup of Compagnon"),
        ("a picture", "is damaged, or no backup of Compagnon"),
        ("missing", "there is no such backup"),
    ],
)
def test_what_cannot_be_restored_says_why_and_leaves_nothing(
    filled: tuple[Path, str],
    taken: Path,
    fresh: Path,
    tmp_path: Path,
    harm: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key, backup, content = tmp_path / "key", tmp_path / "backup.age", taken.read_bytes()
    key.write_text({"another key": making.new_key()[0], "no key": "open sesame"}.get(harm, filled[1]))
    changed = content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]
    backup.write_bytes(
        {"cut short": content[:-4000], "a bit": changed, "a picture": b"\x89PNG" * 50}.get(harm, content)
    )
    if harm == "missing":
        backup.unlink()
    assert back(fresh, backup, key) == 1
    assert said in capsys.readouterr().err
    assert list(fresh.iterdir()) == []


def test_a_filled_or_running_installation_is_never_overwritten(
    filled: tuple[Path, str], taken: Path, school: Path, say: Say
) -> None:
    before = rows(school / "data" / "compagnon.db")
    ended, told = say(school, "restore", str(taken), "--key", str(school / "key"))
    assert (ended, "This is no empty installation: compagnon.db, keys, matrix, sealed." in told) == (1, True)
    with at_work(school / "data", "run"):
        ended, told = say(school, "restore", str(taken), "--key", str(school / "key"))
        assert (ended, f'("run", process {os.getpid()}): stop that one first.' in told) == (1, True)
        assert say(school, "run") == (ended, told)
        with (school / "config.toml").open("a") as config:
            config.write('[matrix]\nhomeserver = "http://127.0.0.1:9"\nuser_id = "@us:here"\npassword = "hush"\n')
        assert say(school, "matrix", "repair") == (ended, told)
        assert say(school, "backup")[0] == 0
    assert rows(school / "data" / "compagnon.db") == before


def test_a_restore_that_was_stopped_starts_nothing_until_it_is_done_again(
    filled: tuple[Path, str],
    taken: Path,
    fresh: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At every file: what was being written when it stopped is half there, in the folder of secrets too."""
    done, place = False, 0
    while not done:
        place += 1
        written: list[int] = []

        def fall(_handle: int, place: int = place, written: list[int] = written) -> None:
            written.append(place)
            if len(written) == place:
                raise KeyboardInterrupt

        with monkeypatch.context() as stopped:
            stopped.setattr(os, "fsync", fall)
            done = back(fresh, taken, filled[0] / "key") == 0
        if not done:
            assert main(["preview", "VAL-27-06", "--language", "en"]) == 1
            assert "A restore was stopped half-way" in capsys.readouterr().err
            assert not (fresh / "data" / "compagnon.db").exists()
    assert place == 11  # so many were stopped, less one: every file, and the database
    assert rows(fresh / "data" / "compagnon.db") == rows(filled[0] / "data" / "compagnon.db")
    assert sorted(path.name for path in fresh.iterdir()) == ["config.toml", "consortium.toml", "data", "programme.toml"]
    assert list(fresh.rglob("*.new")) == []


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


def test_a_backup_of_an_older_compagnon_is_brought_up_to_date(school: Path, fresh: Path) -> None:
    kept = f"sqlite:///{school / 'data' / 'compagnon.db'}"
    engine = create_engine(kept)
    (school / "data" / "compagnon.db").unlink()
    migrate.upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO people (ref, first_name, last_name, language) VALUES ('old', 'Lina', '', 'fr')")
        )
    engine.dispose()
    assert main(["backup", "--language", "en", "--config", str(school / "config.toml")]) == 0
    taken = max((school / "data" / "backups").glob("*.age"))
    assert back(fresh, taken, school / "key") == 0
    with closing(sqlite3.connect(fresh / "data" / "compagnon.db")) as file:
        assert file.execute("SELECT ref, ref_key FROM people").fetchall() == [("old", "old")]
        assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrate.known()[-1],)]


def test_from_sqlite_to_postgresql_and_back_every_row_and_no_id_twice(
    filled: tuple[Path, str], tmp_path: Path, postgres: Callable[[str | None], str]
) -> None:
    first, url = tmp_path / "first.db", postgres(None)
    database.copy_out(f"sqlite:///{filled[0] / 'data' / 'compagnon.db'}", first)
    with closing(sqlite3.connect(first)) as file:
        file.execute("UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'people'")
        file.commit()
    assert database.people_in(url) == 0
    database.copy_in(first, url)
    database.copy_out(url, tmp_path / "second.db")
    told, again = rows(first), rows(tmp_path / "second.db")
    assert database.looked_at(first) == database.looked_at(tmp_path / "second.db")
    assert database.people_in(url) == len(told["people"]) > 20
    assert ("people", 4711) in again["sqlite_sequence"]
    assert {name: sorted(map(repr, table)) for name, table in again.items() if name != "sqlite_sequence"} == {
        name: sorted(map(repr, table)) for name, table in told.items() if name != "sqlite_sequence"
    }


def test_a_backup_of_sqlite_is_restored_into_postgresql_and_taken_up_again_there(
    filled: tuple[Path, str],
    taken: Path,
    fresh: Path,
    postgres: Callable[[str | None], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COMPAGNON_DATABASE_URL", url := postgres(None))
    assert back(fresh, taken, filled[0] / "key") == 0
    assert (database.people_in(url), (fresh / "data" / "compagnon.db").exists()) == (38, False)
    assert back(fresh, taken, filled[0] / "key") == 1  # filled by now
    (fresh / "data" / ".restoring").mkdir()  # as if it had been stopped at the last step
    assert back(fresh, taken, filled[0] / "key") == 0
    assert database.people_in(url) == 38


def test_nothing_is_unpacked_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    contents = archive.Contents("", "", {})
    for name in ("../out", "/tmp/out-of-it"):
        archive.pack(tmp_path / "packed", contents, {name: tmp_path / "evil"})
        with pytest.raises(archive.Unusable):
            archive.unpack(tmp_path / "packed", tmp_path / f"into{len(name)}")
    assert not (tmp_path / "out").exists()
    assert json.loads(json.dumps(contents.rows)) == {}


def test_who_was_erased_after_a_backup_is_erased_again_when_it_comes_back(
    school: Path, fresh: Path, say: Say, tmp_path: Path
) -> None:
    assert say(school, "backup")[0] == 0
    old = next((school / "data" / "backups").glob("*.age"))
    ended, told = say(school, "erase-person", "VAL-27-06", "--yes")
    assert (ended, "Certificate" in told) == (0, True)
    assert say(school, "preview", "VAL-27-06")[0] == 1

    assert back(fresh, old, school / "key") == 0
    assert "VAL-27-06" in str(rows(fresh / "data" / "compagnon.db"))
    ended, told = say(fresh, "preview", "VAL-27-06")

    assert (ended, told.splitlines()[0]) == (
        1, "An older backup came back: people who had been erased since were erased again.",
    )  # fmt: skip
    assert "VAL-27-06" not in str(rows(fresh / "data" / "compagnon.db"))
    assert say(school, "erase-person", "nferhaoui", "--yes")[0] == 1, "not while they are in the team"
