"""The school of every measurement: learners on their way, who have answered everything until now, on a real database."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.clock import SystemClock
from bot.domain.person import Role
from bot.domain.plan import Done, next_wake
from bot.domain.programme.load import load
from bot.domain.stay import Kind, Track
from bot.domain.touchpoints import occasions
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow
from bot.store.migrate import upgrade
from bot.store.people import Address, Person, RoleHeld, School
from bot.store.stays import Mark, StayRow
from tests.conftest import ROOT
from tests.journeys.people import ADULTS, join, settle_in

CLASS = 24
FIRST = 1000
"""The number of the first learner, and of their stay."""
ZONES = ("Europe/Madrid", "Europe/Rome", "Europe/Helsinki", "Europe/Lisbon", "Europe/Athens", "Atlantic/Canary")


class ShiftedClock:
    """The machine's time, as if it were a Wednesday noon in April."""

    def __init__(self) -> None:
        self.ahead = datetime(2027, 4, 14, 12, tzinfo=UTC) - SystemClock().now()

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


def ahead(db: Database, time: timedelta) -> None:
    """So much later."""
    assert isinstance(db.clock, ShiftedClock)
    db.clock.ahead += time


@contextmanager
def school_of(
    learners: int, *, channel: str = "web", natives: list[str] | None = None, all_abroad: bool = False
) -> Iterator[Database]:
    """So many, on a durable SQLite database of their own that is gone afterwards; reached on one channel."""
    with TemporaryDirectory(prefix="compagnon-bench-") as folder:
        file = Path(folder) / "bench.db"
        programme = load((ROOT / "programme.example.toml").read_text("utf-8"), "programme.example.toml")
        db = Database(f"sqlite:///{file}", ShiftedClock(), programme)
        upgrade(db.engine)
        db.run(fill, channel, natives or [f"l{number}" for number in range(learners)], all_abroad=all_abroad)
        for first in range(FIRST, FIRST + learners, 1000):
            db.run(settle, first, 1000)
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what filling left behind is not what is measured
        yield db
        db.close()


def people(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    for number in range(count):
        born = date(2008, 9, 1) + timedelta(days=chance.randrange(800))
        yield {
            "id": FIRST + number, "ref": f"l{number}", "ref_key": f"l{number}", "first_name": f"L{number}",
            "last_name": "Learner", "birth": born, "language": "en", "school_id": 2,
        }  # fmt: skip


def trips(count: int, now: datetime, *, all_abroad: bool) -> Iterator[dict[str, Any]]:
    chance = random.Random(2)
    for number in range(count):
        if number % CLASS == 0:
            before = 20 if all_abroad else 60 - number // CLASS * 37 % 110
            leaves = now.date() - timedelta(days=before)
            back, zone = leaves + timedelta(days=chance.choice((28, 60, 90))), chance.choice(ZONES)
        yield {
            "id": FIRST + number, "person_id": FIRST + number, "school_id": 2, "kind": Kind.OUTGOING,
            "track": Track.VET, "country": "ES", "city": "Elsewhere", "zone": zone, "home_zone": "Europe/Paris",
            "departure": leaves, "start": leaves + timedelta(days=1), "end": back - timedelta(days=1), "back": back,
            "version": 1, "enrolled_at": now - timedelta(days=60 + number % 9), "wake_at": now + timedelta(days=400),
        }  # fmt: skip


def fill(tx: Tx, channel: str, natives: list[str], *, all_abroad: bool) -> None:
    """A learner for each address, enrolled long ago."""
    count = len(natives)
    settle_in(tx, ())
    join(tx, *ADULTS)
    assert tx.rows.get_one(School, 2).ref
    tx.rows.execute(insert(Person), [each | {"last_sign_at": tx.now} for each in people(count)])
    numbers = range(FIRST, FIRST + count)
    tx.rows.execute(insert(RoleHeld), [{"person_id": each, "role": Role.LEARNER} for each in numbers])
    where = {"channel": channel, "state": "confirmed", "created_at": tx.now, "used_at": tx.now}
    addresses = [where | {"person_id": each, "native": native} for each, native in zip(numbers, natives, strict=True)]
    tx.rows.execute(insert(Address), addresses)
    tx.rows.execute(delete(OutboxRow))  # the adults have been greeted
    tx.rows.execute(insert(StayRow), list(trips(count, tx.now, all_abroad=all_abroad)))


def settle(tx: Tx, first: int, most: int) -> None:
    """What a stay was asked until now, and when it is next looked at."""
    for row in tx.rows.scalars(select(StayRow).where(StayRow.id >= first, StayRow.id < first + most)).all():
        facts = row.facts()
        past = [each.key for each in occasions(tx.programme, facts) if each.at <= tx.now]
        made = {"stay_id": row.id, "outcome": "asked", "at": tx.now}
        if past:
            tx.rows.execute(insert(Mark), [made | {"touchpoint": name, "occurrence": day} for name, day in past])
        row.wake_at = next_wake(tx.programme, facts, Done(dict.fromkeys(past, "asked")), tx.now)


def abroad(tx: Tx, most: int, first: int) -> list[int]:
    """Stays of those who have been abroad for more than a week, from a number on."""
    wanted = select(StayRow.id).where(StayRow.departure < tx.now.date() - timedelta(days=8))
    return list(
        tx.rows.scalars(
            wanted.where(StayRow.back > tx.now.date()).where(StayRow.id >= first).order_by(StayRow.id).limit(most)
        )
    )


def fall_due(tx: Tx, most: int, first: int = FIRST) -> int:
    """So many of those abroad have to be asked how they are, at this instant; how many there are."""
    numbers = abroad(tx, most, first)
    last = select(func.max(Mark.id)).where(Mark.stay_id.in_(numbers), Mark.touchpoint == "check_in")
    tx.rows.execute(delete(Mark).where(Mark.id.in_(last.group_by(Mark.stay_id))))
    tx.rows.execute(update(StayRow).where(StayRow.id.in_(numbers)).values(wake_at=tx.now))
    return len(numbers)
