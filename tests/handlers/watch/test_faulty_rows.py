"""One row that cannot be handled hinders no other, and is looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import instant
from tests.journeys.words import ARRIVED


def break_zone(tx: Tx, stay: int, zone: str = "Nowhere/At_All") -> None:
    tx.rows.get_one(StayRow, stay).zone = zone


async def test_a_broken_stay_is_pushed_back_and_the_others_are_asked(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "jules")
    await journey.until("2027-03-06 19:00")
    journey.heard("lina"), journey.heard("jules")
    await journey.lose(break_zone, journey.stay("lina"))

    journey.clock.move_to(instant("2027-03-06 20:00"))
    with capture_logs() as logs:
        await journey.app.settle()

    assert (journey.heard("lina"), journey.heard("jules")) == ([], [ARRIVED.format("Leipzig", "Jules")])
    assert [entry["event"] for entry in logs] == [
        "slice failed, going on row by row",
        "row failed, pushed back an hour",
    ]
    wake = journey.ask(select(StayRow.wake_at).where(StayRow.id == journey.stay("lina")))
    assert wake == [(journey.clock.now() + timedelta(hours=1),)]


async def test_once_it_is_mended_a_pushed_back_stay_is_asked_what_was_due(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 19:00")
    await journey.lose(break_zone, journey.stay("lina"))
    journey.clock.move_to(instant("2027-03-06 19:15"))
    with capture_logs():
        await journey.db.transact(lambda tx: setattr(tx.rows.get_one(StayRow, 1), "wake_at", tx.now))
        await journey.app.settle()
    await journey.db.transact(break_zone, journey.stay("lina"), "Europe/Berlin")
    journey.heard("lina")

    await journey.until("2027-03-06 20:20")

    assert journey.heard("lina") == [ARRIVED.format("Leipzig", "Lina")]


async def test_a_question_asked_in_the_same_tick_is_not_silent_yet(begin: Begin) -> None:
    """Two conversations of one person fall due at once: the end of one begins the other, which must not end with it."""
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-01 18:00")
    journey.heard("lina")

    def two_at_once(tx: Tx) -> None:
        first = tx.rows.scalars(select(SessionRow).where(SessionRow.touchpoint == "item.ehic")).one()
        first.wake_at = tx.now
        second = SessionRow(person_id=first.person_id, stay_id=first.stay_id, flow="check_in", touchpoint="check_in")
        second.occurrence, second.facts, second.answers, second.state = "test", first.facts, [], "queued"
        second.urgency, second.expires_at, second.wake_at = 9, first.expires_at, tx.now
        tx.rows.add(second)
        for message in tx.rows.scalars(select(OutboxRow).where(OutboxRow.session_id == first.id)):
            message.sent_at = tx.now - timedelta(days=1)

    await journey.do(two_at_once)

    states = select(SessionRow.state, SessionRow.asked, SessionRow.answers).where(SessionRow.occurrence == "test")
    assert journey.ask(states) == [("open", "pulse", [])]


async def test_a_database_that_is_gone_is_nobodys_fault_and_the_update_is_handled_later(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    heard = len(journey.heard("lina"))

    def gone(point: str) -> None:
        journey.db.witness = lambda point: None
        if point == "commit":
            raise OperationalError("COMMIT", {}, RuntimeError("disk full"))

    await journey.app.receive("web", "one", {"address": "lina", "text": "/help"})
    journey.watch.received += 1
    numbers = tuple(number for number, state in journey.ask(select(InboxRow.id, InboxRow.state)) if state == "new")
    journey.db.witness = gone
    with pytest.raises(OperationalError):
        await journey.app.inbox.handle(numbers)
    await journey.settle()

    assert (heard, len(journey.heard("lina")), journey.inbox()[-1]) == (0, 1, ("handled", None))
    assert journey.ask(select(OutboxRow.state).order_by(OutboxRow.id.desc()).limit(1)) == [("sent",)]
