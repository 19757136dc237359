"""What Matrix keeps on disk, for its own account's eyes only: the identity, the device, and the crypto store.

Only `identity.json` and `pickle_key` belong in a backup. A copy of the rest, brought back, is worse than none: its
keys have moved on, and what is written with it nobody can read.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.channels.matrix.identity import Identity, IdentityError
from bot.i18n import _, say, sentence_of


class FolderError(Exception):
    """What is kept cannot be used; the message says how to mend it."""


@dataclass(frozen=True)
class Device:
    """Who we are to the homeserver, until the next repair."""

    user_id: str
    device_id: str
    token: str = field(repr=False)


class Folder:
    """The folder `[matrix] store`, 0700."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.identity_file, self._device, self._mark = path / "identity.json", path / "device.json", path / "mark"
        self._pickle_key = path / "pickle_key"

    def prepare(self) -> None:
        """Make it, and close it to everybody else."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    def crypto(self, device_id: str) -> Path:
        """Where the crypto store of a device is."""
        return self.path / "crypto" / device_id.replace("/", "_").replace(".", "_")

    def prepare_crypto(self, device_id: str) -> Path:
        """The same, made, and closed to everybody else."""
        path = self.crypto(device_id)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for closed in (path.parent, path):
            closed.chmod(0o700)
        return path

    def drop_crypto(self) -> None:
        """Destroy the crypto stores of all former devices: they must never be used again."""
        shutil.rmtree(self.path / "crypto", ignore_errors=True)

    def identity(self) -> Identity | None:
        """The identity; None where none was made.

        Raises:
            FolderError: the file holds none.
        """
        kept = self._read(self.identity_file)
        try:
            return Identity.from_json(kept) if kept is not None else None
        except IdentityError as problem:
            raise FolderError(
                say(
                    _("{path}: {reason}. Bring it back from your backup."),
                    path=self.identity_file,
                    reason=sentence_of(problem),
                )
            ) from None

    def keep_identity(self, identity: Identity) -> None:
        write_private(self.identity_file, json.dumps(identity.to_json()))

    def device(self) -> Device | None:
        """Who we are; None before `matrix setup`.

        Raises:
            FolderError: the file holds nothing of use.
        """
        kept = self._read(self._device)
        try:
            return Device(**kept) if kept is not None else None
        except TypeError:
            raise FolderError(
                say(_("{path} holds no device. Run: python3 run.py matrix repair"), path=self._device)
            ) from None

    def keep_device(self, device: Device) -> None:
        write_private(self._device, json.dumps(asdict(device)))

    def pickle_key(self, given: str = "") -> str:
        """What the crypto store is encrypted with: the configuration's, else one made once."""
        if given:
            return given
        if not self._pickle_key.exists():
            write_private(self._pickle_key, secrets.token_urlsafe(32))
        return self._pickle_key.read_text(encoding="ascii").strip()

    def mark(self) -> int:
        """How far this store has come. The homeserver knows how far it should have: see `freshness`."""
        try:
            return int(self._mark.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def keep_mark(self, mark: int) -> None:
        write_private(self._mark, str(mark))

    def _read(self, path: Path) -> dict[str, Any] | None:
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise FolderError(say(_("{path} cannot be read."), path=path)) from None
        if not isinstance(kept, dict):
            raise FolderError(say(_("{path} cannot be read."), path=path))
        return kept


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all, and on disk when this returns."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
