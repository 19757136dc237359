"""Planned leave and slots on call, said in the chat, and what the ladder makes of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.roster.team import Consortium, Member, School, Team
from bot.handlers.people.team import bring_in_team
from bot.store.db import Tx
from bot.store.people import LeaveTaken, OnCallSlot
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, give
from tests.journeys.driver import Journey
from tests.journeys.people import VALMER
from tests.journeys.scenes import cry, forget

HOW = "To announce some: /leave 2027-04-10 2027-04-20, or /leave 10/04 20/04."
SLOT = "/oncall 2027-03-06 18:00 2027-03-08 08:00"
SPAN = "from Saturday 6 Mar 18:00 to Monday 8 Mar 08:00"
TO_TAKE = "To take a slot: /oncall 2027-03-12 18:00 2027-03-15 08:00."


async def begun(journey: Journey) -> None:
    await journey.enrol("lina")
    forget(journey)


async def test_a_leave_is_announced_shown_and_cancelled(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    span = "from 10 April 2027 to 20 April 2027"

    assert await ask(journey, "nadia", "/leave") == [f"You have planned no leave. {HOW}"]
    assert await ask(journey, "nadia", "/conge 10/04 20/04") == [
        f"Noted: you are away {span}.\nIn your place: Luc Perrichon. [Cancel: {span}]"
    ]
    assert await ask(journey, "nadia", "/permiso") == [f"Your planned leave:\n{span}\n{HOW} [Cancel: {span}]"]
    await journey.press("nadia", f"Cancel: {span}")
    assert journey.heard("nadia") == [f"Cancelled. You are on duty {span}."]
    assert journey.ask(select(LeaveTaken.id)) == []
    actions = select(AuditRow.action).where(AuditRow.action.like("%leave"))
    assert journey.ask(actions) == [("leave",), ("cancel leave",)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("next week", "I cannot read these dates."),
        ("2027-04-20 2027-04-10", "The last day is before the first."),
        ("2027-01-10 2027-01-20", "These days are over."),
        ("2027-01-10 2029-01-20", "A leave of more than a year is for the school's office to settle."),
    ],
)
async def test_bad_dates_are_said_why(begin: Begin, written: str, said: str) -> None:
    journey = begin()
    await begun(journey)

    assert await ask(journey, "nadia", f"/leave {written}") == [f"{said} {HOW}"]
    assert journey.ask(select(LeaveTaken.id)) == []


async def test_nobody_cancels_somebody_elses_leave(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    await ask(journey, "nadia", "/leave 10/04 20/04")

    assert await ask(journey, "luc", "/leave cancel 1") == ["This leave is not planned any more."]
    assert len(journey.ask(select(LeaveTaken.id))) == 1


async def test_too_few_left_is_recorded_all_the_same_and_the_head_is_told(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    await journey.do(give, "cathy", Role.HEAD)
    await ask(journey, "luc", "/leave 2027-03-10 2027-03-12")
    await ask(journey, "helene", "/leave 2027-03-11 2027-03-11")
    forget(journey)
    span = "from 9 March 2027 to 11 March 2027"
    few = "fewer than two adults can take a case of: Lina H."

    assert await ask(journey, "nadia", "/leave 2027-03-09 2027-03-11") == [
        f"Noted: you are away {span}.\nIn your place: Catherine Astruc.\n⚠ On some of these days {few}\n"
        f"I tell: Catherine Astruc. Please settle together who stands in. [Cancel: {span}]"
    ]
    assert journey.heard("cathy") == [
        f"Nadia Ferhaoui is away {span}. On some of these days {few} Please settle who stands in."
    ]
    assert len(journey.ask(select(LeaveTaken.id))) == 3


async def test_the_consortium_hears_where_there_is_no_head(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    for ref in ("cathy", "luc"):
        await journey.do(give, ref)
    forget(journey)

    heard = await ask(journey, "nadia", "/leave 2027-03-09")
    assert heard[0].split("\n")[1:] == [
        "Nobody can stand in for you in all of that time.",
        "⚠ On some of these days fewer than two adults can take a case of: Lina H.",
        "I tell: Hélène Marchandeau. Please settle together who stands in. [Cancel: on 9 March 2027]",
    ]
    assert len(journey.heard("helene")) == 1


async def test_the_ladder_passes_over_who_is_away(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    await ask(journey, "nadia", "/leave 2027-03-06 2027-03-08")
    await journey.until("2027-03-07 12:00")
    away = [line for line in journey.heard("nadia") if "No answer to" in line]

    assert (away, len([line for line in journey.heard("luc") if "No answer to" in line])) == ([], 1)


async def test_the_offices_leave_is_noted_and_nothing_else(begin: Begin) -> None:
    journey = begin()
    await begun(journey)

    assert await ask(journey, "pascale", "/leave 10/04") == [
        "Noted: you are away on 10 April 2027. [Cancel: on 10 April 2027]"
    ]


async def test_importing_the_team_again_leaves_announced_leave_alone(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    await ask(journey, "nadia", "/leave 10/04 20/04")
    assert [announced for (announced,) in journey.ask(select(LeaveTaken.announced))] == [True]
    await journey.do(_file_says_nothing)

    assert len(journey.ask(select(LeaveTaken.id))) == 1


def _file_says_nothing(tx: Tx) -> None:
    """The team's file, which knows of no leave."""
    nadia = Member(ref="nadia", first_name="Nadia", last_name="Ferhaoui", school=VALMER, roles=("coordinator",))
    school = School(ref=VALMER, name="Lycée Valmer", city="Valmer")
    bring_in_team(tx, Team(consortium=Consortium(name="Consortium"), schools=(school,), people=(nadia,)))


async def test_a_slot_on_call_is_taken_shown_and_cancelled(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    free = "Lycée Valmer: no slot is planned for now, so whoever has the role is on call: Luc Perrichon."

    assert await ask(journey, "nadia", "/oncall") == [free]
    assert await ask(journey, "nadia", SLOT) == [
        "Only an adult with the on-call role can take a slot. Whoever imports the team gives it."
    ]
    assert await ask(journey, "luc", SLOT) == [
        f"Noted: you are on call {SPAN}. Alerts for the on-call adult come to you in that time. "
        "[Cancel: Saturday 6 Mar 18:00]"
    ]
    assert await ask(journey, "nadia", "/astreinte") == [f"{free}\nNext: Luc Perrichon, {SPAN}."]
    await journey.until("2027-03-07 09:00")
    assert await ask(journey, "luc", "/guardia") == [
        f"Lycée Valmer, on call now: Luc Perrichon, until Monday 8 Mar 08:00.\n{TO_TAKE} [Cancel: Saturday 6 Mar 18:00]"
    ]
    await journey.press("luc", "Cancel: Saturday 6 Mar 18:00")
    assert journey.heard("luc") == [f"Cancelled. You are not on call {SPAN}."]
    assert journey.ask(select(OnCallSlot.id)) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("tonight", "I cannot read this slot."),
        ("2027-03-12 18:00 2027-03-12 08:00", "This slot ends before it begins."),
        ("2027-02-12 18:00 2027-02-15 08:00", "This slot is over."),
        ("2027-03-12 18:00 2027-08-15 08:00", "A slot is a month at the most."),
    ],
)
async def test_a_bad_slot_is_said_why(begin: Begin, written: str, said: str) -> None:
    journey = begin()
    await begun(journey)

    assert await ask(journey, "luc", f"/oncall {written}") == [f"{said} {TO_TAKE}"]


async def test_a_cry_in_a_slot_goes_to_its_holder(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    await journey.do(give, "cathy", Role.ON_CALL)
    await ask(journey, "luc", SLOT)
    await journey.until("2027-03-06 19:00")
    _danger, luc = await cry(journey)

    assert (len(luc), journey.heard("cathy")) == (1, [])


async def test_a_cry_outside_any_slot_goes_to_everybody_with_the_role(begin: Begin) -> None:
    journey = begin()
    await begun(journey)
    await journey.do(give, "cathy", Role.ON_CALL)
    await ask(journey, "luc", SLOT)
    _danger, luc = await cry(journey)

    assert (len(luc), len(journey.heard("cathy"))) == (1, 1)
