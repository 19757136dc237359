"""Where a run of the tests writes: into memory, where files can be kept there. It is thrown away, and a disk is slow at that.

What one process of a run has made, the others find in a folder that they have in common.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

MEMORY = Path("/dev/shm")
PREFIX = "compagnon-"
"""A folder is called by the process that wrote there."""
IN_COMMON = "TESTS_IN_COMMON"
"""Whatever process of a run comes first says in this variable where that folder is."""
LAST = -1000
"""Of what is done at the end of a process, the highest number comes first; multiprocessing's own has -100."""
ROOM = 4_000_000_000
"""Bytes that must be free: the workers of a run leave half of that at the most."""


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
    _throw_away_at_the_end(folder)


def in_common() -> Path:
    """The folder that all processes of this run have in common."""
    if IN_COMMON not in os.environ:
        os.environ[IN_COMMON] = tempfile.mkdtemp(prefix=f"{PREFIX}run-")
        _throw_away_at_the_end(Path(os.environ[IN_COMMON]))
    return Path(os.environ[IN_COMMON])


def leave(kept: Path, left: object) -> None:
    """For whichever process of this run comes next. Nobody finds half of it: two may make the same at once."""
    mine = kept.with_name(f"{kept.name}-{os.getpid()}.left")
    mine.write_bytes(pickle.dumps(left))
    mine.replace(kept)


def _has_room() -> bool:
    """As files count and as memory is free; and programs must be allowed to run from there."""
    if not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    told = re.search(r"MemAvailable: *(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
    free = int(told[1]) * 1024 if told else 0
    return min(free, shutil.disk_usage(MEMORY).free) >= ROOM


def _throw_away_at_the_end(folder: Path) -> None:
    """Of this process, and not when one ends that was forked from it; after multiprocessing has put away what it wrote there."""
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=LAST)


def _throw_away_what_was_left() -> None:
    """By runs that were killed: their processes are no more, or another has their number now."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        process = folder.name.removeprefix(PREFIX)
        if process.isdigit() and (int(process) == os.getpid() or not Path("/proc", process).exists()):
            shutil.rmtree(folder, ignore_errors=True)
