"""Keys outside the database: made once, one for each person, gone for good."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.store.keys import KeysError, Unreadable, key_ring


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_sealed_for_one_person_opens_for_that_person_alone(tmp_path: Path) -> None:
    ring = key_ring(tmp_path)
    sealed = ring.seal(1, b"a canary")
    ring.seal(2, b"something else")
    assert (ring.open(1, sealed), b"canary" in sealed) == (b"a canary", False)
    with pytest.raises(Unreadable):
        ring.open(2, sealed)
    with pytest.raises(Unreadable):
        ring.open(3, sealed)


def test_keys_outlive_the_process_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    sealed = key_ring(tmp_path / "keys").seal(1, b"a canary")
    assert key_ring(tmp_path / "keys").open(1, sealed) == b"a canary"
    folder = tmp_path / "keys"
    assert [mode(folder), mode(folder / "people"), mode(folder / "master"), mode(folder / "people" / "1.key")] == [
        0o700, 0o700, 0o600, 0o600,
    ]  # fmt: skip
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["1.key", "master"]


def test_a_deleted_key_opens_nothing_any_more(tmp_path: Path) -> None:
    ring = key_ring(tmp_path)
    sealed = ring.seal(1, b"a canary")
    assert [ring.forget(1), ring.forget(1)] == [True, False]
    with pytest.raises(Unreadable):
        ring.open(1, sealed)
    again = ring.seal(1, b"new")
    assert ring.open(1, again) == b"new"
    with pytest.raises(Unreadable):
        ring.open(1, sealed)


def test_a_persons_key_alone_is_worth_nothing_without_the_master_keys(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for path in (first, second):
        path.write_bytes(Fernet.generate_key() + b"\n")
    sealed = key_ring(tmp_path / "keys", first).seal(1, b"a canary")
    with pytest.raises(Unreadable):
        key_ring(tmp_path / "keys", second).open(1, sealed)
    with pytest.raises(Unreadable):
        key_ring(tmp_path / "keys", second).seal(1, b"never under a key that nobody can open")
    assert not (tmp_path / "keys" / "master").exists()


def test_a_master_key_can_be_exchanged(tmp_path: Path) -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    file = tmp_path / "masters"
    file.write_bytes(old + b"\n")
    sealed = key_ring(tmp_path / "keys", file).seal(1, b"a canary")
    file.write_bytes(new + b"\n" + old + b"\n")
    assert key_ring(tmp_path / "keys", file).rewrap() == 1
    file.write_bytes(new + b"\n")
    assert key_ring(tmp_path / "keys", file).open(1, sealed) == b"a canary"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"\n", "is empty"),
        (b"secret\n", "holds a line that is no key: each is 44 characters, as Fernet makes them"),
    ],
)
def test_a_file_of_master_keys_that_is_none_is_said(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "masters"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KeysError) as caught:
        key_ring(tmp_path / "keys", file)
    assert str(caught.value) == f"[keys] {file} {says}"


def test_many_threads_that_need_the_first_key_at_once_agree_on_one(tmp_path: Path) -> None:
    ring = key_ring(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda number: ring.seal(1, b"%d" % number), range(16)))
    assert [ring.open(1, each) for each in sealed] == [b"%d" % number for number in range(16)]
    assert [path.name for path in (tmp_path / "people").iterdir()] == ["1.key"]
