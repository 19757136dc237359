"""Small files that must be on the disk when a function returns, for their owner alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """A new file that only its owner reads, on disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(path: Path, content: bytes) -> None:
    """The same in place of what is there: after a power cut it is the one or the other, once the folder is settled."""
    renewed = path.with_suffix(".new")
    renewed.unlink(missing_ok=True)
    write_new(renewed, content)
    renewed.replace(path)


def settle(folder: Path) -> None:
    """What was made or deleted in a folder is so after a power cut too. Where folders cannot be opened, so be it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def waiting_for(path: Path) -> Iterator[None]:
    """Hold a lock of the operating system on a file, after whoever holds it now. It ends with the process that has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            with suppress(OSError):  # where a disk knows no locks, nobody is kept out
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
