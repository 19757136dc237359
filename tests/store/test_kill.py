"""A process killed with SIGKILL loses no row it has committed, and leaves no half transaction."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.db import Database
from bot.store.models import SettingRow
from tests.conftest import Read

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")


@contextmanager
def victim(url: str, point: str) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, str(Path(__file__).with_name("victim.py")), url, point]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as child:
        yield child
        child.kill()


def told(child: subprocess.Popen[str], lines: int) -> list[str]:
    assert child.stdout is not None
    return [child.stdout.readline().strip() for _ in range(lines)]


def rest(child: subprocess.Popen[str]) -> list[str]:
    assert child.stdout is not None
    return child.stdout.read().split()


def pairs(names: list[str]) -> list[str]:
    return sorted(f"{name}-{half}" for name in names for half in ("one", "other"))


@pytest.mark.parametrize("moment", [0.0, 0.003, 0.011, 0.037])
def test_a_killed_process_loses_nothing_it_said_was_committed(database: Database, read: Read, moment: float) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    with victim(url, "never") as child:
        committed = told(child, 20)
        time.sleep(moment)
        child.kill()
        committed += rest(child)

    kept = sorted(name for (name,) in read(select(SettingRow.name)))

    names = {name.rsplit("-", 1)[0] for name in kept}
    assert set(committed) <= names
    assert len(names - set(committed)) <= 1, "only the last commit may not have been told any more"
    assert kept == pairs(list(names))


@pytest.mark.parametrize(("point", "said", "kept"), [("commit", 2, 2), ("committed", 2, 3)])
def test_a_transaction_is_kept_from_its_commit_on(
    database: Database, read: Read, point: str, said: int, kept: int
) -> None:
    with victim(database.engine.url.render_as_string(hide_password=False), point) as child:
        committed = rest(child)
        assert child.wait(10) == -9

    names = [f"{child.pid}-{number}" for number in range(kept)]
    assert committed == names[:said]
    assert sorted(name for (name,) in read(select(SettingRow.name))) == pairs(names)
