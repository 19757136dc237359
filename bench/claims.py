"""Claiming and marking alone, with nothing to send it on: our own rows, the raw driver's, and procrastinate's jobs."""

from __future__ import annotations

import time

from bench.baselines import raw_driver
from bench.figures import Line, Series
from bench.others import other
from bench.outbox import say_to_all
from bench.postgres import postgres
from bench.school import school_of
from bench.sizes import Size
from bot.domain.channel import Outcome, Sent
from bot.handlers.sending.claim import Room, settle_and_claim
from bot.handlers.sending.outcome import Prepared
from bot.store.db import Database
from bot.store.messages import Lane


async def claims(size: Size) -> list[Line]:
    """Ours are looked up, checked and put into words as well; those of the others are numbers."""
    count, rows, rounds = size.of((200, 2000, 2), (1000, 10_000, 3))
    ours, theirs = list[float](), [rows / raw_driver.on_sqlite(rows) for _ in range(rounds)]
    with school_of(count, marked=False) as db:
        ours += [_claimed(db, count) for _ in range(rounds + 1)][1:]  # the first time everything is compiled
    with postgres() as create:
        with school_of(count, marked=False, url=create()) as db:
            there = [_claimed(db, count) for _ in range(rounds + 1)][1:]
        raw = [rows / raw_driver.on_postgres(create().replace("+psycopg", ""), rows) for _ in range(rounds)]
        jobs = [await other("procrastinate_jobs", create(), str(count)) for _ in range(rounds)]
    mine, on_postgres = Series("Compagnon", "/s", tuple(ours)), Series("Compagnon", "/s", tuple(there))
    run = tuple(count / each[1] for each in jobs)
    return [
        Line("claimed and marked, SQLite", mine, Series("sqlite3 alone", "/s", tuple(theirs))),
        Line("claimed and marked, PostgreSQL", on_postgres, Series("psycopg alone", "/s", tuple(raw))),
        Line("claimed and marked, PostgreSQL", on_postgres, Series("jobs of procrastinate, run", "/s", run)),
    ]


def _claimed(db: Database, count: int) -> float:
    """So many a second, each batch settled with the claim of the next one."""
    db.run(say_to_all, count, Lane.PROMPT)
    finished: list[tuple[Prepared, Outcome]] = []
    sent, began = 0, time.perf_counter()
    while sent < count:
        taken = db.run(settle_and_claim, finished, frozenset({"web"}), Room(), rehearsal=False).prepared
        sent, finished = sent + len(finished), [(each, Sent("7")) for each in taken]
    return count / (time.perf_counter() - began)
