"""Where a run of the tests writes: into memory, where files can be kept there. It is thrown away, and a disk is slow at that.

What one process of a run has made, the others find in a folder that they have in common.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
PREFIX = "compagnon-"
"""A folder is called by the process that wrote there."""
IN_COMMON = "TESTS_IN_COMMON"
"""Whatever process of a run comes first says in this variable where that folder is."""
ROOM = 4_000_000_000
"""Bytes that must be free: four workers leave half of that at the most."""


def write_in_memory() -> None:
    """Say where to `tempfile`, to pytest, and to every process that is started from here.

    TMPDIR says otherwise: it stays, and so does what is written there, as far as pytest keeps it.
    """
    if "TMPDIR" in os.environ or not _has_room():
        return
    _throw_away_what_was_left()
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(_throw_away, folder, os.getpid())


def in_common() -> Path:
    """The folder that all processes of this run have in common."""
    if IN_COMMON not in os.environ:
        os.environ[IN_COMMON] = tempfile.mkdtemp(prefix=f"{PREFIX}run-")
        atexit.register(_throw_away, Path(os.environ[IN_COMMON]), os.getpid())
    return Path(os.environ[IN_COMMON])


def _has_room() -> bool:
    """As files count and as memory is free; and programs must be allowed to run from there."""
    if not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    told = re.search(r"MemAvailable: *(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
    free = int(told[1]) * 1024 if told else 0
    return min(free, shutil.disk_usage(MEMORY).free) >= ROOM


def _throw_away(folder: Path, process: int) -> None:
    if os.getpid() == process:  # and not when one ends that was forked from it
        shutil.rmtree(folder, ignore_errors=True)


def _throw_away_what_was_left() -> None:
    """By runs that were killed: their processes are no more, or another has their number now."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        process = folder.name.removeprefix(PREFIX)
        if process.isdigit() and (int(process) == os.getpid() or not Path("/proc", process).exists()):
            shutil.rmtree(folder, ignore_errors=True)
