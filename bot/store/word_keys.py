"""Keys of words: one for each person, outside the database, so that a copied database says nothing of what was written.

256 people share a file: a class that is imported makes one, not hundreds that are each forced onto the disk while somebody
waits for the writer. Forgetting somebody writes the file of their block anew without their key.
"""

from __future__ import annotations

import os
import secrets
import zlib
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.store.disk import put_in_place, settle, waiting_for

MARK = "~k1."
"""What sealed words begin with: the form, then whose they are, then what can be opened. `~k1.17.q83v…`"""
NOBODY = 0
"""Whose key is that of the installation: for what came in and is nobody's yet."""
BLOCK = 256
"""So many people share a file."""
BITS, NONCE = 256, 12
LENGTH = BITS // 8
NO_KEY = bytes(LENGTH)
"""What stands in place of a key that was deleted, or that nobody has needed yet."""
PACKED = b"\0"
"""What sealed words that were compressed begin with, once opened: words in a row of JSON take two fifths of the room then."""
SHORT = 100
"""Bytes of words that are not worth compressing."""
AT_HAND = 4096
"""So many keys are ready for use (2.5 KB each), and so many blocks (8 KB each): a decision costs microseconds."""
BLOCKS_AT_HAND = 512


class Unreadable(Exception):
    """What was sealed cannot be opened: its key was deleted, or it was never ours."""


class WordKeys:
    """Seals and opens words of one person. It may be used from several threads and processes at once."""

    def __init__(self, master: MultiFernet, folder: Path) -> None:
        self._master, self.folder = master, folder
        self._ready: OrderedDict[int, AESGCM] = OrderedDict()
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._alone = RLock()

    def seal(self, person: int, place: str, words: str) -> str:
        """Encrypt what stands in one `place`, a column, under the key of a person; their first words make it, on disk before
        this returns."""
        nonce = os.urandom(NONCE)
        sealed = self._of(person, make=True).encrypt(nonce, _packed(words.encode()), _bound(place, person))
        return f"{MARK}{person}.{b64encode(nonce + sealed).decode('ascii')}"

    def open(self, place: str, sealed: str) -> str:
        """Decrypt.

        Raises:
            Unreadable: the key was deleted, or this never stood in that place.
        """
        try:
            person, content = owner_of(sealed), b64decode(sealed.rpartition(".")[2])
            return _unpacked(self._of(person).decrypt(content[:NONCE], content[NONCE:], _bound(place, person))).decode()
        except (InvalidTag, ValueError):
            raise Unreadable("sealed with another key, or for another place") from None

    def forget(self, person: int) -> bool:
        """Delete a person's key: none of their words can be read any more. False where there was none."""
        with self._writing():
            keys = self._read(person // BLOCK)
            if self._slot(keys, person) == NO_KEY:
                return False
            self._put(person // BLOCK, keys, person, NO_KEY)
        return True

    def people(self, last: int) -> list[int]:
        """Whose keys there are, up to and without the `last`: those after them wait for whoever comes."""
        blocks = sorted(int(path.stem) for path in self.folder.glob("*.keys"))
        some = range(1, last)
        return [
            person
            for block in blocks
            for keys in [self._read(block)]
            for person in range(block * BLOCK, (block + 1) * BLOCK)
            if person in some and self._slot(keys, person) != NO_KEY
        ]

    def rewrap(self) -> int:
        """Wrap every block with the first master key; how many files there are."""
        with self._writing():
            paths = sorted(self.folder.glob("*.keys"))
            for path in paths:
                put_in_place(path, self._master.rotate(path.read_bytes()))
            settle(self.folder)
        return len(paths)

    def _of(self, person: int, *, make: bool = False) -> AESGCM:
        with self._alone:
            ready = self._ready.get(person)
            if ready is None:
                ready = self._ready[person] = AESGCM(self._key(person, make=make))
                if len(self._ready) > AT_HAND:
                    self._ready.popitem(last=False)
            return ready

    def _key(self, person: int, *, make: bool) -> bytes:
        known = self._slot(self._blocks.get(person // BLOCK, b""), person)
        key = known if known != NO_KEY else self._slot(self._read(person // BLOCK), person)
        if key != NO_KEY:
            return key
        if not make:
            raise Unreadable("the person's key was deleted")
        with self._writing():
            keys = self._read(person // BLOCK)  # somebody else may have made it meanwhile: then theirs is taken
            key = self._slot(keys, person)
            return key if key != NO_KEY else self._put(person // BLOCK, keys, person, secrets.token_bytes(LENGTH))

    def _slot(self, keys: bytes, person: int) -> bytes:
        start = person % BLOCK * LENGTH
        return keys[start : start + LENGTH] or NO_KEY

    def _path(self, block: int) -> Path:
        return self.folder / f"{block}.keys"

    def _read(self, block: int) -> bytes:
        """The keys of a block; none of one that has no file."""
        try:
            keys = self._master.decrypt(self._path(block).read_bytes())
        except FileNotFoundError:
            return b""
        except InvalidToken:
            raise Unreadable(f"the master keys do not open block {block}") from None
        self._keep(block, keys)
        return keys

    def _put(self, block: int, keys: bytes, person: int, key: bytes) -> bytes:
        """Write a block with one key of it changed. A new one has a key for each of its people from the start."""
        start = person % BLOCK * LENGTH
        keys = keys or secrets.token_bytes(BLOCK * LENGTH)
        keys = keys[:start] + key + keys[start + LENGTH :]
        put_in_place(self._path(block), self._master.encrypt(keys))
        settle(self.folder)
        self._keep(block, keys)
        self._ready.pop(person, None)
        return key

    def _keep(self, block: int, keys: bytes) -> None:
        self._blocks[block] = keys
        if len(self._blocks) > BLOCKS_AT_HAND:
            self._blocks.popitem(last=False)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One at a time, of all threads and processes: else a key that one deletes comes back with what another writes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone, waiting_for(self.folder / ".lock"):
            yield


def owner_of(sealed: str) -> int:
    """Whose words they are, as they lie in the database."""
    return int(sealed[len(MARK) : sealed.index(".", len(MARK))])


def _packed(words: bytes) -> bytes:
    """Compressed, where that is shorter; and always where words begin as compressed ones do."""
    like = words.startswith(PACKED)
    if len(words) < SHORT and not like:
        return words
    packed = PACKED + zlib.compress(words, zlib.Z_BEST_SPEED)
    return packed if like or len(packed) < len(words) else words


def _unpacked(opened: bytes) -> bytes:
    return zlib.decompress(opened[len(PACKED) :]) if opened.startswith(PACKED) else opened


def _bound(place: str, person: int) -> bytes:
    return f"{place} {person}".encode()
