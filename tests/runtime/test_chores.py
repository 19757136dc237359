"""The watch and the chores, on both databases: they find nothing to do, and what fails fails alone."""

from __future__ import annotations

import gc
import weakref
from datetime import timedelta

from structlog.testing import capture_logs

from bot.clock import SimulatedClock
from bot.domain.audit import Gap
from bot.handlers.desk.readiness import look_ahead
from bot.handlers.watch.channel_outage import unreachable_alerts
from bot.handlers.watch.own_outage import beat
from bot.handlers.watch.repair import audit
from bot.runtime.chores import Chores
from bot.store.db import Database
from tests.journeys.people import join, settle_in


def test_an_audit_a_beat_and_a_look_ahead_run_on_both_databases(database: Database, clock: SimulatedClock) -> None:
    database.run(settle_in, ("lina", "martina"))
    database.run(join, "nadia", "lina")

    database.run(look_ahead)
    first = database.run(beat)
    clock.move_to(clock.now() + timedelta(hours=25))

    assert (first, database.run(beat), database.run(unreachable_alerts)) == (False, True, 0)
    standing = database.run(audit).standing  # nobody has sent or looked at anything for a day
    assert {each.gap for each in standing} == {Gap.MESSAGE, Gap.ASLEEP}


async def test_a_chore_that_fails_is_logged_and_hinders_nobody(quick_database: Database) -> None:
    chores = Chores(quick_database, lambda: None)
    quick_database.close()

    with capture_logs() as logs:
        await chores.look_ahead()
        await chores.tidy()

    assert [entry["event"] for entry in logs] == ["not looked ahead", "not tidied"]


async def test_on_a_clock_that_people_move_nobody_was_away(quick_database: Database, clock: SimulatedClock) -> None:
    chores = Chores(quick_database, lambda: None)
    await chores.beat()
    clock.move_to(clock.now() + timedelta(days=9))

    with capture_logs() as logs:
        await chores.beat()

    assert logs == []


def test_what_was_put_away_while_it_was_needed_goes_in_the_night(quick_database: Database) -> None:
    class Circle:
        """Refers to itself: only the garbage collector finds that nobody needs it any more."""

        def __init__(self) -> None:
            self.own = self

    chores, circle = Chores(quick_database, lambda: None), Circle()
    still_there = weakref.ref(circle)
    try:
        chores.put_away()
        del circle
        gc.collect()
        assert still_there() is not None
        chores.put_all_away()
        assert still_there() is None
    finally:
        gc.unfreeze()
