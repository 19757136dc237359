"""The law gives a month to decide an erasure: whoever decides hears of it again before it is over, and seldom."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.handlers.privacy.erasure_requests import decide, remind
from bot.i18n import render
from bot.store.db import Tx
from bot.store.erasures import Erasure
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.tombstones import Tombstones
from tests.handlers.privacy.people import person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import family

STILL = (
    "Lina Haddouche asked on 1 March 2027 to be erased. The law gives until 31 March 2027 to decide (GDPR, article 12), "
    "and nobody has yet: /desk/erasures"
)


async def asked(begin: Begin, tmp_path: Path) -> Journey:
    journey = await family(begin, "lina")
    journey.db.erased = Tombstones(tmp_path / "erased")
    for words in ("/erase", "yes, erase it", "erase it for good"):
        await journey.say("lina", words)
    return journey


def nights(journey: Journey, count: int) -> dict[int, list[tuple[str, str]]]:
    """Who is told what in each of so many nights; one that is done twice says nothing twice."""
    began, found = journey.clock.now(), {}
    for night in range(1, count + 1):
        journey.clock.move_to(began + timedelta(days=night))
        for _ in range(2):
            journey.db.run(remind)
        found[night] = journey.db.run(written, journey.clock.now())
    return {night: said for night, said in found.items() if said}


def written(tx: Tx, at: datetime) -> list[tuple[str, str]]:
    wanted = select(OutboxRow, Person.ref).join(Person, Person.id == OutboxRow.person_id)
    rows = tx.rows.execute(wanted.where(OutboxRow.created_at == at).order_by(OutboxRow.id)).all()
    return [(ref, render(row.message["text"], "en", row.message["values"])) for row, ref in rows]


async def test_a_week_before_a_day_before_and_when_the_month_is_over(begin: Begin, tmp_path: Path) -> None:
    journey = await asked(begin, tmp_path)

    both = [("nadia", STILL), ("luc", STILL)]
    assert nights(journey, 60) == {23: both, 29: both, 30: both}


async def test_what_is_decided_is_not_spoken_of_again(begin: Begin, tmp_path: Path) -> None:
    journey = await asked(begin, tmp_path)

    def no(tx: Tx) -> str:
        return decide(tx, person(tx, "nadia"), tx.rows.scalars(select(Erasure.id)).one(), yes=False)

    assert journey.db.run(no) == "declined"
    assert nights(journey, 40) == {}
