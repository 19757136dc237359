"""The demo behind a port of its own: a small class, two weeks before it leaves."""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from bot.commands.opening import read_table
from bot.demo.answers import STEADY
from bot.demo.playback import Pace
from bot.demo.serving import serve
from bot.demo.stage import Ears, Stage
from bot.demo.world import ROOT, Script, World, example
from bot.domain.roster import Table
from tests.in_memory import in_common, leave
from tests.ports import TRUSTS_NOBODY

START = datetime(2027, 2, 22, 7, 0, tzinfo=UTC)
OPENING = START + timedelta(days=2)
LEARNER = "VAL-27-04"
T = TypeVar("T")


@cache
def small_table() -> Table:
    """Three learners who leave for Leipzig on 6 March: one of each temper that the tests need."""
    whole = read_table(ROOT / "examples" / "roster.csv")
    kept = {STEADY, LEARNER, "VAL-27-01"}
    return replace(whole, rows=tuple(row for row in whole.rows if row[0] in kept))


@cache
def small_script() -> Script:
    """What is played with them; it never changes."""
    return example(small_table(), start=START, families=True)


@dataclass(frozen=True)
class Left:
    """What a beginning left: it is played once a run in each language, and taken over by whoever begins with it again, in
    whichever process.
    """

    path: Path
    now: datetime
    stage: dict[str, Any]
    cast: dict[str, Any]
    pace: dict[str, Any]


ON_STAGE, OF_THE_CAST = ("language", "couple", "looked", "voices"), ("left", "_chance", "_replies", "_count", "pressed")
OF_THE_PACE = ("wanted", "opening", "opened", "asked", "_answers")


class Demo:
    """The demo at work, seen from a test: its stage, its pace, its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.failed: list[BaseException] = []
        self._made = 0
        self._visitors: list[httpx.Client] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def _make(self, channel: Ears) -> World:
        self._made += 1
        folder = self.folder / str(self._made)
        folder.mkdir(exist_ok=True)
        return World(folder, {channel.name: channel}, small_script())

    def _serve(self) -> None:
        async def play() -> None:
            self.loop = asyncio.get_running_loop()
            self.stage = Stage(self._make, seed=1)
            self.pace = Pace(self.stage, OPENING)
            self._ready.set()
            await serve(self.stage, self.pace, self.door)

        try:
            asyncio.run(play())
        except BaseException as problem:
            self.failed.append(problem)

    @contextmanager
    def running(self) -> Iterator[Demo]:
        self._thread.start()
        assert self._ready.wait(30)
        try:
            yield self
        finally:
            for browser in self._visitors:
                browser.close()
            self.stop()
            self.door.close()
        assert self.failed == []

    def stop(self) -> float:
        """Tell the server to stop; how long it took."""
        began = time.monotonic()
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.stage.close)
            self._thread.join(30)
        return time.monotonic() - began

    def visitor(self, language: str = "en") -> httpx.Client:
        """A browser that follows where forms lead."""
        headers = {"accept-language": language, "origin": self.url}
        self._visitors.append(
            httpx.Client(base_url=self.url, headers=headers, timeout=60, follow_redirects=True, verify=TRUSTS_NOBODY)
        )
        return self._visitors[-1]

    def opened(self, language: str = "en") -> httpx.Client:
        """A browser that has waited until the scene is set."""
        browser = self.visitor(language)

        def wait() -> None:
            browser.get("/")
            self.until(lambda: self.pace.opened)

        self._begin(language, wait)
        browser.get("/")
        return browser

    def departed(self) -> httpx.Client:
        """A browser that has gone on to the departure, and said nothing on the way."""
        browser = self.visitor()

        def leap() -> None:
            self.opened().post("/leap", data={"where": "departure"})
            self.still()

        self._begin("en, departed", leap)
        browser.get("/")
        return browser

    def _begin(self, name: str, play: Callable[[], None]) -> None:
        """Play a beginning, or take over what it left."""
        folder = in_common() / "demo"
        folder.mkdir(exist_ok=True)
        kept = folder / name
        if kept.exists():
            asyncio.run_coroutine_threadsafe(self._take_over(pickle.loads(kept.read_bytes())), self.loop).result(60)
            return
        play()
        asyncio.run_coroutine_threadsafe(self._leave(kept), self.loop).result(60)

    async def _leave(self, kept: Path) -> None:
        """Nobody finds half of it: two processes may play the same at once, and each leaves a database of its own."""
        mine = kept.with_name(f"{kept.name}-{os.getpid()}.db")
        _copy(self.folder / str(self._made) / "demo.db", mine)
        stage, pace = self.stage, self.pace
        left = Left(
            mine,
            pace.now,
            _named(stage, ON_STAGE),
            _named(stage.cast, OF_THE_CAST),
            _named(pace, OF_THE_PACE),
        )
        leave(kept, left)

    async def _take_over(self, left: Left) -> None:
        stage = self.stage
        stage.world.close()
        (self.folder / str(self._made + 1)).mkdir()
        _copy(left.path, self.folder / str(self._made + 1) / "demo.db")
        stage.world = self._make(stage.channel)
        stage.db = stage.cast.db = stage.world.db
        stage.world.clock.move_to(left.now)
        for taken, kept in ((stage, left.stage), (stage.cast, left.cast), (self.pace, left.pace)):
            vars(taken).update(kept)
        stage.begun.set()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that takes a moment."""
        limit = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < limit, "it never came"
            time.sleep(0.02)

    def still(self) -> None:
        """Wait until the clock has arrived."""
        self.until(lambda: self.pace.goal is None and not self.pace.playing)


def _named(of: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: vars(of)[name] for name in names}


def _copy(path: Path, copy: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo that nobody has opened yet."""
    with Demo(tmp_path).running() as running:
        yield running


@pytest.fixture(scope="module")
def opened_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose scene is set, for all tests of a file that only look, or are refused."""
    with Demo(tmp_path_factory.mktemp("demo")).running() as running:
        running.opened()
        yield running
