"""Each bench in a process of its own: none finds what another left in memory, and none keeps the others waiting for ever."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import structlog

from bench.figures import Line
from bench.sizes import Size

Bench = Callable[[Size], Awaitable[list[Line]]]
GRACE = 20.0
"""Seconds for a bench that is interrupted to stop what it has started."""


@dataclass(frozen=True)
class Found:
    """What a bench has measured; or why it has not, in words."""

    name: str
    lines: tuple[Line, ...] = ()
    problem: str = ""
    seconds: float = 0.0


def measured(name: str, bench: Bench, size: Size, limit: float) -> Found:
    """Run it, so many seconds at the most."""
    began = time.perf_counter()
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(there, bench, size))
    process.start()
    there.close()
    lines: tuple[Line, ...] = ()
    problem = f"not over after {limit:.0f} s"
    if over := here.poll(limit):
        lines, problem = _received(here)
    _end(process, GRACE if over else 0)
    return Found(name, lines, problem, time.perf_counter() - began)


def _received(pipe: Connection) -> tuple[tuple[Line, ...], str]:
    try:
        lines, problem = pipe.recv()
    except EOFError:
        return (), "its process ended"
    return lines, problem


def _run(pipe: Connection, bench: Bench, size: Size) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger().setLevel(logging.CRITICAL)
    try:
        pipe.send((tuple(asyncio.run(_awaited(bench, size))), ""))
    except Exception as problem:  # told in the table; the other benches go on
        pipe.send(((), f"{type(problem).__name__}: {problem}"))
    except KeyboardInterrupt:
        pass  # it took too long


async def _awaited(bench: Bench, size: Size) -> list[Line]:
    return await bench(size)


def _end(process: BaseProcess, patience: float) -> None:
    """After so many seconds, first as Ctrl-C does, so that servers it started are stopped."""
    process.join(patience)
    for how in (signal.SIGINT, signal.SIGKILL):
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, how)
            process.join(GRACE)
