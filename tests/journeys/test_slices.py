"""The audit and waking in slices: nothing is left out between two of them, and whoever writes comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.domain.audit import Difference, Gap
from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.watch import audit, wake
from bot.handlers.watch.seen import Seen
from bot.store.base import Base
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Person
from bot.store.stays import ContactElsewhere, GreenLightRow, ItemState, Mark, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row a slice."""
    for room in (audit, wake):
        monkeypatch.setattr(room, "SLICE", 1)


async def begun(begin: Begin) -> Journey:
    journey = begin()
    await journey.enrol("lina", "noemie", "jules")
    return journey


def fall_asleep(tx: Tx) -> None:
    for row in tx.rows.scalars(select(StayRow)):
        row.wake_at = None


@pytest.mark.usefixtures("small")
async def test_an_audit_in_slices_finds_the_same_as_one_at_once(begin: Begin) -> None:
    journey = await begun(begin)
    await journey.db.transact(fall_asleep)
    places: list[audit.Place | None] = [audit.BEGINNING]
    found: list[Difference] = []
    while (place := places[-1]) is not None:
        here, behind = await journey.db.transact(audit.differences_at, place)
        found += here
        places.append(behind)

    assert found == [Difference(Gap.ASLEEP, number, asleep=True) for number in (1, 2, 3)]
    assert tuple(found) == await journey.db.transact(audit.differences)
    assert [place.after for place in places if place is not None and place.part == 1] == [0, 1, 2, 3]


@pytest.mark.usefixtures("small")
async def test_an_audit_that_is_interrupted_goes_on_where_it_stood(begin: Begin) -> None:
    journey = await begun(begin)
    await journey.db.transact(fall_asleep)
    commits = iter(range(100))

    def gone(point: str) -> None:
        if point == "commit" and next(commits) == 3:
            raise OperationalError("COMMIT", {}, RuntimeError("database is locked"))

    journey.db.witness = gone
    with capture_logs():
        await journey.app.audit()
    first = (journey.app.watch.wrong, journey.app.watch.finished)
    awake = select(func.count()).where(StayRow.wake_at.is_not(None))
    before = journey.ask(awake)
    with capture_logs():
        await journey.app.audit()

    assert first == (("audit: it failed, see the log",), None)
    assert (before, journey.ask(awake)) == ([(2,)], [(3,)])
    assert (journey.app.watch.wrong, journey.app.watch.finished is not None) == ((), True)


async def test_an_audit_works_out_again_what_has_moved_since_the_last(begin: Begin) -> None:
    journey, seen = await begun(begin), Seen()

    def moved(fault: Callable[[Tx], object] = lambda _tx: None) -> list[int]:
        def look(tx: Tx) -> list[int]:
            fault(tx)
            found, _last = seen.moved(tx, 0, 99)
            place: audit.Place | None = audit.BEGINNING
            while place is not None:
                _differences, place = audit.differences_at(tx, place, seen)
            return found

        return journey.db.run(look)

    def written(table: type[Base], **values: Any) -> Callable[[Tx], object]:
        return lambda tx: tx.rows.execute(insert(table).values(stay_id=1, at=tx.now, **values))

    def changed(table: type[StayRow] | type[Person], **values: Any) -> Callable[[Tx], object]:
        person = journey.ask(select(StayRow.person_id).where(StayRow.id == 1))[0][0]
        number = 1 if table is StayRow else person
        return lambda tx: tx.rows.execute(update(table).where(table.id == number).values(**values))

    faults = (
        written(Mark, touchpoint="message.x", occurrence="once", outcome="told"),
        lambda tx: tx.rows.execute(delete(Mark).where(Mark.stay_id == 1, Mark.touchpoint == "message.x")),
        written(ItemState, item="x", state="done"),
        written(GreenLightRow, departure=date(2027, 3, 6), verdict="not_yet"),
        written(ContactElsewhere, until=date(2027, 3, 6), how="by phone"),
        changed(StayRow, zone="Europe/Helsinki"),
        changed(StayRow, tags=["apprentice"]),
        changed(Person, birth=date(2010, 1, 1)),
        changed(Person, last_sign_at=journey.clock.now() - timedelta(minutes=5)),
        lambda tx: open_matter(tx, tx.rows.get_one(StayRow, 1), Matter(Level.FOLLOW_UP, "call")),
    )
    assert (moved(), moved()) == ([1, 2, 3], [])
    assert [moved(fault) for fault in faults] == [[1]] * len(faults)
    assert moved() == []
    journey.clock.move_to(journey.clock.now() + timedelta(days=1))
    assert moved() == [1, 2, 3]


async def test_what_is_due_waits_for_who_writes_but_not_for_ever(begin: Begin) -> None:
    journey = await begun(begin)

    def someone_writes(tx: Tx) -> wake.There:
        row = {"channel": "web", "native": "one", "raw": {"address": "lina", "text": "hello"}}
        tx.rows.add(InboxRow(**row, received_at=tx.now))
        tx.rows.get_one(StayRow, 1).wake_at = tx.now
        tx.rows.flush()
        return wake.look(tx)

    there = await journey.db.transact(someone_writes)
    waits = await journey.db.transact(wake.somebody_waits)
    journey.clock.move_to(journey.clock.now() + timedelta(minutes=2))

    assert (there.inbox, there.wake, waits) == ((there.inbox[0],), False, True)
    later = await journey.db.transact(wake.look)
    assert (later.wake, await journey.db.transact(wake.somebody_waits)) == (True, False)
