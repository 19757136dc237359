"""A slower disk: what a millisecond more for every commit that wrote something costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bench.figures import Goal, Line, Series, seconds
from bench.outbox import once_more
from bench.sizes import Size
from bench.telegram import answering, drain, sunday
from bot.store.db import Database

MORE = 0.001


@contextmanager
def slower(db: Database) -> Iterator[None]:
    """With `synchronous=FULL` SQLite syncs its log once a commit. A commit waits that much longer, and so does the writer's
    thread; whoever does something else is not hindered, as with a disk. A transaction that wrote nothing does not sync.
    """
    before = dict[int, int]()

    def begin(connection: Any) -> None:
        before[id(connection.connection.dbapi_connection)] = connection.connection.dbapi_connection.total_changes

    def commit(connection: Any) -> None:
        raw = connection.connection.dbapi_connection
        if raw.total_changes != before.get(id(raw)):
            time.sleep(MORE)

    event.listen(db.engine, "begin", begin)
    event.listen(db.engine, "commit", commit)
    yield
    event.remove(db.engine, "begin", begin)
    event.remove(db.engine, "commit", commit)


async def fsync(size: Size) -> list[Line]:
    """Dispatch and answers, each with and without it."""
    learners, rounds = size.of((100, 2), (300, 3), (1000, 5))
    plain, slow = list[float](), list[float]()
    with sunday(learners) as there:
        await drain(there)
        for _ in range(rounds):
            await there.db.transact(once_more)
            plain.append(learners / await seconds(lambda: drain(there)))
            await there.db.transact(once_more)
            with slower(there.db):
                slow.append(learners / await seconds(lambda: drain(there)))
        async with answering(there):
            await there.platform.say("1")
            without = await there.platform.say("2")
            with slower(there.db):
                with_it = await there.platform.say("1")
    return [
        Line("dispatch, a millisecond more a commit", Series("Compagnon", "/s", tuple(slow)), Series("without", "/s", tuple(plain)), Goal(least=0.7)),
        Line("inbound, a millisecond more a commit", Series("Compagnon", "/s", (with_it.rate,)), Series("without", "/s", (without.rate,)), Goal(least=0.7)),
    ]  # fmt: skip
