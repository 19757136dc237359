"""The page of a host tutor: its link, and what is sent from it."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.say.host import tutor_of
from bot.handlers.say.links import Page, link
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.stays import Mark, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import looked_after
from tests.journeys.visits import Browser

WELL = {"part": "questions", "there": "good", "fits_in": "so_so", "tasks": "good", "language": "good", "wish": "no"}


def name_tutor(tx: Tx, stay: int, language: str = "de", email: str | None = "winkelmann@example.org") -> str:
    """As the roster names them; the coordinator is given the link."""
    row = tx.rows.get_one(StayRow, stay)
    row.tutor_name, row.tutor_email, row.tutor_language = "Frau Winkelmann", email, language
    row.school.phone = "+33240000000"
    tutor = tutor_of(tx, row)
    assert tutor is not None
    return "/" + link(tx, tutor, row, Page.TUTOR).lstrip("/")


def speaks(tx: Tx, stay: int, language: str) -> None:
    """The roster is corrected."""
    row = tx.rows.get_one(StayRow, stay)
    row.tutor_language = language
    assert tutor_of(tx, row) is not None


async def hosted(begin: Begin, local: str = "2027-03-09 12:00") -> tuple[Journey, Browser, str]:
    journey = begin(full=True)
    path = await at_work(journey, local)
    return journey, Browser(journey), path


WHEN = ("2027-03-09 12:00", "2027-03-17 12:00", "2027-03-18 12:00", "2027-03-24 12:00", "2027-04-10 23:59")


@scene
async def at_work(journey: Journey, local: str) -> str:
    """Lina is at her placement, from one of these instants on to the next; answers the path of her tutor's page."""
    earlier = WHEN[: WHEN.index(local)]
    path = await (at_work(journey, earlier[-1]) if earlier else with_tutor(journey))
    await looked_after(journey, local)
    journey.heard("nadia")
    return path


@scene
async def with_tutor(journey: Journey) -> str:
    await journey.enrol("lina")
    path = await journey.do(name_tutor, journey.stay("lina"), "en")
    await journey.until("2027-03-03 12:00")
    await journey.press("nadia", "all_the_same")
    await journey.say("nadia", "All of it was seen on paper")
    return path


def cases(journey: Journey) -> list[tuple[str, str]]:
    return journey.ask(select(CaseRow.topic, CaseRow.level).where(CaseRow.topic.startswith("tutor")))


def marks(journey: Journey) -> list[tuple[str, str]]:
    wanted = select(Mark.touchpoint, Mark.outcome).where(Mark.touchpoint.startswith("tutor."))
    return journey.ask(wanted.order_by(Mark.id))
