"""Making a backup, and proving it: the finished file is opened again and restored beside, or it is not kept.

It is sealed (age) to the school's public key, so that this machine cannot read what it has backed up, and to a second
key that lives as long as the proof does.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import pyrage
from sqlalchemy.exc import SQLAlchemyError

from bot.backup.archive import DATABASE, Contents, Unusable, belongings, pack, unpack
from bot.backup.database import Damaged, copy_out, looked_at
from bot.config import Config
from bot.config.tables import PREFIX
from bot.i18n import _, file_fault, say
from bot.store import migrate
from bot.store.db import sqlite_file
from bot.store.disk import settle
from bot.store.lock import at_work
from bot.store.tombstones import FOLDER, Tombstones

NAMED = "compagnon-%Y-%m-%dT%H%M%SZ.age"
OURS = "compagnon-????-??-??T??????Z.age"
STAGING = ".backing-up"
TIMES = 4
"""The copy, the archive, what is sealed, and what is restored from it: so often everything lies on the disk for a moment."""
SPARE = 50_000_000
"""Bytes that a backup must leave to Compagnon."""


class BackupError(Exception):
    """No backup was made; the message is one line that says why, and what to do."""


def make(config: Config, written: Path | None, now: datetime) -> tuple[Path, Contents]:
    """A new backup, whole and proved, in the folder of backups.

    Raises:
        BackupError, MigrationError, Busy: there is none, and nothing of it is left.
    """
    recipient = _recipient(config)
    try:
        return _made(config, written, now, recipient)
    except OSError as problem:
        place = problem.filename or config.backups
        raise BackupError(say(_("{path} cannot be written: {reason}. Mend that, then run the same command again."), path=place, reason=file_fault(problem))) from None  # fmt: skip
    except (sqlite3.Error, SQLAlchemyError):
        raise BackupError(say(_("The database cannot be read now: python3 run.py doctor says why."))) from None


def _made(
    config: Config, written: Path | None, now: datetime, recipient: pyrage.x25519.Recipient
) -> tuple[Path, Contents]:
    folder = config.backups
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_no_room(config, written, folder)
    Tombstones(config.data_dir / FOLDER).ready()
    with at_work(folder / STAGING, "backup"), _staging(folder / STAGING) as staging:
        made, contents = _sealed(config, written, now, recipient, staging)
        kept = folder / now.strftime(NAMED)
        os.replace(made, kept)
        settle(folder)
    return kept, contents


def rotate(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest; what is not called as ours are is left alone."""
    old = sorted(folder.glob(OURS))[:-keep]
    for path in old:
        path.unlink()
    return old


def new_key() -> tuple[str, str]:
    """The school's key, which opens its backups, and the public one that closes them."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def _recipient(config: Config) -> pyrage.x25519.Recipient:
    if config.backup.recipient is None:
        raise BackupError(say(_("There is no key for backups yet. Make one, once: python3 run.py backup --new-key")))
    try:
        return pyrage.x25519.Recipient.from_str(config.backup.recipient.strip())
    except pyrage.RecipientError:
        raise BackupError(
            say(_("[backup] recipient is no key of age: it begins with age1 and has 62 characters."))
        ) from None


def _sealed(
    config: Config, written: Path | None, now: datetime, recipient: pyrage.x25519.Recipient, staging: Path
) -> tuple[Path, Contents]:
    """The database first, then the files: whatever is sealed in the one has its key among the others."""
    try:
        copy_out(config.database_url.get_secret_value(), copy := staging / DATABASE)
        told = Contents(
            now.isoformat(timespec="seconds"),
            migrate.known()[-1],
            looked_at(copy),
            _roles(config, written),
            _elsewhere(config),
        )
    except Damaged as problem:
        raise BackupError(say(_("The database itself is damaged ({reason}): no backup was made of it. Keep the older ones, and restore the newest."), reason=problem)) from None  # fmt: skip
    contents = pack(staging / "plain", told, {DATABASE: copy, **belongings(config, written)})
    proof = pyrage.x25519.Identity.generate()
    with (staging / "plain").open("rb") as plain, _private(staging / "sealed") as sealed:
        pyrage.encrypt_io(plain, sealed, [recipient, proof.to_public()])
        sealed.flush()
        os.fsync(sealed.fileno())
    for done in (staging / "plain", copy):
        done.unlink()
    _prove(staging / "sealed", proof, contents, staging)
    return staging / "sealed", contents


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _prove(sealed: Path, key: pyrage.x25519.Identity, contents: Contents, staging: Path) -> None:
    """Restore it beside: the same files, a whole database, the same number of rows in each table."""
    try:
        found = opened(sealed, key, staging / "proof")
        rows = looked_at(staging / "proof" / DATABASE)
    except (Unusable, Damaged):
        found, rows = None, {}
    if found != contents or rows != contents.rows:
        raise BackupError(say(_("The backup could not be read again and was thrown away: is the disk failing? Run it once more, to another folder.")))  # fmt: skip


def opened(sealed: Path, key: pyrage.x25519.Identity, folder: Path) -> Contents:
    """What is in a sealed backup, unpacked into a new folder.

    Raises:
        Unusable: another key closed it, or it is damaged.
    """
    folder.mkdir(mode=0o700)
    plain = folder / ".plain"
    try:
        with sealed.open("rb") as source, plain.open("xb") as target:
            pyrage.decrypt_io(source, target, [key])
    except pyrage.DecryptError as problem:
        raise Unusable("key" if "matching" in str(problem) else str(problem)) from None
    except OSError as problem:
        if problem.errno is not None:
            raise  # the disk's
        raise Unusable("damaged") from None
    contents = unpack(plain, folder)
    plain.unlink()
    return contents


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder for one's own eyes that is gone afterwards; so is what an earlier one left that was stopped half-way."""
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
    made = Path(tempfile.mkdtemp(dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _refuse_no_room(config: Config, written: Path | None, folder: Path) -> None:
    kept = sqlite_file(config.database_url.get_secret_value())
    if kept is not None and not kept.is_file():
        raise BackupError(say(_("There is no database yet at {path}: nothing to back up."), path=kept))
    files = [*belongings(config, written).values(), *([kept, Path(f"{kept}-wal")] if kept else [])]
    needed = TIMES * sum(path.stat().st_size for path in files if path.exists()) + SPARE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(say(_("Too little room in {folder}: {free} MB are free, {needed} MB are needed."), folder=folder, free={"number": free // 1_000_000}, needed={"number": needed // 1_000_000 + 1}))  # fmt: skip


def _roles(config: Config, written: Path | None) -> dict[str, str]:
    named = {"config": written, "programme": config.programme, "consortium": config.consortium}
    return {role: path.name for role, path in named.items() if path is not None and path.is_file()}


def _elsewhere(config: Config) -> list[str]:
    """What whoever runs this keeps apart: master keys, since a backup must not hold both; secrets; the Matrix folder."""
    told = os.environ.get(PREFIX + "SECRETS_DIR")
    named = [config.keys.file, Path(told).absolute() if told else None, config.data_dir / config.matrix.store]
    return [str(path) for path in named if path is not None and path.exists() and config.data_dir not in path.parents]
