"""Matters know what settles them and go by themselves; papers and wishes are tasks, and climb no ladder."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.handlers.case.case import Matter, open_matter, sign_of_life
from bot.handlers.conversation.tasks import tick
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import by_ref
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.words import ended


def open_for(tx: Tx, stay: int, *matters: Matter) -> None:
    for matter in matters:
        open_matter(tx, tx.rows.get_one(StayRow, stay), matter)


def seen(tx: Tx, stay: int, item: str) -> bool:
    nadia = by_ref(tx.rows, "nadia")
    assert nadia is not None
    return tick(tx, nadia, tx.rows.get_one(StayRow, stay), [item])


def alive(tx: Tx, stay: int) -> None:
    sign_of_life(tx, tx.rows.get_one(StayRow, stay))


def case(journey: Journey) -> Any:
    [found] = journey.ask(select(CaseRow.topic, CaseRow.reason))
    kinds = journey.ask(select(CaseEvent.kind).where(CaseEvent.kind.startswith("matter")).order_by(CaseEvent.id))
    return (*found, [kind for (kind,) in kinds])


PAPER = Matter(Level.TODAY, "overdue", "ehic")
NETWORK = Matter(Level.FOLLOW_UP, "undelivered")


@pytest.fixture
async def journey(begin: Begin) -> Journey:
    made = begin()
    await made.enrol("lina")
    made.heard("nadia")
    return made


async def test_a_paper_that_is_ticked_goes_and_the_case_closes_with_an_all_clear(journey: Journey) -> None:
    await journey.do(open_for, journey.stay("lina"), PAPER)
    journey.heard("nadia")
    await journey.do(seen, journey.stay("lina"), "ehic")

    assert case(journey) == ("overdue", "settled", ["matter settled"])
    assert journey.heard("nadia") == [ended("Settled", "Monday 1 Mar 09:00")]


async def test_of_several_matters_only_the_settled_one_goes(journey: Journey) -> None:
    await journey.do(open_for, journey.stay("lina"), NETWORK, PAPER)
    before = case(journey)
    await journey.do(seen, journey.stay("lina"), "ehic")

    assert before == ("overdue", None, ["matter", "matter"])
    assert case(journey) == ("undelivered", None, ["matter", "matter settled"])


async def test_who_writes_again_is_unreachable_no_more_whatever_else_is_open(journey: Journey) -> None:
    await journey.do(open_for, journey.stay("lina"), NETWORK, PAPER)
    await journey.do(alive, journey.stay("lina"))

    assert case(journey) == ("overdue", None, ["matter settled", "matter"])


async def test_the_last_matter_that_goes_closes_the_case(journey: Journey) -> None:
    await journey.do(open_for, journey.stay("lina"), NETWORK, PAPER)
    await journey.do(seen, journey.stay("lina"), "ehic")
    await journey.do(alive, journey.stay("lina"))

    assert case(journey) == ("undelivered", "answered", ["matter settled", "matter settled"])


def with_paper(programme: Programme, overdue: Level) -> Programme:
    """One paper, due weeks before the departure."""
    out = programme.outgoing
    paper = next(item for item in out.before if item.id == "ehic").model_copy(update={"overdue": overdue})
    return programme.model_copy(update={"outgoing": out.model_copy(update={"before": (paper,)})})


@pytest.mark.parametrize(("overdue", "cases"), [(Level.FOLLOW_UP, []), (Level.TODAY, [("overdue",)])])
async def test_an_overdue_paper_is_a_task_and_a_case_only_where_it_cannot_wait(
    begin: Begin, overdue: Level, cases: list[Any]
) -> None:
    journey = begin("2027-01-04 09:00")
    journey.db.programme = with_paper(journey.programme, overdue)
    await journey.enrol("lina")
    journey.heard("nadia")
    await journey.until("2027-03-05 12:00")
    told = [line for line in journey.heard("nadia") if "date has passed for" in line]
    await journey.say("nadia", "/tasks")
    [tasks] = journey.heard("nadia")

    assert journey.ask(select(CaseRow.topic)) == cases
    assert (len(told) > 0) is bool(cases)
    assert (
        tasks.splitlines()[1].partition(" [")[0]
        == "European Health Insurance Card (EHIC) (its date has passed): Lina H."
    )
