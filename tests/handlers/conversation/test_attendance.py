"""Days at work that nobody told are a task of the coordinator, not an alarm."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.store.cases import CaseEvent, CaseRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrived, forget


async def at_work(begin: Begin, programme: Programme, level: Level = Level.FOLLOW_UP) -> Journey:
    """Lina is well in Leipzig, and is asked on Fridays how many days she worked."""
    journey = begin()
    if level not in _asking:
        _asking[level] = _with_attendance(journey.programme, programme, level)
    journey.programme = journey.db.programme = _asking[level]
    await arrived(journey)
    return journey


_asking: dict[Level, Programme] = {}
"""The same programme whenever it is asked for: what is remembered of a journey is remembered by its programme."""


def _with_attendance(small: Programme, programme: Programme, level: Level) -> Programme:
    attendance = programme.outgoing.attendance
    assert attendance is not None
    asked = {"attendance": attendance.model_copy(update={"missed": level}), "check_in": None}
    return small.model_copy(update={"outgoing": small.outgoing.model_copy(update=asked)})


async def test_nobody_is_alerted_and_who_asks_sees_it(begin: Begin, programme: Programme) -> None:
    journey = await at_work(begin, programme)
    await journey.until("2027-03-11 14:00")
    await journey.say("lina", "/help")
    await journey.until("2027-03-15 14:00")

    assert journey.ask(select(CaseRow.topic)) == []
    assert "Lina H.: attendance, since Friday 12 Mar 17:00" in (await ask(journey, "nadia", "/missing"))[0]
    await journey.until("2027-03-22 10:00")
    digest = [line for line in journey.heard("nadia") if line.startswith("Your week:")][-1]
    assert "1 learner has not said how many days they worked: Lina H." in digest


async def test_what_is_told_late_is_missing_no_more(begin: Begin, programme: Programme) -> None:
    journey = await at_work(begin, programme)
    await journey.until("2027-03-15 14:00")
    await ask(journey, "nadia", "/phoned Lina")
    await journey.press("nadia", "attendance, 12 March 2027")

    assert "attendance" not in (await ask(journey, "nadia", "/missing"))[0]


async def test_in_an_open_case_it_is_one_matter_that_nobody_is_told_of(begin: Begin, programme: Programme) -> None:
    journey = await at_work(begin, programme)
    await journey.say("lina", "/question where do I eat?")
    forget(journey)
    await journey.until("2027-03-12 17:00")
    nobody = journey.heard("nadia")
    await journey.until("2027-03-15 14:00")

    matters = journey.ask(select(CaseEvent.detail).where(CaseEvent.kind == "matter").order_by(CaseEvent.id))
    assert [(detail["topic"], detail["answer"]) for (detail,) in matters] == [
        ("question", ""),
        ("missed", "attendance"),
    ]
    assert [line for line in (*nobody, *journey.heard("nadia")) if "attendance" in line] == []


async def test_a_programme_may_say_otherwise(begin: Begin, programme: Programme) -> None:
    journey = await at_work(begin, programme, Level.TODAY)
    await journey.until("2027-03-15 14:00")

    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("missed", "today")]
