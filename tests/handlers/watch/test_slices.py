"""The audit and waking in slices: nothing is left out between two of them, and whoever writes comes first."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.domain.audit import Difference, Gap
from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.watch import audit, repair, wake
from bot.handlers.watch.incremental_audit import ROUND, Seen, turn
from bot.store.base import Base
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import ContactElsewhere, GreenLightRow, ItemState, Mark, StayRow
from tests.handlers.desk.test_queries import counted
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant


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


async def test_an_audit_asks_no_more_of_three_learners_who_are_silent_than_of_one(begin: Begin) -> None:
    asked = []
    for learners in (("lina",), ("lina", "noemie", "jules")):
        journey = begin()
        await journey.enrol(*learners)
        await journey.until("2027-03-06 20:05")
        open_now = journey.ask(select(func.count(SessionRow.id)).where(SessionRow.state == "open"))
        with counted(journey.db) as many:
            assert await journey.db.transact(audit.differences) == ()
        asked.append((open_now[0][0], many()))

    assert asked == [(1, 17), (3, 17)]


@pytest.mark.usefixtures("small")
async def test_an_audit_that_is_interrupted_goes_on_where_it_stood(begin: Begin) -> None:
    journey = await begun(begin)
    await journey.db.transact(fall_asleep)
    commits = iter(range(100))

    def gone(point: str) -> None:
        if point == "commit" and next(commits) == 6:  # the third stay has been looked at, and is to be woken
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
            audited(tx, seen)
            return found

        return journey.db.run(look)

    faults = faults_of(1, journey.clock.now())[:WRITTEN]
    assert (moved(), moved()) == ([1, 2, 3], [])
    assert [moved(fault) for fault in faults] == [[1]] * len(faults)
    assert moved() == []
    journey.clock.move_to(journey.clock.now() + ROUND)
    assert moved() == [1, 2, 3]


def audited(tx: Tx, seen: Seen | None) -> set[Difference]:
    """What an audit finds that has `seen` so much; without it, one of everything."""
    found: set[Difference] = set()
    place: audit.Place | None = audit.BEGINNING
    while place is not None:
        here, place = audit.differences_at(tx, place, seen)
        found |= set(here)
    return found


SEED = int(os.environ.get("COMPAGNON_SEED", "0"))
WRITTEN = 10
"""So many of the faults change what an audit reads of a stay under way, whenever they happen."""


def faults_of(number: int, now: datetime) -> tuple[Callable[[Tx], object], ...]:
    """Whatever may be written of a stay, or lost of it."""

    def written(table: type[Base], **values: Any) -> Callable[[Tx], object]:
        return lambda tx: tx.rows.execute(insert(table).values(stay_id=number, at=tx.now, **values))

    def changed(**values: Any) -> Callable[[Tx], object]:
        return lambda tx: tx.rows.execute(update(StayRow).where(StayRow.id == number).values(**values))

    def of_person(**values: Any) -> Callable[[Tx], object]:
        whose = select(StayRow.person_id).where(StayRow.id == number).scalar_subquery()
        return lambda tx: tx.rows.execute(update(Person).where(Person.id == whose).values(**values))

    return (
        written(Mark, touchpoint=f"message.{now:%j%H%M}", occurrence="once", outcome="told"),
        lambda tx: tx.rows.execute(
            delete(Mark).where(Mark.stay_id == number, Mark.touchpoint == f"message.{now:%j%H%M}")
        ),
        written(ItemState, item=f"x{now:%j%H%M}", state="done"),
        written(GreenLightRow, departure=date(2027, 3, 6), verdict="not_yet"),
        lambda tx: tx.rows.add(ContactElsewhere(stay_id=number, at=tx.now, until=date(2027, 3, 6), how="by phone")),
        changed(zone="Europe/Helsinki"),
        changed(tags=["apprentice"]),
        of_person(birth=date(2010, 1, 1)),
        of_person(last_sign_at=now - timedelta(minutes=5)),
        lambda tx: open_matter(tx, tx.rows.get_one(StayRow, number), Matter(Level.FOLLOW_UP, "call")),
        changed(wake_at=None),
        changed(wake_at=now + timedelta(days=200)),
        changed(departure=now.date() + timedelta(days=2)),
        changed(back=now.date()),
        changed(ended="withdrawn"),
        changed(ended=None),
        changed(enrolled_at=None),
        changed(enrolled_at=now),
        changed(paused_from=now, paused_until=now.date() + timedelta(days=3)),
        of_person(last_sign_at=now),
        lambda tx: tx.rows.execute(delete(Mark).where(Mark.stay_id == number)),
        lambda tx: tx.rows.execute(update(CaseRow).where(CaseRow.stay_id == number).values(closed_at=now)),
    )


async def test_whoever_looks_at_what_has_moved_finds_what_a_look_at_everything_finds(begin: Begin) -> None:
    """Whatever is written or lost, and however long nobody comes."""
    journey, seen, chance = await begun(begin), Seen(), random.Random(SEED)
    kinds: set[Gap] = set()
    for step in range(40):
        number, now = chance.choice((1, 2, 3)), journey.clock.now()
        await journey.db.transact(chance.choice(faults_of(number, now)))
        found = await journey.db.transact(audited, seen)
        assert found == await journey.db.transact(audited, None)
        kinds |= {each.gap for each in found}
        if chance.random() < 0.3:
            await journey.db.transact(repair.audit)
        if step % 20 == 10:
            await journey.app.settle()
        journey.clock.move_to(now + chance.choice((timedelta(minutes=11), timedelta(hours=1), timedelta(hours=20))))

    assert kinds >= {Gap.ASLEEP, Gap.CONTACT}


async def test_in_a_large_house_the_first_audit_leaves_to_their_turn_whom_nothing_is_plainly_wrong_with(
    begin: Begin,
) -> None:
    journey, seen, began = await begun(begin), Seen(1), instant("2027-03-01 10:00")
    journey.clock.move_to(began)

    def lose(tx: Tx) -> None:
        for number, at in ((2, tx.now + timedelta(days=200)), (3, None)):
            tx.rows.get_one(StayRow, number).wake_at = at

    await journey.db.transact(lose)
    first = await journey.db.transact(audited, seen)
    again = await journey.db.transact(audited, seen)
    journey.clock.move_to(turn(2, began))
    later = await journey.db.transact(audited, seen)
    new = await journey.db.transact(audited, Seen())

    wrong = {number: Difference(Gap.ASLEEP, number, asleep=True) for number in (2, 3)}
    assert (first, again, later, new) == ({wrong[3]}, {wrong[3]}, set(wrong.values()), set(wrong.values()))


def test_each_stay_has_one_turn_a_round_whenever_it_is_asked_after() -> None:
    now = instant("2027-03-01 10:00")
    turns = [turn(number, now) for number in range(1, 1001)]

    assert [turn(number, each - timedelta(seconds=1)) for number, each in enumerate(turns, 1)] == turns
    assert [turn(number, each) for number, each in enumerate(turns, 1)] == [each + ROUND for each in turns]
    shares = Counter((each - now) // (ROUND / 36) for each in turns)
    assert {*shares.values()} <= set(range(26, 30))  # of 36 audits in a round, none has more to do than another


async def test_a_slice_whose_time_is_up_ends_and_the_next_goes_on_behind_it(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "STEP", 1)
    journey = await begun(begin)
    await journey.db.transact(fall_asleep)

    def slices(tx: Tx) -> list[tuple[int, ...]]:
        found = list[tuple[int, ...]]()
        place: audit.Place | None = audit.Place(1)
        while place is not None and place.part == 1:
            here, place = audit.differences_at(tx, place, Seen(), lambda: True)
            found.append(tuple(each.row for each in here))
        return found

    def due_at_once(tx: Tx) -> list[int]:
        tx.rows.execute(update(StayRow).values(wake_at=tx.now))
        return [wake.wake(tx, enough=lambda: True) for _ in range(4)]

    assert await journey.db.transact(slices) == [(1,), (2,), (3,)]
    assert await journey.db.transact(due_at_once) == [1, 1, 1, 0]


async def test_what_stays_as_due_as_it_was_does_not_turn_in_circles(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = await begun(begin)
    monkeypatch.setitem(wake.ACTS, "stays", (StayRow, lambda _tx, _row, *_known: None))

    def due(tx: Tx) -> list[int]:
        tx.rows.execute(update(StayRow).where(StayRow.id == 1).values(wake_at=tx.now))
        return [wake.wake(tx) for _ in range(2)]

    with capture_logs() as logs:
        woken = await journey.db.transact(due)

    assert woken == [1, 0]
    assert [line["event"] for line in logs] == ["woken in vain, pushed back an hour"]
    assert journey.ask(select(StayRow.wake_at).where(StayRow.id == 1)) == [(journey.clock.now() + wake.IN_VAIN,)]


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
