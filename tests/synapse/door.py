"""Programs that take long to begin: one of a kind is started by whoever first needs it, and serves all tests of a worker.

Each listens at a door, a socket in a folder of its own, whose number is the last word of its command. It ends when its
standard input does: a killed test run leaves none behind.
"""

from __future__ import annotations

import atexit
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path


@cache
def door(name: str, *command: str) -> Path:
    """Where it listens; what it says is in `log_of(door)`. Whoever connects may have to wait until it has begun."""
    folder = Path(tempfile.mkdtemp(prefix=f"compagnon-{name}-"))
    path = folder / "door"
    with socket.socket(socket.AF_UNIX) as listening, log_of(path).open("ab") as log:
        listening.bind(str(path))
        listening.listen()
        number = listening.fileno()
        process = subprocess.Popen(
            [*command, str(number)], stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, pass_fds=[number]
        )
    atexit.register(_end, process, folder)
    return path


def log_of(door: Path) -> Path:
    return door.with_name("log")


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.communicate()
    if not (folder / "log").stat().st_size:
        shutil.rmtree(folder)
