"""Keys of what is encrypted: never in the database, so that a database or a backup of it alone tells nothing.

Each person has a random key of their own for files, in a small file, and one for words (`word_keys`), wrapped by the master
keys (`[keys] file`, or one made once beside them). Deleting them makes everything of that person unreadable, in backups of
the database too.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.i18n import _, joined, say
from bot.store.disk import put_in_place, settle, write_new
from bot.store.word_keys import NOBODY, WordKeys
from bot.store.word_keys import Unreadable as Unreadable


class KeysError(Exception):
    """The master keys cannot be used; the message is one line that says why."""


class KeyRing:
    """Seals and opens what belongs to one person. It may be used from several threads and processes at once."""

    def __init__(self, masters: Sequence[bytes], folder: Path) -> None:
        self._first, self._master = Fernet(masters[0]), MultiFernet([Fernet(key) for key in masters])
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.words = WordKeys(self._master, folder.with_name("words"))

    def seal(self, person: int, content: bytes) -> bytes:
        """Encrypt under the person's key; their first sealing makes it, on disk before this returns."""
        return Fernet(self._key(person) or self._make(person)).encrypt(content)

    def open(self, person: int, sealed: bytes) -> bytes:
        """Decrypt.

        Raises:
            Unreadable: there is no such key any more.
        """
        key = self._key(person)
        try:
            return Fernet(key).decrypt(sealed) if key else _refuse()
        except InvalidToken:
            raise Unreadable("sealed with another key") from None

    def forget(self, person: int) -> bool:
        """Delete a person's keys: nothing of theirs can be read any more. False where there were none."""
        had_words = self.words.forget(person)
        try:
            self._path(person).unlink()
        except FileNotFoundError:
            return had_words
        settle(self._folder)
        return True

    def keep_only(self, people: Collection[int]) -> int:
        """Delete the keys of whoever is not among these any more: erased just before the power went, or merged with another
        record. Whoever came last, and after, is left alone. How many keys went."""
        last = max(people, default=0)
        numbered = (int(path.stem) for path in self._folder.glob("*.key") if path.stem.isdigit())
        gone = {number for number in numbered if NOBODY < number < last and number not in people}
        gone |= {number for number in self.words.people(last) if number not in people}
        return sum(self.forget(number) for number in sorted(gone))

    def rewrap(self) -> int:
        """Wrap every key with the first master key; then the others may be taken out of the file. How many files there are."""
        paths = sorted(self._folder.glob("*.key"))
        for path in paths:
            put_in_place(path, self._master.rotate(path.read_bytes()))
        settle(self._folder)
        return len(paths) + self.words.rewrap()

    def fits(self) -> bool:
        """Whether the master keys open the keys that are there, by the first of each kind."""
        first = (
            next(folder.glob(kind), None) for folder, kind in ((self._folder, "*.key"), (self.words.folder, "*.keys"))
        )
        return all(_opens(self._master, path) for path in first if path is not None)

    def stale(self) -> int:
        """How many files of keys the first master key alone does not open."""
        paths = (*self._folder.glob("*.key"), *self.words.folder.glob("*.keys"))
        return sum(not _opens(self._first, path) for path in paths)

    def _path(self, person: int) -> Path:
        return self._folder / f"{person}.key"

    def _key(self, person: int) -> bytes | None:
        try:
            return self._master.decrypt(self._path(person).read_bytes())
        except FileNotFoundError:
            return None
        except InvalidToken:
            raise Unreadable(f"the master keys do not open the key of person {person}") from None

    def _make(self, person: int) -> bytes:
        """Make a key, unless somebody else makes it at this instant: then theirs is taken."""
        made = self._folder / f".{person}.{secrets.token_hex(8)}"
        write_new(made, self._master.encrypt(Fernet.generate_key()))
        try:
            os.link(made, self._path(person))
        except FileExistsError:
            pass
        finally:
            made.unlink()
        settle(self._folder)
        return self._key(person) or _refuse()


def key_ring(folder: Path, file: Path | None = None) -> KeyRing:
    """The keys kept in a folder. Without a master file of the operator's, one is made there, once.

    Raises:
        KeysError: the file is missing, empty, or holds no keys.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the modes of parents are nobody's choice otherwise
    masters = folder / "master" if file is None else file
    if file is None and not masters.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(masters, Fernet.generate_key() + b"\n")
        settle(folder)
    try:
        lines = masters.read_bytes().split()
        return KeyRing(lines, folder / "people") if lines else _complain(masters, _("is empty"))
    except OSError:
        return _complain(masters, _("cannot be read"))
    except ValueError:
        return _complain(masters, _("holds a line that is no key: each is 44 characters, as Fernet makes them"))


def _opens(master: Fernet | MultiFernet, path: Path) -> bool:
    try:
        master.decrypt(path.read_bytes())
    except InvalidToken:
        return False
    return True


def _refuse() -> bytes:
    raise Unreadable("the person's key was deleted")


def _complain(path: Path, why: str) -> KeyRing:
    raise KeysError(joined([f"[keys] {path}", say(why)], " "))
