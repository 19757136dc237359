"""A real Matrix homeserver (Synapse) on loopback, started from .venv-synapse."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import tempfile
import urllib.error
import urllib.request
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Self

from tests.ports import free_port
from tests.synapse import configuration
from tests.synapse.administration import Account, Administration
from tests.synapse.configuration import NAME, Limits
from tests.synapse.door import door, log_of

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = ROOT / ".venv-synapse" / "bin" / "python"
LEASHED = Path(__file__).with_name("leashed.py")
PATIENCE = 60.0
"""Seconds a start may take: five are usual, more when the machine has much to do."""


class NotStarted(Exception):
    """Synapse did not come up; the message says what its log said last."""


def _forking() -> Path:
    """Where the process of leashed.py listens, which forks homeservers; it is started at the first, and ends with us."""
    if not PYTHON.exists():
        raise NotStarted("There is no .venv-synapse yet: `python3 run.py test` prepares it.")
    return door("synapses", str(PYTHON), str(LEASHED))


class Leashed:
    """A running Synapse: it ends at the latest when this is let go, and this knows whether it has."""

    def __init__(self, log: Path, folder: Path, configuration: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(PATIENCE)
        self._line.connect(str(_forking()))
        request = {"log": str(log), "folder": str(folder), "configuration": str(configuration)}
        self._line.sendall(f"{json.dumps(request)}\n".encode())
        with self._line.makefile() as said:
            number = said.readline()
        if not number:
            raise NotStarted(f"Synapse cannot be imported: see {log_of(_forking())}")
        self.pid = int(number)

    def ended(self, patience: float = 0) -> bool:
        """Whether it has ended, at the latest after so many seconds."""
        self._line.settimeout(patience)
        try:
            return self._line.recv(1) == b""
        except (TimeoutError, BlockingIOError):
            return False
        except ConnectionResetError:
            return True

    def end(self, how: signal.Signals) -> None:
        """By this signal, and by SIGKILL where that is not heeded."""
        for each in (how, signal.SIGKILL):
            if not self.ended():
                os.kill(self.pid, each)
            if self.ended(15):
                break
        self._line.close()


class Homeserver:
    """A Synapse in a folder of its own. A `with`, or an `async with`, starts and stops it; `down()` and `up()` do so within a test.

    `admin` is its administrator. `url` and what is stored stay the same when it comes up again.
    """

    def __init__(
        self, folder: Path | None = None, *, limits: Limits = "off", passwords: bool = True, accounts: str = ""
    ) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="compagnon-synapse-"))
        self.log = self.folder / "homeserver.log"
        self.name = NAME
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.admin = Administration(self.url)
        self.configuration = configuration.write(self.folder, self.port, limits, passwords=passwords, accounts=accounts)
        self._process: Leashed | None = None
        self._numbers = count(1)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    @property
    def pid(self) -> int | None:
        """The id of the running process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = Leashed(self.log, self.folder, self.configuration)
        until = monotonic() + PATIENCE
        while not self._answers():
            if self._process.ended() or monotonic() > until:
                self.stop()
                raise NotStarted("\n".join([f"See {self.log}:", *self.log.read_text("utf-8").splitlines()[-20:]]))
            sleep(0.1)

    def stop(self, *, kill: bool = False) -> None:
        """Stop it in good order, or by SIGKILL."""
        if self._process is not None:
            self._process.end(signal.SIGKILL if kill else signal.SIGTERM)
        self._process = None

    async def down(self, *, kill: bool = False) -> None:
        """The same without stopping the clients that run beside us: connections are refused from now on."""
        await asyncio.to_thread(self.stop, kill=kill)

    async def up(self) -> None:
        """Start it again on the same port and data."""
        await asyncio.to_thread(self.start)

    async def register(self, name: str, password: str | None = None, *, admin: bool = False) -> Account:
        """A new user `@name:school.test`."""
        return await self.admin.register(name, password or secrets.token_urlsafe(12), admin=admin)

    async def newcomer(self, name: str) -> Account:
        """A new user whose id nobody has had on this homeserver: tests share one. The displayed name is `name`."""
        return await self.admin.register(f"{name.lower()}-{next(self._numbers)}", secrets.token_urlsafe(12), shown=name)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
