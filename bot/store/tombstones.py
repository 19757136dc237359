"""Who was erased, kept beside the database and naming nobody: an old backup that comes back is erased again.

A line is a day and two keyed hashes, of the person's number and of their reference. Nothing is read out of it; whoever
comes with a number or a reference can be told whether it stands there.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from bot.domain.roster.reference import reference_key
from bot.store.disk import settle, write_new

FOLDER, KEY, LIST = "erased", "key", "list"
BESIDE = "erased.txt"
"""The list as it lies beside the backups."""


class Tombstones:
    """The list in one folder, and a copy of it beside the backups. It may be read and added to from several processes."""

    def __init__(self, folder: Path, backups: Path | None = None) -> None:
        self._folder, self._backups = folder, backups

    def ready(self) -> None:
        """Make the key before the first backup: one that has not got it says nothing about its own people."""
        self._key()

    def add(self, people: Iterable[tuple[int, str]], day: date) -> None:
        """Note who is being erased, on the disk when this returns: it comes before the erasure. An empty reference may come
        back some day: nobody asked that they be forgotten for good.
        """
        known, key = {line.split()[1] for line in self._lines()}, self._key()
        lines = [f"{day.isoformat()} {_hashed(key, f'person {number}')} {_of_ref(key, ref)}" for number, ref in people]
        self._append([line for line in lines if line.split()[1] not in known])

    def erased(self, numbers: Iterable[int]) -> list[int]:
        """Which of these people were."""
        known = {line.split()[1] for line in self._lines()}
        key = self._key() if known else b""
        return [number for number in numbers if _hashed(key, f"person {number}") in known] if known else []

    def days_of(self, refs: Iterable[str]) -> dict[str, date]:
        """Who of these references was erased at a person's wish, and when: a roster that names them still is out of date."""
        known = {line.split()[2]: date.fromisoformat(line.split()[0]) for line in self._lines()}
        key = self._key() if known else b""
        return {ref: known[hashed] for ref in refs if ref and (hashed := _of_ref(key, ref)) in known} if known else {}

    def take_over(self, other: Path) -> int:
        """Add what stands in a list that was kept elsewhere, under the same key; how many were new."""
        known = set(self._lines())
        found = [line for line in _read(other) if line not in known]
        self._append(found)
        return len(found)

    @property
    def path(self) -> Path:
        """The list itself."""
        return self._folder / LIST

    def _append(self, lines: list[str]) -> None:
        if not lines:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _add(self.path, lines)
        if self._backups is not None and self._backups.is_dir():
            _add(self._backups / BESIDE, lines)

    def _lines(self) -> list[str]:
        return _read(self.path)

    def _key(self) -> bytes:
        """Made once; it is in every backup, and must be, since the list is worth nothing without it."""
        path = self._folder / KEY
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                write_new(path, secrets.token_hex(32).encode())
        return path.read_bytes()


def _of_ref(key: bytes, ref: str) -> str:
    return "-" if not ref else _hashed(key, f"ref {reference_key(ref)}")


def _hashed(key: bytes, named: str) -> str:
    return hmac.new(key, named.encode(), hashlib.sha256).hexdigest()


def _add(path: Path, lines: list[str]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="ascii") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


def _read(path: Path) -> list[str]:
    """Whole lines only: one that was cut off by a crash comes again."""
    try:
        lines = path.read_text("ascii").split("\n")
    except FileNotFoundError:
        return []
    return [line for line in lines[:-1] if len(line.split()) == 3]
