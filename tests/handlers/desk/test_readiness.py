"""No departure without the adults it needs: the digest says so weeks before, a case in the last one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.handlers.desk import readiness
from bot.handlers.desk.readiness import look_ahead
from bot.store.cases import CaseEvent, CaseRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import dismiss, join, settle_in
from tests.journeys.remembered import scene
from tests.journeys.words import ended

ON_CALL = (
    "No on-call adult can be reached on every day of the stay of this minor. "
    "Name somebody, or have them open their invitation."
)


async def gathered(begin: Begin, start: str, *learners: str) -> Journey:
    """Luc, the only one on call, has not opened his invitation."""
    journey = begin(start)
    await all_but_luc(journey, *learners)
    return journey


@scene
async def all_but_luc(journey: Journey, *learners: str) -> None:
    await journey.do(settle_in, learners)
    await journey.do(join, "nadia", "cathy", "pascale", "helene", *learners)
    for ref in ("nadia", "cathy", "pascale"):
        journey.heard(ref)


def matters(journey: Journey) -> list[str]:
    """What the cases are about, the first first."""
    wanted = select(CaseEvent.detail).where(CaseEvent.kind == "matter").order_by(CaseEvent.id)
    return [detail["topic"] for (detail,) in journey.ask(wanted)]


async def test_weeks_before_the_departure_the_digest_names_the_minor(begin: Begin) -> None:
    journey = await gathered(begin, "2027-01-23 09:00", "lina", "noemie")

    await journey.do(look_ahead)
    await journey.until("2027-01-25 08:30")

    line = "1 minor without an on-call adult who can be reached: Lina H."
    assert journey.heard("nadia") == journey.heard("cathy") == [f"Your week:\n{line}"]
    assert journey.heard("pascale") == []
    assert journey.ask(select(CaseRow.id)) == []


async def test_in_the_last_week_it_is_one_case_for_the_school_and_is_said_once(begin: Begin) -> None:
    journey = await gathered(begin, "2027-02-27 09:00", "lina", "martina")
    await journey.press("martina", "yes")  # who is abroad and has not begun is a case of their own
    journey.heard("nadia")

    for _morning in range(3):
        await journey.do(look_ahead)

    alerts = [line for line in journey.heard("nadia") if ON_CALL in line]
    assert [line.split(", ")[0] for line in alerts] == ["● Today · Martina A."]
    still_open = select(CaseRow.level, CaseRow.topic).where(CaseRow.closed_at.is_(None))
    assert journey.ask(still_open) == [("today", "no_on_call")]


async def test_once_somebody_is_on_call_the_case_closes_itself(begin: Begin) -> None:
    journey = await gathered(begin, "2027-02-27 09:00", "lina")
    await journey.do(look_ahead)
    journey.heard("nadia")

    await journey.do(join, "luc")
    await journey.do(look_ahead)

    assert journey.heard("nadia") == [ended("Settled", "Saturday 27 Feb 09:00")]
    assert journey.ask(select(CaseRow.reason)) == [("settled",)]


async def test_who_leaves_the_school_during_the_stay_is_missed_the_next_morning(begin: Begin) -> None:
    journey = await gathered(begin, "2027-02-27 09:00", "lina")
    await journey.do(join, "luc")
    await journey.do(look_ahead)
    await journey.until("2027-03-09 06:30")
    before = matters(journey)

    await journey.do(dismiss, "luc")
    await journey.do(look_ahead)

    waiting = ["never_started", "missed", "never_started"]
    assert (before, matters(journey)) == (waiting, [*waiting, "no_on_call"])


async def test_in_slices_a_school_and_a_lack_are_one_case_all_the_same(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "SLICE", 1)
    journey = await gathered(begin, "2027-02-27 09:00", "lina", "martina")
    await journey.press("martina", "yes")

    looked, lacking = readiness.Looked(), list[int]()
    while not looked.over:
        looked = await journey.do(readiness.look_on, looked)
        lacking.append(len(looked.lacking))
        looked = await journey.do(readiness.tell, looked)

    still_open = select(CaseRow.level, CaseRow.topic).where(CaseRow.closed_at.is_(None))
    assert (lacking, journey.ask(still_open)) == ([1, 1, 0], [("today", "no_on_call")])


async def test_what_was_mended_since_it_was_seen_is_not_told(begin: Begin) -> None:
    journey = await gathered(begin, "2027-02-27 09:00", "lina")
    looked = await journey.do(readiness.look_on, readiness.Looked())

    await journey.do(join, "luc")
    told = await journey.do(readiness.tell, looked)

    assert (len(looked.lacking), told.lacking, journey.ask(select(CaseRow.id))) == (1, (), [])
