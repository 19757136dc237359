"""One at a time in one folder of data, whichever way the one before it ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.lock import Busy, at_work

ROOT = Path(__file__).resolve().parents[2]


HOLDS = """
import sys
from pathlib import Path
from bot.store.lock import at_work
with at_work(Path(sys.argv[1]), "run", beside_others=sys.argv[2] == "True"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("replica", [False, True])
def test_a_second_one_is_refused_by_name_until_the_first_is_gone(tmp_path: Path, replica: bool) -> None:
    words = [sys.executable, "-c", HOLDS, str(tmp_path), str(replica)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        told = rf'\("run", process {other.pid}\): stop that one first'
        with pytest.raises(Busy, match=told), at_work(tmp_path, "matrix repair"):
            pass
        if replica:
            with at_work(tmp_path, "run", beside_others=True):
                pass
        other.kill()
    with at_work(tmp_path, "matrix repair"):
        pass


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Busy, match="cannot be written"), at_work(tmp_path / "file" / "data", "run"):
        pass
