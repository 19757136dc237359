"""The way back: into an empty installation, and only there. Stopped half-way, it is taken up again; nothing starts before.

What is in it is laid out beside first. The database comes last: an installation that has one is whole.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from bot.backup.archive import DATA, DATABASE, SETTINGS, Contents, Unusable
from bot.backup.database import Counts, Damaged, brought_up, copy_in, counted, looked_at, people_in
from bot.backup.making import opened
from bot.config import Config
from bot.i18n import _, file_fault, say
from bot.store.db import sqlite_file
from bot.store.tombstones import BESIDE, FOLDER, Tombstones

HALF = ".restoring"
"""The folder of data has it while it is being filled."""
MAY_STAND = ("secrets", "lock", "backups", FOLDER, HALF)
"""What an empty folder of data may hold."""


class RestoreError(Exception):
    """Nothing was restored; the message is one line that says why, and what to do."""


@dataclass
class Restored:
    """What was brought back, and what was left as it stood."""

    contents: Contents
    rows: Counts
    kept: list[Path] = field(default_factory=list)
    """Files that were there already: the backup's lie beside them, with `.from-backup` at the end of their names."""


def key_of(written: str) -> pyrage.x25519.Identity:
    """The school's key, out of whatever it was written down with.

    Raises:
        RestoreError: there is none.
    """
    word = next((word for word in written.split() if word.upper().startswith("AGE-SECRET-KEY-1")), "")
    try:
        return pyrage.x25519.Identity.from_str(word.upper())
    except pyrage.IdentityError:
        raise RestoreError(
            say(_("That is no key of a backup: it begins with AGE-SECRET-KEY-1 and has 74 characters."))
        ) from None


def look_into(backup: Path, key: pyrage.x25519.Identity, folder: Path) -> tuple[Contents, Counts]:
    """Lay a backup out in a new folder, its database of this Compagnon and whole.

    Raises:
        RestoreError: it cannot be used.
    """
    try:
        contents = opened(backup, key, folder)
        looked_at(folder / DATABASE)
        brought_up(folder / DATABASE)
        return contents, looked_at(folder / DATABASE)
    except OSError as problem:
        if not backup.exists():
            raise RestoreError(say(_("{path}: there is no such backup."), path=backup)) from None
        raise _unwritten(problem, folder) from None
    except (Unusable, Damaged) as problem:
        raise RestoreError(say(_WHY.get(str(problem), _DAMAGED), path=backup)) from None


_DAMAGED = _("{path} is damaged, or no backup of Compagnon: take another one.")
_WHY = {
    "key": _("{path} was closed with another key: take the one that was shown when you ran backup --new-key."),
    "newer": _("{path} is of a newer Compagnon: install that version first."),
}


def require_empty(config: Config) -> None:
    """Nothing that is there is ever overwritten.

    Raises:
        RestoreError: there is an installation here.
    """
    url = config.database_url.get_secret_value()
    if (config.data_dir / HALF).exists():
        return
    there = sorted(each.name for each in config.data_dir.glob("*") if each.name not in MAY_STAND)
    if there or people_in(url):
        what = ", ".join(there) or say(_("a database with people in it"))
        raise RestoreError(say(_("This is no empty installation: {what}. A restore overwrites nothing. To begin anew, stop Compagnon and move it away: mv {folder} {folder}.old"), what=what, folder=config.data_dir))  # fmt: skip


def settle(folder: Path, contents: Contents, here: Path) -> list[Path]:
    """The settings, into the folder of the configuration; the files that stood there and are different."""
    differ: list[Path] = []
    for laid in sorted((folder / SETTINGS).glob("*")):
        target = here / laid.name
        if target.exists() and target.read_bytes() != laid.read_bytes():
            differ.append(target)
            target = target.with_name(f"{target.name}.from-backup")
        shutil.copyfile(laid, target)
        target.chmod(0o600)
    return differ


def fill(config: Config, folder: Path, rows: Counts) -> list[Path]:
    """The folder of data and the database, from what was laid out; secrets that stood there and are different, stay.

    Raises:
        RestoreError: it was not done, and can be done again.
    """
    data = config.data_dir
    try:
        (data / HALF).mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = [
            path
            for laid in sorted((folder / DATA).rglob("*"))
            if laid.is_file() and (path := _place(laid, folder / DATA, data))
        ]
        _database(config.database_url.get_secret_value(), folder / DATABASE, rows)
        (data / HALF).rmdir()
    except OSError as problem:
        raise _unwritten(problem, data) from None
    return kept


def keep_erased(config: Config, backup: Path) -> int:
    """Who was erased after this backup was made, as the list beside the backups says: they are erased again at the start."""
    return Tombstones(config.data_dir / FOLDER).take_over(backup.parent / BESIDE)


def _unwritten(problem: OSError, folder: Path) -> RestoreError:
    text = _("{path} cannot be written: {reason}. Mend that, then run the same command again.")
    return RestoreError(say(text, path=problem.filename or folder, reason=file_fault(problem)))


def _place(laid: Path, root: Path, data: Path) -> Path | None:
    target = data / laid.relative_to(root)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists() and target.parent.name == "secrets" and target.read_bytes() != laid.read_bytes():
        return target
    if target.exists() and laid.parent == root / FOLDER:
        Tombstones(target.parent).take_over(laid)  # who was erased since stays erased
        return None
    _written(laid, target)
    return None


def _database(url: str, copy: Path, rows: Counts) -> None:
    kept = sqlite_file(url)
    if kept is not None:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _written(copy, kept)
    elif people_in(url):  # stopped between this and the last step
        there = counted(url)
        if {name: rows.get(name, 0) for name in there} != there:
            raise RestoreError(
                say(_("The database holds something else than this backup: empty it, then run the same command again."))
            )
    else:
        copy_in(copy, url)


def _written(source: Path, target: Path) -> None:
    """Whole or not at all, on disk, for its owner alone."""
    beside = target.with_name(f".{target.name}.new")  # hidden: in the folder of secrets every other name is a setting
    beside.unlink(missing_ok=True)
    with (
        source.open("rb") as content,
        os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
