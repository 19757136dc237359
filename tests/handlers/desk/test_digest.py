"""The Monday digest has the class as a picture: its facts, as the database has them then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.store.messages import OutboxRow
from bot.store.people import Person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant
from tests.journeys.scenes import answer_check_in, forget, looked_after


def pictures(journey: Journey, ref: str) -> list[Any]:
    wanted = select(OutboxRow.message).join(Person, Person.id == OutboxRow.person_id).where(Person.ref == ref)
    found = [message.get("picture") for (message,) in journey.ask(wanted.order_by(OutboxRow.id))]
    return [picture for picture in found if picture]


async def test_who_is_away_who_answered_and_who_needs_somebody(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie", "jules")
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    await journey.until("2027-03-10 18:30")
    await answer_check_in(journey)
    await journey.until("2027-03-22 09:00")

    last = pictures(journey, "nadia")[-1]

    lina = {
        "name": "Lina H.", "place": "Leipzig", "departure": "2027-03-06", "back": "2027-03-27", "case": "today",
        "marks": [["2027-03-06", "answered"], ["2027-03-10", "answered"], ["2027-03-14", "missed"]],
    }  # fmt: skip
    assert (last["title"], last["first"], last["weeks"], last["today"]) == (
        "Lycée Valmer",
        "2027-03-01",
        6,
        "2027-03-22",
    )
    assert [row["name"] for row in last["rows"]] == ["Lina H.", "Noémie A."]
    assert last["rows"][0] == lina


async def test_no_school_sees_anothers_learners(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "jules")
    await looked_after(journey, "2027-03-15 09:00")

    named = {ref: {row["name"] for row in pictures(journey, ref)[-1]["rows"]} for ref in ("nadia", "yann", "helene")}

    assert named == {"nadia": {"Lina H."}, "yann": {"Jules M."}, "helene": {"Lina H.", "Jules M."}}


async def test_nobody_is_called_well_who_left_while_we_were_away_and_was_not_heard_of_since(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.until("2027-03-05 12:00")
    forget(journey)
    journey.close()
    journey.clock.move_to(instant("2027-03-08 10:00"))
    journey.open()
    await journey.app.start()
    await journey.settle()

    assert [line for line in journey.heard("nadia") if "week" in line] == [
        "Your week:\n2 learners abroad have given no sign this week: Lina H. and Noémie A."
    ]
