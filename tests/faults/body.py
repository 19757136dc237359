"""A running process, and what can be done to it and to the machine it runs on."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.faults.forked import Forked
from tests.faults.ledger import Ledger
from tests.faults.plan import Trouble
from tests.faults.unwell import READ_ONLY

PATIENCE = 90.0
"""Seconds that its end may take: what is on its way may take one."""


class Body:
    """A running process, and what can be done to it."""

    def __init__(self, process: Forked, folder: Path, database: Path, ledger: Ledger) -> None:
        self.process, self.folder, self.database, self.ledger = process, folder, database, ledger
        self.over = False

    def signal(self, number: int) -> None:
        if not self.over:  # its number may be somebody else's by now
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    async def end(self, number: int, patience: float = PATIENCE) -> int:
        """Send a signal and wait for the end; who does not end by then is killed, and blamed."""
        self.signal(number)
        ended = asyncio.ensure_future(self.process.wait())
        done, _waiting = await asyncio.wait({ended}, timeout=patience)
        if not done:
            self.ledger.refused.append(f"did not end on signal {number} in {patience:.0f} s")
            self.signal(signal.SIGKILL)
        self.over = True
        return await ended

    @contextmanager
    def wrong(self, trouble: Trouble) -> Iterator[None]:
        """The machine is not well meanwhile."""
        match trouble:
            case Trouble.LOCKED:
                with closing(sqlite3.connect(self.database, isolation_level=None)) as other:
                    other.execute("PRAGMA busy_timeout = 30000")
                    other.execute("BEGIN IMMEDIATE")
                    yield
                    other.execute("ROLLBACK")
            case Trouble.FULL:
                self._largest_file(1)
                yield
                self._largest_file(resource.RLIM_INFINITY)
            case Trouble.READ_ONLY:
                flag = self.folder / READ_ONLY
                flag.touch()
                yield
                flag.unlink()
            case _:
                yield

    def _largest_file(self, size: int) -> None:
        """No file may grow beyond this any more: to SQLite that is a disk without room."""
        if sys.platform == "linux" and not self.over:
            with suppress(ProcessLookupError):
                resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    @property
    def busy(self) -> bool:
        """Whether it has something to do, or would have if the machine let it: then it is not at a standstill."""
        try:
            threads = [path.read_text("ascii") for path in Path(f"/proc/{self.process.pid}/task").glob("*/stat")]
        except OSError:
            return False
        return any(thread.rpartition(")")[2].split()[0] in {"R", "D"} for thread in threads)

    def look_at_clock(self) -> None:
        """The clock of the machine has been set: so is that of the process."""
        self.signal(signal.SIGUSR1)
