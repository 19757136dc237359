"""The machine starts with a clock a year ahead, or a year behind, works for a while, and is set right: nothing sleeps until next
year, and nobody was away for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.clock import HeldClock
from bot.demo.world import QuietChannel
from bot.domain.channel import NotSent, Outcome
from bot.domain.messages import Letter, Outgoing
from bot.domain.programme import Programme
from bot.handlers.say.post import post
from bot.handlers.watch.own_outage import beat, just_back
from bot.runtime.app import App
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Database, Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person, by_ref
from bot.store.records import AuditRow, setting
from bot.store.sessions import SessionRow
from bot.store.stays import Mark, StayRow
from tests.conftest import Read
from tests.journeys.people import join, settle_in

YEAR = timedelta(days=365)
RIGHT = datetime(2027, 3, 9, 10, 0, tzinfo=ZoneInfo("UTC"))
"""A Tuesday; Lina has been abroad since Saturday."""


@dataclass
class Settable:
    """A clock that somebody sets."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class Deaf(QuietChannel):
    """Nothing can be sent while it is shut."""

    shut = False

    async def send(self, message: Outgoing) -> Outcome:
        return NotSent() if self.shut else await super().send(message)


@pytest.fixture
def clock() -> Settable:
    return Settable(RIGHT)


@pytest.fixture
async def app(database: Database, clock: Settable, programme: Programme) -> App:
    """Compagnon at work, with Lina abroad; at its last beat the clock was right."""
    channel = Deaf()
    app = App(database, {"web": channel})
    await database.transact(settle_in, ("lina",))
    await database.transact(join, "lina", "luc", "cathy", "helene")
    await database.transact(
        lambda tx: setattr(tx.rows.scalars(select(StayRow)).one(), "enrolled_at", tx.now - YEAR / 12)
    )
    await database.transact(beat)
    return app


async def a_year_ahead(app: App, clock: Settable) -> None:
    """The machine starts, and its clock is wrong."""
    clock.at = RIGHT + YEAR
    await app.chores.beat()
    await app.settle()


async def set_right(app: App, clock: Settable) -> None:
    clock.at = RIGHT + timedelta(minutes=20)
    await app.chores.beat()
    await app.settle()


async def test_what_could_not_be_sent_leaves_once_the_clock_is_right(app: App, clock: Settable, read: Read) -> None:
    channel = app.channels["web"]
    assert isinstance(channel, Deaf)
    await a_year_ahead(app, clock)
    channel.shut = True
    await app.db.transact(_alert, "luc")
    await app.settle()
    channel.shut = False

    await set_right(app, clock)

    assert read(select(OutboxRow.state).where(OutboxRow.lane == Lane.ALERT, OutboxRow.case_id.is_(None))) == [("sent",)]


async def test_a_case_of_the_wrong_year_climbs_on_at_once(app: App, clock: Settable, read: Read) -> None:
    await a_year_ahead(app, clock)
    await app.receive("web", "cry", {"address": "lina", "text": "SOS"})
    await app.settle()

    await set_right(app, clock)

    [(wake,)] = read(select(CaseRow.wake_at).where(CaseRow.closed_at.is_(None)))
    assert clock.now() < wake <= clock.now() + timedelta(hours=1)
    assert read(select(func.max(OutboxRow.created_at))) == [(clock.now(),)], "said lately, for a year"


async def test_a_clock_that_was_ahead_between_two_beats_puts_no_case_off(app: App, clock: Settable, read: Read) -> None:
    await app.receive("web", "cry", {"address": "lina", "text": "SOS"})
    await app.settle()
    clock.at = RIGHT + timedelta(hours=1)
    await app.settle()

    await set_right(app, clock)

    [(wake,)] = read(select(CaseRow.wake_at).where(CaseRow.closed_at.is_(None)))
    assert clock.now() < wake <= clock.now() + timedelta(minutes=20)


async def test_nobody_was_heard_or_deaf_in_the_future(app: App, clock: Settable, read: Read) -> None:
    await a_year_ahead(app, clock)
    await app.receive("web", "word", {"address": "lina", "text": "hello"})
    await app.settle()

    await set_right(app, clock)

    assert read(select(Person.last_sign_at).where(Person.ref == "lina")) == [(clock.now(),)]
    assert read(select(func.count()).select_from(Mark).where(Mark.at > clock.now(), Mark.outcome == "expired")) == [
        (0,)
    ]


async def test_nothing_is_deleted_before_a_leap_of_the_clock_is_noted_nor_in_the_first_day(
    app: App, clock: Settable
) -> None:
    before = await app.db.transact(just_back)
    clock.at = RIGHT + YEAR
    unnoted = await app.db.transact(just_back)
    await a_year_ahead(app, clock)
    ahead = await app.db.transact(just_back)
    clock.at += timedelta(days=2)

    assert (before, unnoted, ahead, await app.db.transact(just_back)) == (False, True, True, False)


async def test_an_absence_that_nobody_was_told_of_is_not_forgotten_by_a_shorter_one(app: App, clock: Settable) -> None:
    clock.at = RIGHT + timedelta(hours=30)
    await app.db.transact(beat, reading=True)
    clock.at += timedelta(minutes=20)

    await app.db.transact(beat, reading=True)

    kept = await app.db.transact(lambda tx: setting(tx.rows, "own_absence"))
    assert kept == {"since": RIGHT.isoformat()}


async def test_a_wait_that_was_put_off_in_the_wrong_year_ends_in_this_one(
    app: App, clock: Settable, read: Read
) -> None:
    await app.settle()
    asked = select(SessionRow.asked, SessionRow.wake_at).where(SessionRow.state == "open")
    [(step, before)] = read(asked)
    await a_year_ahead(app, clock)
    [(_step, put_off)] = read(asked)

    await set_right(app, clock)

    [after] = read(asked)
    assert put_off > RIGHT + YEAR, "it was not deaf for a year"
    assert after == (step, before + timedelta(minutes=20))


async def a_year_behind(app: App, clock: Settable) -> None:
    """A machine without a battery starts, and works until it has asked for the time."""
    clock.at = RIGHT - YEAR
    await app.chores.beat()
    await app.receive("web", "word", {"address": "lina", "text": "SOS"})
    await app.settle()


async def test_a_clock_that_fell_behind_is_not_believed(app: App, clock: Settable, read: Read) -> None:
    await app.settle()
    times = (OutboxRow.created_at, OutboxRow.sent_at, CaseEvent.at, Person.last_sign_at)
    await a_year_behind(app, clock)
    behind = [read(select(func.min(column))) for column in times]

    await set_right(app, clock)

    assert all(RIGHT <= instant < RIGHT + timedelta(minutes=5) for [(instant,)] in behind)
    assert [read(select(func.min(column))) for column in times] == behind
    assert read(select(AuditRow.action).where(AuditRow.actor == "watch")) == []
    assert app.db.clock.now() == clock.at


async def test_a_clock_that_stays_behind_is_believed_after_an_hour(
    app: App, clock: Settable, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_year_behind(app, clock)
    held = app.db.clock.now()
    monkeypatch.setattr(HeldClock, "LONGEST", timedelta(0))

    await app.chores.beat()

    assert (held >= RIGHT, app.db.clock.now()) == (True, RIGHT - YEAR)
    assert read(select(AuditRow.action).where(AuditRow.actor == "watch")) == [("clock set back",)]


async def test_a_clock_that_had_leapt_ahead_is_believed_at_once(app: App, clock: Settable) -> None:
    await a_year_ahead(app, clock)

    await set_right(app, clock)

    assert app.db.clock is clock


def _alert(tx: Tx, ref: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    post(tx, person.id, Letter("alert"), Lane.ALERT)
