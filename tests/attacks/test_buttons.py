"""Buttons that were made up, and those of somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.store.cases import CaseEvent, CaseRow
from bot.store.messages import OutboxRow
from bot.store.people import Address, Person
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState
from tests.journeys.conftest import Begin, begin, small_programme
from tests.journeys.driver import Journey

__all__ = ["begin", "small_programme"]
PEOPLE = ("lina", "noemie", "nadia", "luc", "cathy", "pascale", "yann")


def standing(journey: Journey) -> list[Any]:
    """All that a press could move."""
    return [
        journey.ask(
            select(SessionRow.id, SessionRow.state, SessionRow.asked, SessionRow.answers).order_by(SessionRow.id)
        ),
        journey.ask(select(CaseRow.id, CaseRow.level, CaseRow.owner_id, CaseRow.closed_at).order_by(CaseRow.id)),
        journey.ask(select(CaseEvent.id, CaseEvent.kind).order_by(CaseEvent.id)),
        journey.ask(select(ItemState.stay_id, ItemState.item, ItemState.state).order_by(ItemState.id)),
        journey.ask(select(Address.id, Address.state).order_by(Address.id)),
        journey.ask(select(OutboxRow.id, OutboxRow.chosen).where(OutboxRow.chosen.is_not(None)).order_by(OutboxRow.id)),
    ]


def tokens_of(journey: Journey, ref: str) -> list[str]:
    """Every button that somebody has been sent, as a channel names it."""
    wanted = select(OutboxRow.id, OutboxRow.message).join(Person, Person.id == OutboxRow.person_id)
    rows = journey.ask(wanted.where(Person.ref == ref, OutboxRow.state == "sent"))
    return [f"{number}.{place}" for number, message in rows for place in range(len(message["offers"]))]


@pytest.mark.parametrize(
    "token", ["0.0", "1.0", f"{2**63}.0", f"1.{2**63}", "-1.0", "1.-1", "١.٠", "1.0.0", "", "x" * 70_000]
)
async def test_a_forged_button_presses_nothing(begin: Begin, token: str) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    before = standing(journey)

    await journey.bring("lina", {"token": token})

    assert standing(journey) == before


async def test_nobody_presses_the_button_of_somebody_else(begin: Begin) -> None:
    """Every button that anybody has, pressed by everybody else."""
    journey = begin("2027-03-01 09:00")
    await journey.enrol("lina", "noemie")
    await journey.until("2027-03-06 23:00")
    await journey.say("lina", "SOS")
    buttons = {ref: tokens_of(journey, ref) for ref in PEOPLE}
    before = standing(journey)

    tried = [(other, token) for ref, theirs in buttons.items() for other in PEOPLE if other != ref for token in theirs]
    for other, token in tried:
        journey.received = journey.watch.received = journey.received + 1
        await journey.app.receive("web", f"update-{journey.received}", {"address": other, "token": token})
    await journey.settle()

    assert len(tried) > 100
    assert standing(journey) == before
