"""A backup comes back whole, or says why it does not and leaves nothing half."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.__main__ import main
from bot.backup import archive, database, making
from bot.store import migrate
from bot.store.keys import key_ring
from bot.store.lock import at_work
from tests.backup.test_backup import rows
from tests.commands.conftest import Say


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
