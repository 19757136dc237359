"""The mail of the participant report has not come: it is the coordinator's task, and asked after again until it is done."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.stays import ItemState
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import looked_after


def state(journey: Journey) -> list[tuple[str]]:
    return journey.ask(select(ItemState.state).where(ItemState.item == "report"))


async def test_not_received_is_a_task_and_is_asked_after_again_until_it_is_done(begin: Begin) -> None:
    journey = begin("2027-03-01 09:00")
    await journey.enrol("lina")
    await looked_after(journey, "2027-04-13 18:00")
    journey.heard("lina")

    await journey.press("lina", "missing")
    await journey.say("nadia", "/tasks")

    assert journey.heard("lina") == ["Thanks. Nadia Ferhaoui is looking into it. I ask again in some days."]
    assert journey.heard("nadia")[-1].startswith(
        "There is 1 thing to tick once you have seen it.\nParticipant report (e-mail from the Commission): Lina H."
    )
    await journey.until("2027-04-26 18:00")
    again = journey.heard("lina")
    assert len(again) > 1
    assert len(set(again)) == len(again), "never in the same words"
    assert all(each.endswith("[Sent] [Received, not done yet] [Not received]") for each in again)

    await journey.press("lina", "Sent")
    journey.heard("lina")
    await looked_after(journey, "2027-05-20 18:00")

    assert (journey.heard("lina"), state(journey)) == ([], [("done",)])
