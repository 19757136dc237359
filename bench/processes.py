"""Whole processes, looked at from outside: how long the demo takes, and how much memory we do."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from bench.figures import Goal, Line, Series
from bench.opened import ahead_of
from bench.sizes import Size
from bench.telegram import sunday
from tests.conftest import ROOT
from tests.ports import free_port

OURS = ("bot", "bench", "__main__")
NAMES = f"import sys, bench.weighed; print(*(each for each in sys.modules if each.partition('.')[0] not in {OURS}))"
"""What a process of ours has imported that is not ours."""
LIBRARIES = """
import contextlib, importlib, re, sys
for name in sys.argv[1:]:
    with contextlib.suppress(Exception):
        importlib.import_module(name)
print(re.search(r'VmRSS:\\s+([0-9]+)', open('/proc/self/status').read())[1])
"""


async def demo(size: Size) -> list[Line]:
    """A year played to its end; and in the browser, from the command to the page and from the first press to its answer."""
    lines = list[Line]()
    if size is not Size.QUICK:
        began = time.perf_counter()
        async with running("-m", "bot", "demo", "--play") as playing:
            assert await playing.wait() == 0
        spent = time.perf_counter() - began
        lines.append(Line("demo --play", Series("Compagnon", "s", (spent,)), goal=Goal(most=15.0)))
    page, press = await _first_press()
    return [
        *lines,
        Line("the demo's page after its command", Series("Compagnon", "s", (page,))),
        Line(
            "its first press, answered after the command",
            Series("Compagnon", "s", (page + press,)),
            goal=Goal(most=5.0),
        ),
    ]


async def _first_press() -> tuple[float, float]:
    port = free_port()
    began = time.perf_counter()
    headers = {"accept-language": "en", "origin": f"http://127.0.0.1:{port}"}
    async with (
        running("-m", "bot", "demo", "--port", str(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120) as browser,
    ):
        await _until_there(browser)
        page = time.perf_counter()
        answer = await browser.post("/leap", data={"where": "day"})
        assert answer.status_code == 303, answer.status_code
        (await browser.get("/")).raise_for_status()
        return page - began, time.perf_counter() - page


async def _until_there(browser: httpx.AsyncClient) -> None:
    async with asyncio.timeout(120):
        while True:
            try:
                (await browser.get("/")).raise_for_status()
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return


@asynccontextmanager
async def running(*words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of ours, stopped by SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def memory(size: Size) -> list[Line]:
    """What a process of ours takes on, beside one that has only imported the libraries of every channel."""
    sends = size.of(200, 4000, 10_000)
    with sunday(size.of(80, 1000)) as there:
        url = there.db.engine.url.render_as_string(hide_password=False)
        ahead = str(ahead_of(there.db).total_seconds())
        telegram = (there.platform.token, there.platform.url)
        (libraries,) = await _said("-c", LIBRARIES, *await _said("-c", NAMES))
        idle, after = (float(each) for each in await _said("-m", "bench.weighed", url, ahead, *telegram, str(sends)))
    base = Series("the libraries alone, imported", "MB", (float(libraries) / 1024,))
    return [
        Line("memory, idle", Series("Compagnon", "MB", (idle / 1024,)), base, Goal(most=1.25)),
        Line(f"memory, after {sends:,} messages", Series("Compagnon", "MB", (after / 1024,)), base, Goal(most=1.5)),
    ]


async def _said(*words: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(complaint.decode()[-200:])
    return said.decode().split()
