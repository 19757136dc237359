"""The school of every measurement: learners on their way, who have answered everything until now, on a real database."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.orm import joinedload

from bench.opened import ShiftedClock, opened
from bench.outbox import FIRST
from bot.domain.person import Role
from bot.domain.plan import Done, next_wake
from bot.domain.stay import Kind, Track
from bot.domain.touchpoints import occasions
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow
from bot.store.migrate import upgrade
from bot.store.people import Address, Person, RoleHeld, School
from bot.store.stays import Mark, StayRow
from tests.journeys.people import ADULTS, join, settle_in

CLASS = 24
PATTERN = 18 * CLASS
"""So many are filled in one by one; all others are copies of these."""
OWNED = ("id", "person_id", "stay_id")
ZONES = ("Europe/Madrid", "Europe/Rome", "Europe/Helsinki", "Europe/Lisbon", "Europe/Athens", "Atlantic/Canary")


def ahead(db: Database, time: timedelta) -> None:
    """So much later."""
    assert isinstance(db.clock, ShiftedClock)
    db.clock.ahead += time


@contextmanager
def school_of(
    learners: int,
    *,
    channel: str = "web",
    natives: list[str] | None = None,
    all_abroad: bool = False,
    marked: bool = True,
    url: str = "",
) -> Iterator[Database]:
    """So many, reached on one channel: in the empty database at `url`, else on a durable SQLite database of their own that
    is gone afterwards. Not `marked`: without what they were asked until now.
    """
    with TemporaryDirectory(prefix="compagnon-bench-") as folder:
        file = Path(folder) / "bench.db"
        db = opened(url or f"sqlite:///{file}")
        upgrade(db.engine)
        pattern = min(learners, PATTERN)
        db.run(fill, channel, pattern, all_abroad=all_abroad)
        db.run(settle)
        if learners > pattern:
            db.run(copy, pattern, learners, marked=marked)
        if natives:
            db.run(move_in, natives)
        if not url:
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


def fill(tx: Tx, channel: str, count: int, *, all_abroad: bool) -> None:
    """So many learners, enrolled long ago; `l0`, `l1`, … is what they are called, and where they are reached."""
    settle_in(tx, ())
    join(tx, *ADULTS)
    assert tx.rows.get_one(School, 2).ref
    tx.rows.execute(insert(Person), [each | {"last_sign_at": tx.now} for each in people(count)])
    numbers = range(FIRST, FIRST + count)
    tx.rows.execute(insert(RoleHeld), [{"person_id": each, "role": Role.LEARNER} for each in numbers])
    where = {"channel": channel, "state": "confirmed", "created_at": tx.now, "used_at": tx.now}
    tx.rows.execute(insert(Address), [where | {"person_id": each, "native": f"l{each - FIRST}"} for each in numbers])
    tx.rows.execute(delete(OutboxRow))  # the adults have been greeted
    tx.rows.execute(insert(StayRow), list(trips(count, tx.now, all_abroad=all_abroad)))


def settle(tx: Tx) -> None:
    """What every stay was asked until now, and when it is next looked at."""
    whole = (joinedload(StayRow.person), joinedload(StayRow.school))
    marks = list[dict[str, Any]]()
    for row in tx.rows.scalars(select(StayRow).where(StayRow.id >= FIRST).options(*whole)).all():
        facts = row.facts()
        past = [each.key for each in occasions(tx.programme, facts) if each.at <= tx.now]
        made = {"stay_id": row.id, "outcome": "asked", "at": tx.now}
        marks += [made | {"touchpoint": name, "occurrence": day} for name, day in past]
        row.wake_at = next_wake(tx.programme, facts, Done(dict.fromkeys(past, "asked")), tx.now)
    if marks:
        tx.rows.execute(insert(Mark), marks)


def copy(tx: Tx, pattern: int, learners: int, *, marked: bool) -> None:
    """As many more like them as are missing, by the database itself: one by one they would take longer than what is measured."""
    times = select(literal(1).label("n")).cte(recursive=True)
    times = times.union_all(select(times.c.n + 1).where(times.c.n < (learners - 1) // pattern))
    further = times.c.n * pattern
    for table, owner in (
        (Person, "id"),
        (RoleHeld, "person_id"),
        (Address, "person_id"),
        (StayRow, "id"),
        (Mark, "stay_id"),
    ):
        if table is Mark and not marked:
            continue
        columns = [each for each in table.__table__.columns if each.name != "id" or owner == "id"]
        whose = table.__table__.c[owner]
        name = literal("l").concat(cast(whose - FIRST + further, String))
        given = {"ref": name, "ref_key": name, "native": name, "first_name": func.upper(name)}
        shifted = {each: table.__table__.c[each] + further for each in OWNED if each in table.__table__.c}
        values = [(given | shifted).get(each.name, each) for each in columns]
        own = (whose >= FIRST, whose < FIRST + pattern, whose + further < FIRST + learners)
        copies = select(*values).join(times, true()).where(*own).order_by(times.c.n, table.__table__.c.id)
        tx.rows.execute(insert(table).from_select([each.name for each in columns], copies))


def move_in(tx: Tx, natives: list[str]) -> None:
    """Each learner is reached there."""
    whose: BindParameter[int] = bindparam("whose")
    moved = update(Address.__table__).where(Address.person_id == whose).values(native=bindparam("there"))  # type: ignore[arg-type]
    tx.rows.connection().execute(moved, [{"whose": FIRST + at, "there": native} for at, native in enumerate(natives)])


def abroad(tx: Tx, most: int, first: int) -> Select[int]:
    """Stays of those who have been abroad for more than a week, from a number on."""
    wanted = select(StayRow.id).where(StayRow.departure < tx.now.date() - timedelta(days=8))
    return wanted.where(StayRow.back > tx.now.date()).where(StayRow.id >= first).order_by(StayRow.id).limit(most)


def fall_due(tx: Tx, most: int, first: int = FIRST) -> int:
    """So many of those abroad have to be asked how they are, at this instant; how many there are."""
    numbers = abroad(tx, most, first)
    last = select(func.max(Mark.id)).where(Mark.stay_id.in_(numbers), Mark.touchpoint == "check_in")
    tx.rows.execute(delete(Mark).where(Mark.id.in_(last.group_by(Mark.stay_id))))
    tx.rows.execute(update(StayRow).where(StayRow.id.in_(numbers)).values(wake_at=tx.now))
    return tx.rows.scalar(select(func.count()).where(StayRow.wake_at == tx.now)) or 0
