"""What one decision costs: its statements beside `BEGIN`, and the CPU of the thread that makes it. No channel, no hand-over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, insert, select

from bench.figures import Goal, Line, Series
from bench.outbox import FIRST
from bench.school import fall_due, school_of
from bench.sizes import Size
from bot.clock import never
from bot.domain.channel import Outcome, Sent, read_plain
from bot.domain.messages import Incoming, Letter
from bot.handlers.inbox.batches import MOST, decide
from bot.handlers.inbox.dispatch import dispatch
from bot.handlers.inbox.receive import receive
from bot.handlers.sending.claim import Room, claim, settle_and_claim
from bot.handlers.sending.outcome import Prepared, settle
from bot.handlers.watch.wake import wake
from bot.runtime.delivery import SEVERAL
from bot.store.db import Database, Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Address, Person
from bot.store.sealed import of_person
from bot.store.send_queue import next_to_send, set_aside_for

PACED, ALONE = "a message at the platform's pace", "a message that leaves alone"
STATEMENTS, CPU = Goal(most=12.0), Goal(most=2.0)


@dataclass
class Cost:
    statements: int = 0
    cpu: float = 0.0

    def lines(self, what: str, count: int) -> list[Line]:
        return [
            Line(f"{what}: statements", Series("Compagnon", "", (self.statements / count,)), goal=STATEMENTS),
            Line(f"{what}: CPU", Series("Compagnon", "ms", (1000 * self.cpu / count,)), goal=CPU),
        ]


@contextmanager
def counted(db: Database) -> Iterator[Cost]:
    """What is done meanwhile in this thread."""
    cost = Cost()

    def note(*_what: object) -> None:
        cost.statements += 1

    event.listen(db.engine, "before_cursor_execute", note)
    began = time.thread_time()
    yield cost
    cost.cpu = time.thread_time() - began
    event.remove(db.engine, "before_cursor_execute", note)


def new(tx: Tx) -> list[int]:
    return list(tx.rows.scalars(select(InboxRow.id).where(InboxRow.state == "new").order_by(InboxRow.id)))


async def decisions(size: Size) -> list[Line]:
    """A Sunday's question: a stay is woken, the question leaves and arrives, its answer is stored and decided."""
    learners = size.of(60, 600, 1000)
    with school_of(2 * learners, all_abroad=True) as db:
        _sunday(db, learners, FIRST)  # the first time everything is compiled
        _cries(db, range(10))
        return [*_sunday(db, learners, FIRST + learners), *_cries(db, range(learners, learners + 20))]


def _sunday(db: Database, learners: int, first: int) -> list[Line]:
    db.run(fall_due, learners, first)
    with counted(db) as woken:
        while db.run(wake):
            pass
    prepared: list[Prepared] = []
    with counted(db) as sent:
        while taken := db.run(claim, frozenset({"web"}))[1]:
            db.run(settle, [(each, Sent("7")) for each in taken])
            prepared += taken
    for each in (each for each in prepared if each.message.buttons):
        token = each.message.buttons[0].token
        db.run(receive, "web", [(str(each.row), {"address": each.message.native, "token": token})])
    return [
        *woken.lines("a stay is woken", learners),
        *sent.lines("a message leaves and arrives", len(prepared)),
        *_decided(db, "an answer is decided", learners // 2),
        *_decided_together(db, f"one of {MOST} answers that wait is decided"),
    ]


def _cries(db: Database, learners: range) -> list[Line]:
    for number in learners:
        db.run(receive, "web", [(f"cry-{number}", {"address": f"l{number}", "text": "SOS"})])
    return _decided(db, "an SOS is decided")


def _read(native: str, raw: dict[str, Any]) -> Incoming:
    return read_plain("web", native, raw)


def _decided(db: Database, what: str, most: int | None = None) -> list[Line]:
    """What was stored, each in a transaction of its own."""
    numbers = db.run(new)[:most]
    with counted(db) as cost:
        for number in numbers:
            db.run(dispatch, number, {"web": _read})
    return cost.lines(what, len(numbers))


def _decided_together(db: Database, what: str) -> list[Line]:
    """What was stored, several in a transaction, as it is where several wait."""
    count = len(db.run(new))
    with counted(db) as cost:
        while db.run(decide, {"web": _read}, lambda: never).many:
            pass
    return cost.lines(what, count)


async def backlog(size: Size) -> list[Line]:
    """The choice of the next messages, behind few and behind many; with room on their channel, and without."""
    sizes = size.of((500, 3000), (500, 20_000))
    looks: dict[str, Callable[[Tx], object]] = {
        "with room": lambda tx: next_to_send(tx.rows, tx.now, 20),
        "channel full": lambda tx: next_to_send(tx.rows, tx.now, 20, {"web": 0}),
    }
    found: dict[tuple[str, int], Series] = {}
    for waiting in sizes:
        with school_of(24) as db:
            db.run(_pile_up, waiting)
            for name, look in looks.items():
                if name == "channel full":
                    for _ in range(0, waiting, 500):
                        db.run(lambda tx: set_aside_for(tx.rows, tx.now, {"web"}))
                found[name, waiting] = Series(f"the same behind {waiting:,}", "ms", _times(db, look))
            found[PACED, waiting] = Series(f"the same behind {waiting:,}", "ms", _paced(db, SEVERAL))
            found[ALONE, waiting] = Series(f"the same behind {waiting:,}", "ms", _paced(db, 1))
    return [
        Line(f"next to send behind {sizes[1]:,}, {name}", found[name, sizes[1]], found[name, sizes[0]], Goal(most=1.5))
        for name in looks
    ] + [
        Line(f"{PACED} behind {sizes[1]:,}", found[PACED, sizes[1]], found[PACED, sizes[0]], Goal(most=1.5)),
        Line("the same, of a core at 25/s", Series("Compagnon", "", (found[PACED, sizes[1]].median / 40,)), goal=Goal(most=0.2)),
        Line(f"{ALONE} behind {sizes[1]:,}", found[ALONE, sizes[1]], found[ALONE, sizes[0]], Goal(most=1.5)),
    ]  # fmt: skip


def _paced(db: Database, size: int) -> tuple[float, ...]:
    """So many after so many, as the platform lets them go: settled and the next ones claimed in one commit. Of each message."""
    room, full, web = Room(allowed={"web": size}), Room(allowed={"web": 0}), frozenset({"web"})
    while db.run(settle_and_claim, [], web, full, rehearsal=False).more:
        pass  # what waits for room is told apart
    finished: list[tuple[Prepared, Outcome]] = []
    spent = []
    for _ in range(30):
        with counted(db) as cost:
            taken = db.run(settle_and_claim, finished, web, room, rehearsal=False).prepared
        finished = [(each, Sent("7")) for each in taken]
        spent.append(1000 * cost.cpu / size)
    return tuple(spent[10:])


def _pile_up(tx: Tx, size: int) -> None:
    numbers = range(FIRST + 1000, FIRST + 1000 + size)
    person = {"first_name": "P", "last_name": "", "language": "en"}
    tx.rows.execute(
        insert(Person), [person | {"id": each, "ref": f"p{each}", "ref_key": f"p{each}"} for each in numbers]
    )
    where = {"channel": "web", "state": "confirmed", "created_at": tx.now, "used_at": tx.now}
    tx.rows.execute(insert(Address), [where | {"person_id": each, "native": f"p{each}"} for each in numbers])
    letter = Letter("How was your week?").to_json()
    row = {"lane": 2, "state": "pending", "created_at": tx.now, "due_at": tx.now}
    tx.rows.execute(
        insert(OutboxRow), [row | {"person_id": each, "message": of_person(each, letter)} for each in numbers]
    )


def _times(db: Database, look: Callable[[Tx], object]) -> tuple[float, ...]:
    spent = []
    for _ in range(11):
        with counted(db) as cost:
            db.run(look)
        spent.append(1000 * cost.cpu)
    return tuple(spent[1:])
