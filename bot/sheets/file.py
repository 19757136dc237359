"""A file that appears whole or not at all, for its owner's eyes only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class SheetError(Exception):
    """The sheet cannot be made; one line that says what to do."""


@contextmanager
def placed(path: Path, *, force: bool) -> Iterator[Callable[[bytes], None]]:
    """A function that writes the file. Whether it can be written is known before it is called.

    Raises:
        SheetError: the file is there and `force` is not given, or the folder cannot be written to.
    """
    if path.is_dir():
        raise SheetError(f"{path} is a folder: name a file in it")
    if path.exists() and not force:
        raise SheetError(f"{path} is there already. Add --force to replace it; its codes then stop working.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as problem:
        raise SheetError(f"{path} cannot be written: {problem.strerror}. Name another place.") from None

    def write(content: bytes) -> None:
        with os.fdopen(handle, "wb", closefd=False) as file:
            file.write(content)
        os.fsync(handle)
        os.replace(draft, path)

    try:
        yield write
    finally:
        os.close(handle)
        draft.unlink(missing_ok=True)
