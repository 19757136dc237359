"""Real deaths: SIGKILL at chance moments of a whole story, and the story ends as if nothing had been."""

from __future__ import annotations

import json
import os
import random
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.crash_points import Screen, recorded, restore
from tests.faults.forked import forking
from tests.faults.story import dump
from tests.faults.victim import live
from tests.properties import tried

KILLS = tried(4, 12)
FILES = ("story.db", "plan", "done", "screen")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of POSIX")


async def test_killed_at_any_moment_the_story_ends_the_same(tmp_path: Path) -> None:
    path, _programme, chapters = await recorded(tmp_path)
    restore(path, chapters[0].before)
    (tmp_path / "plan").write_text("".join(chapter.step.to_json() + "\n" for chapter in chapters), "utf-8")

    kills = sum(_run(tmp_path, chance) for chance in _moments())
    while not _finished(tmp_path, len(chapters)):
        _run(tmp_path, 60)

    assert kills == KILLS
    assert dump(path) == chapters[-1].after
    assert _screen(tmp_path) == [line for chapter in chapters for line in chapter.screen]


def _moments() -> list[float]:
    """After it has come up: before that a kill proves nothing."""
    chance = random.Random()
    return [chance.uniform(0, 0.15) for _ in range(KILLS)]


def _run(folder: Path, patience: float) -> bool:
    """Let the victim come up and play for so long, then kill it. Whether it had to be."""
    heard, up = forking().Pipe(duplex=False)
    child = forking().Process(target=live, args=(up, *(folder / name for name in FILES)))
    child.start()
    up.close()
    with heard:
        heard.recv()
    child.join(patience)
    killed = child.is_alive()
    child.kill()
    child.join()
    assert killed or child.exitcode == 0
    return killed


def _finished(folder: Path, steps: int) -> bool:
    done = folder / "done"
    return done.exists() and done.stat().st_size == steps


def _screen(folder: Path) -> Screen:
    with closing((folder / "screen").open(encoding="utf-8")) as lines:
        seen = [json.loads(line) for line in lines]
    return list(dict.fromkeys((number, native, text) for number, native, text in seen))
