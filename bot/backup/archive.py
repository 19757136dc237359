"""What a backup holds, packed and unpacked: a list with a checksum of every file, the database, the files around it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from bot.backup.database import Counts
from bot.config import Config
from bot.config.programme import language_files
from bot.store import lock

FORMAT = 1
LIST, DATABASE, DATA, SETTINGS = "manifest.json", "compagnon.db", "data", "settings"
BLOCK = 1 << 20
NEVER = (lock.NAME, "backups", ".restoring", ".backing-up", "rehearsals")
"""In the folder of data, and no part of what is kept."""


BROKEN = (
    gzip.BadGzipFile, zlib.error, EOFError, tarfile.TarError, FileExistsError, FileNotFoundError, ValueError, KeyError, TypeError
)  # fmt: skip
"""What a damaged archive makes the libraries say; a full disk is none of it."""


class Unusable(Exception):
    """It is no backup of ours, or not whole."""


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself."""

    made: str
    revision: str
    """Of the database that the Compagnon which made it knew."""
    rows: Counts
    settings: dict[str, str] = field(default_factory=dict)
    """Which file of the settings is which: `config`, `programme`, `consortium`."""
    elsewhere: list[str] = field(default_factory=list)
    """What belongs to the installation and is kept somewhere else by whoever runs it."""
    files: dict[str, str] = field(default_factory=dict)
    """Every file's SHA-256."""
    format: int = FORMAT

    @property
    def on_matrix(self) -> bool:
        return any(PurePosixPath(name).name == "identity.json" for name in self.files)


def belongings(config: Config, written: Path | None) -> dict[str, Path]:
    """The files of an installation by their names in a backup: its settings, and what lies in its folder of data.

    Not the crypto store of Matrix nor the mark beside it: a copy of those, brought back, is worse than none.
    """
    settings = [written, config.programme, *language_files(config.programme), config.consortium]
    found = {f"{SETTINGS}/{path.name}": path for path in settings if path is not None and path.is_file()}
    store = config.data_dir / config.matrix.store
    left = {config.data_dir / name for name in NEVER} | {config.backups, store / "crypto", store / "mark"}
    left |= _database_files(config)
    for path in _files_below(config.data_dir, left):
        found[f"{DATA}/{path.relative_to(config.data_dir).as_posix()}"] = path
    return found


def _database_files(config: Config) -> set[Path]:
    kept = config.data_dir / "compagnon.db"
    named = config.database_url.get_secret_value().partition("sqlite:///")[2]
    return {Path(f"{path}{end}") for path in (kept, named) if str(path) for end in ("", "-wal", "-shm", "-journal")}


def _files_below(folder: Path, left: set[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path in left or path.is_symlink() or path.name.startswith(".") or path.name.endswith(".new"):
            continue
        if path.is_dir():
            yield from _files_below(path, left)
        elif path.is_file():
            yield path


def pack(target: Path, contents: Contents, files: Mapping[str, Path]) -> Contents:
    """Write a compressed archive; the list of what is in it comes last. A file that is deleted meanwhile is left out."""
    sums: dict[str, str] = {}
    with gzip.open(target, "wb", compresslevel=6) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, path in files.items():
            try:
                content = path.open("rb")
            except FileNotFoundError:
                continue
            with content:
                sums[name] = _add(archive, name, content)
        told = Contents(**{**asdict(contents), "files": sums})
        _add(archive, LIST, io.BytesIO(json.dumps(asdict(told), ensure_ascii=False).encode()))
    return told


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> str:
    """Put one file in, and nothing of whose it was or when; its checksum."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = content.seek(0, os.SEEK_END), 0o600
    content.seek(0)
    summed = _Summed(content)
    archive.addfile(entry, summed)  # type: ignore[arg-type]
    return summed.digest.hexdigest()


class _Summed:
    """A file whose checksum is that of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content, self.digest = content, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._content.read(size)
        self.digest.update(block)
        return block


def unpack(packed: Path, folder: Path) -> Contents:
    """Every file into a folder, for its owner alone, and none outside it.

    Raises:
        Unusable: something is missing, too much or changed, or a later Compagnon packed it.
    """
    sums: dict[str, str] = {}
    try:
        with gzip.open(packed, "rb") as content, tarfile.open(fileobj=content, mode="r|") as archive:
            for entry in archive:
                sums[entry.name] = _take(archive, entry, folder)
        told = json.loads((folder / LIST).read_text("utf-8"))
        newer = told["format"] > FORMAT
        contents = None if newer else Contents(**told)
    except BROKEN as problem:
        raise Unusable(type(problem).__name__) from None
    if contents is None:
        raise Unusable("newer")
    del sums[LIST]
    if sums != contents.files:
        raise Unusable("changed")
    return contents


def _take(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    place = PurePosixPath(entry.name)
    content = archive.extractfile(entry)
    if content is None or place.is_absolute() or ".." in place.parts:
        raise ValueError(entry.name)
    target = folder.joinpath(*place.parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()
