"""The auditor, against each way of losing something: it is found, told once, and mended where that is safe.

That it finds nothing in any journey is asked after every step of every journey (`invariants.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from bot.domain.audit import A_DAY, Difference, Gap
from bot.handlers.watch.repair import Audited, audit
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import Mark, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant
from tests.journeys.scenes import arrival_missing, check_in_asked, cried, forget
from tests.journeys.words import ARRIVED

AGAIN = "I have made up for it. Your IT person: look at the log of the last quarter of an hour."
STANDS = "It still has not. Your IT person: run « python3 run.py doctor », then look at the log."
NOTHING = Audited((), ())


def told(line: str, then: str = AGAIN) -> list[str]:
    return [f"Something did not take place:\n{line}\n{then}"]


async def broken(journey: Journey, fault: Callable[[Tx], object], minutes: int = 11) -> Audited:
    """Something is lost behind everybody's back; a while later the auditor looks, before anybody else does."""
    await journey.lose(fault)
    journey.clock.move_to(journey.clock.now() + timedelta(minutes=minutes))
    return await journey.db.transact(audit)


def asleep(table: type[StayRow] | type[CaseRow] | type[SessionRow], number: int) -> Callable[[Tx], object]:
    """A row forgets when to wake."""
    return lambda tx: setattr(tx.rows.get_one(table, number), "wake_at", None)


async def test_a_stay_that_lost_its_next_date_is_found_and_the_learner_is_asked_after_all(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 19:55")
    forget(journey)

    found = await broken(journey, asleep(StayRow, 1), minutes=3)
    await journey.settle()
    first = (journey.heard("helene"), journey.heard("lina"))
    await journey.until("2027-03-06 20:00")

    assert found == Audited((Difference(Gap.ASLEEP, 1, asleep=True),), ())
    assert first == (told("1 stay had lost its next date"), [])
    assert journey.heard("lina") == [ARRIVED.format("Leipzig", "Lina")]


async def test_a_question_that_was_passed_over_is_asked_late_rather_than_never(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 19:55")
    forget(journey)

    found = await broken(journey, asleep(StayRow, 1), minutes=20)
    await journey.settle()

    assert found.found == (Difference(Gap.CONTACT, 1, asleep=True),)
    assert journey.heard("helene") == told("1 planned question to a learner was not asked")
    assert journey.heard("lina") == [ARRIVED.format("Leipzig", "Lina")]


async def test_a_lost_mark_is_written_again_and_the_question_is_not_asked_twice(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-06 20:01")
    forget(journey)

    found = await broken(journey, lambda tx: tx.rows.execute(delete(Mark).where(Mark.touchpoint == "arrival")))
    await journey.settle()

    assert found.found == (Difference(Gap.CONTACT, 1, asleep=True),)
    assert journey.heard("lina") == []
    assert journey.ask(select(Mark.outcome).where(Mark.touchpoint == "arrival")) == [("asked",)]


async def test_a_silence_nobody_would_have_noticed_is_noticed(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    number = journey.ask(select(SessionRow.id).where(SessionRow.state == "open"))[0][0]

    found = await broken(journey, asleep(SessionRow, number))
    await journey.settle()

    assert found == Audited((Difference(Gap.SILENCE, number, asleep=True),), ())
    assert journey.heard("helene") == told("1 missing answer was not noticed")


@pytest.mark.parametrize("state", ["pending", "sending"])
async def test_a_question_on_its_way_once_more_has_no_silence_yet(begin: Begin, state: str) -> None:
    journey = begin()
    await check_in_asked(journey)
    number = journey.ask(select(SessionRow.id).where(SessionRow.state == "open"))[0][0]

    def ask_again(tx: Tx) -> None:
        asleep(SessionRow, number)(tx)
        row = tx.rows.get_one(SessionRow, number)
        again = OutboxRow(person_id=row.person_id, lane=Lane.PROMPT, message={"text": "x", "values": {}, "offers": []})
        again.created_at, again.due_at, again.session_id, again.step = tx.now, tx.now + A_DAY, number, row.asked
        again.state, again.lease_until = state, tx.now + A_DAY
        tx.rows.add(again)

    found = await broken(journey, ask_again)
    await journey.lose(lambda tx: tx.rows.execute(delete(OutboxRow).where(OutboxRow.state == state)))
    then = await journey.db.transact(audit)
    await journey.settle()

    assert (found, then) == (NOTHING, Audited((Difference(Gap.SILENCE, number, asleep=True),), ()))


async def test_a_case_left_standing_climbs_on(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)

    found = await broken(journey, asleep(CaseRow, 1))
    await journey.settle()

    assert found == Audited((Difference(Gap.CASE, 1, asleep=True),), ())
    assert journey.heard("helene") == told("1 open case was left standing")
    assert [line.split(" · ")[0] for line in journey.heard("cathy")] == ["● Today"]


async def test_an_sos_nobody_was_told_of_is_told(begin: Begin) -> None:
    journey = begin()
    await cried(journey)

    def lose(tx: Tx) -> None:
        tx.rows.execute(delete(OutboxRow).where(OutboxRow.lane == Lane.ALERT, OutboxRow.case_id.is_not(None)))
        tx.rows.get_one(CaseRow, 1).wake_at = tx.now + timedelta(hours=9)

    found = await broken(journey, lose)
    await journey.app.settle()

    assert found == Audited((Difference(Gap.CRY, 1, asleep=True),), ())
    assert journey.heard("helene")[0] == told("1 SOS was not told to everyone who must know")[0]


async def test_a_message_whose_sender_died_and_an_update_nobody_read_stand_until_they_move(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    forget(journey)

    def die(tx: Tx) -> None:
        row = OutboxRow(person_id=2, lane=Lane.ANSWER, message={"text": "x", "values": {}, "offers": []})
        row.created_at = row.due_at = tx.now
        row.state, row.lease_until = "sending", tx.now
        unread = InboxRow(channel="web", native="lost", raw={"address": "lina", "text": "/help"}, received_at=tx.now)
        tx.rows.add_all([row, unread])

    found = await broken(journey, die)
    again = await journey.db.transact(audit)
    journey.watch.received += 1
    await journey.settle()

    assert [each.gap for each in found.found] == [Gap.UPDATE, Gap.MESSAGE]
    assert again == found == Audited(found.found, found.found)
    lines = "1 message that was received has not been read\n1 message has not left"
    assert [line for line in journey.heard("helene") if "did not" in line] == told(lines, STANDS)
    assert await journey.db.transact(audit) == NOTHING


async def test_what_is_due_and_not_fetched_is_told_once_and_nothing_is_said_of_what_is_on_its_way(begin: Begin) -> None:
    journey = begin()
    await arrival_missing(journey)
    case = journey.ask(select(CaseRow.wake_at))[0][0]

    journey.clock.move_to(case + timedelta(minutes=9))
    soon = await journey.db.transact(audit)
    journey.clock.move_to(case + timedelta(minutes=11))
    with capture_logs() as logs:
        late = [await journey.db.transact(audit) for _ in range(2)]

    assert soon == NOTHING
    assert late == [Audited((Difference(Gap.CASE, 1),), (Difference(Gap.CASE, 1),))] * 2
    assert logs == [{"event": "did not take place", "log_level": "error", "state": "case", "row": 1}]


async def test_a_stay_whose_plan_cannot_be_worked_out_hides_no_other(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "jules")
    await journey.until("2027-03-06 19:55")

    def fault(tx: Tx) -> None:
        tx.rows.get_one(StayRow, 1).zone = "Nowhere/At_All"
        tx.rows.get_one(StayRow, 2).wake_at = None

    with capture_logs():
        found = await broken(journey, fault, minutes=20)

    assert found.found == (Difference(Gap.CONTACT, 1), Difference(Gap.CONTACT, 2, asleep=True))


async def test_a_digest_nobody_wrote_is_found(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    journey.clock.move_to(instant("2027-03-08 08:45"))

    found = await journey.db.transact(audit)

    nadia = journey.ask(select(Person.id).where(Person.ref == "nadia"))[0][0]
    assert Difference(Gap.DIGEST, nadia) in found.found
