"""Several processes on one PostgreSQL share what is due."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection

import structlog

from bench.figures import Goal, Line, Series
from bench.opened import ahead_of, opened
from bench.outbox import FIRST, unsent
from bench.postgres import postgres
from bench.school import fall_due, school_of
from bench.sizes import Size
from bench.watching import awaited
from bot.demo.world import QuietChannel
from bot.runtime.app import App
from bot.store.db import Database

WARM = 60
"""So many stays are due before it counts: then all of them have everything compiled."""


def _replica(pipe: Connection, url: str, ahead: timedelta) -> None:
    """One of them: whenever it is told to, it works until there is nothing left for it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(_work(pipe, opened(url, ahead)))


async def _work(pipe: Connection, db: Database) -> None:
    app = App(db, {"web": QuietChannel()})
    pipe.send(True)
    while await asyncio.to_thread(pipe.recv):
        await app.settle()
        pipe.send(True)
    db.close()


@contextmanager
def _replicas(count: int, db: Database) -> Iterator[list[Connection]]:
    pipes = list[Connection]()
    for _ in range(count):
        here, there = multiprocessing.Pipe()
        multiprocessing.get_context("spawn").Process(
            target=_replica, args=(there, _url(db), ahead_of(db)), daemon=True
        ).start()
        pipes.append(here)
    for each in pipes:
        each.recv()
    yield pipes
    for each in pipes:
        each.send(False)


async def replicas(size: Size) -> list[Line]:
    """How many stays a second are woken, asked and sent to, by one process and by several."""
    due, counts = size.of((150, (1, 2)), (600, (1, 2)), (2000, (1, 2, 4)))
    rates = dict[int, Series]()
    with postgres() as create:
        for count in counts:
            with school_of(due + WARM, all_abroad=True, url=create()) as db, _replicas(count, db) as pipes:
                db.run(fall_due, WARM)
                _worked(pipes)
                db.run(fall_due, due, FIRST + WARM)
                began = time.perf_counter()
                _worked(pipes)
                rates[count] = Series(f"{count} on PostgreSQL", "stays/s", (due / (time.perf_counter() - began),))
                assert (db.run(awaited), db.run(unsent)) == (0, 0)
    goals = {2: Goal(least=1.9), 4: Goal(least=3.4)}
    return [
        Line(f"{count} processes on PostgreSQL" + _where(count), rates[count], rates[1], goals[count])
        for count in counts
        if count > 1
    ]


def _url(db: Database) -> str:
    return db.engine.url.render_as_string(hide_password=False)


def _worked(pipes: list[Connection]) -> None:
    """Let them work until each has found nothing more."""
    for each in pipes:
        each.send(True)
    for each in pipes:
        each.recv()


def _where(count: int) -> str:
    """PostgreSQL itself wants a core, too."""
    cores = os.cpu_count() or 1
    return f", on only {cores} cores" if cores <= count else ""
