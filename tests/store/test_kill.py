"""A process killed with SIGKILL loses no row it has committed, and leaves no half transaction."""

from __future__ import annotations

import os
import time
from contextlib import suppress

import pytest
from sqlalchemy import select

from bot.store.db import Database
from bot.store.models import SettingRow
from tests.conftest import Read
from tests.faults.forked import forking
from tests.store.victim import write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")


class Victim:
    """The process that writes until it is killed, and what it tells."""

    def __init__(self, url: str, point: str) -> None:
        self._heard, up = forking().Pipe(duplex=False)
        self._process = forking().Process(target=write, args=(up, url, point))
        self._process.start()
        up.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def told(self, names: int) -> list[str]:
        return [self._heard.recv() for _ in range(names)]

    def kill(self) -> None:
        self._process.kill()

    def ended(self) -> tuple[list[str], int | None]:
        """What else it told before it died, and how it died."""
        names = []
        with self._heard, suppress(EOFError):
            while True:
                names.append(self._heard.recv())
        self._process.join(10)
        return names, self._process.exitcode


def pairs(names: list[str]) -> list[str]:
    return sorted(f"{name}-{half}" for name in names for half in ("one", "other"))


@pytest.mark.parametrize("moment", [0.0, 0.003, 0.011, 0.037])
def test_a_killed_process_loses_nothing_it_said_was_committed(database: Database, read: Read, moment: float) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    child = Victim(url, "never")
    committed = child.told(20)
    time.sleep(moment)
    child.kill()
    committed += child.ended()[0]

    kept = sorted(name for (name,) in read(select(SettingRow.name)))

    names = {name.rsplit("-", 1)[0] for name in kept}
    assert set(committed) <= names
    assert len(names - set(committed)) <= 1, "only the last commit may not have been told any more"
    assert kept == pairs(list(names))


@pytest.mark.parametrize(("point", "said", "kept"), [("commit", 2, 2), ("committed", 2, 3)])
def test_a_transaction_is_kept_from_its_commit_on(
    database: Database, read: Read, point: str, said: int, kept: int
) -> None:
    child = Victim(database.engine.url.render_as_string(hide_password=False), point)
    committed, died = child.ended()
    assert died == -9

    names = [f"{child.pid}-{number}" for number in range(kept)]
    assert committed == names[:said]
    assert sorted(name for (name,) in read(select(SettingRow.name))) == pairs(names)
