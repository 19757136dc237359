"""A whole mobility on the example programme, complete: a minor in Leipzig who answers everything."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from bot.store.cases import CaseRow
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, Mark
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant


async def answer_everything(journey: Journey, until: str) -> None:
    """Each question is answered at once with the first button; with every day, where days are asked for."""
    lina = select(Person.id).where(Person.ref == "lina").scalar_subquery()
    standing = (
        select(OutboxRow.id, OutboxRow.message)
        .join(SessionRow, SessionRow.id == OutboxRow.session_id)
        .where(OutboxRow.person_id == lina, OutboxRow.state == "sent", SessionRow.state == "open")
        .where(OutboxRow.step == SessionRow.asked, OutboxRow.chosen.is_(None))
        .order_by(OutboxRow.id.desc())
    )
    while (wake := await journey.app.next_wake()) is not None and wake <= instant(until):
        journey.clock.move_to(wake)
        await journey.settle()
        while asked := [each for each in journey.ask(standing) if _wants_an_answer(each[1])]:
            row, message = asked[0]
            if message["offers"][-1]["action"]["step"] == "try":
                await journey.say("lina", "SOS")  # the exercise
                continue
            last = message["offers"][-1]["action"]["choice"]
            place = len(message["offers"]) - 1 if last.isdigit() else 0  # every day at work
            await journey.bring("lina", {"token": f"{row}.{place}"})


def _wants_an_answer(message: dict[str, Any]) -> bool:
    """News wants none, nor does what it may offer beside its words."""
    return bool(message["offers"]) and "step" in message["offers"][-1]["action"]


async def test_a_minor_who_answers_everything_meets_no_case(begin: Begin) -> None:
    journey = begin("2026-10-05 09:00", full=True)
    await journey.enrol("lina")
    await journey.press("lina", "Yes, it is valid")  # there is something to do at once, however early

    await answer_everything(journey, "2027-03-03 12:00")
    await journey.press("nadia", "all_the_same")
    await journey.say("nadia", "All of it was seen on paper")
    await answer_everything(journey, "2027-09-06 12:00")
    await journey.finish()

    learners = select(Mark.outcome).where(~Mark.touchpoint.startswith("green_light"))  # those are asked of adults
    learners = learners.where(Mark.touchpoint.not_in(("watched", "named")))
    learners = learners.where(~Mark.touchpoint.startswith("message."))  # and news asks for nothing
    outcomes = Counter(outcome for (outcome,) in journey.ask(learners))
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == []  # a wish for a badge is a task, not a case
    assert set(outcomes) <= {"answered", "expired"}
    kept = {touchpoint for (touchpoint,) in journey.ask(select(Mark.touchpoint).where(Mark.outcome == "answered"))}
    assert {"enrolment", "arrival", "check_in", "attendance", "safe_return", "item.report"} <= kept
    states = {state for (state,) in journey.ask(select(ItemState.state))}
    assert states <= {"done", "declared", "handed", "waived"}
    assert journey.ask(select(SessionRow.state).where(SessionRow.state != "done")) == []
    assert {state for (state,) in journey.ask(select(OutboxRow.state))} <= {"sent", "expired"}
