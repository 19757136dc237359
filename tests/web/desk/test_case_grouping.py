"""Cases of several learners with one cause are followed as one; nobody comes to know more by it, and nobody is lost in it."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.level import Level
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.case.exclusion import leave_out
from bot.handlers.case.grouping import companions
from bot.handlers.case.sos import sos
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.stays import StayRow, last_stay
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import forget
from tests.web.desk.conftest import Visit, plain, send


def stay(tx: Tx, ref: str) -> StayRow:
    person = by_ref(tx.rows, ref)
    found = last_stay(tx.rows, person.id) if person else None
    assert found is not None
    return found


def number(journey: Journey, ref: str) -> int:
    return int(journey.ask(select(Person.id).where(Person.ref == ref))[0][0])


async def late_bus(begin: Begin) -> Journey:
    """Lina has not arrived, Noémie asks where the bus is."""
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.do(lambda tx: open_matter(tx, stay(tx, "lina"), Matter(Level.TODAY, "problem")) and None)
    await journey.do(lambda tx: open_matter(tx, stay(tx, "noemie"), Matter(Level.FOLLOW_UP, "question")) and None)
    forget(journey)
    return journey


def standing(journey: Journey) -> list[tuple[int | None, bool]]:
    rows = journey.ask(select(CaseRow.owner_id, CaseRow.closed_at).order_by(CaseRow.id))
    return [(owner, closed is None) for owner, closed in rows]


async def test_two_learners_on_one_bus_have_one_clock_and_each_their_own_end(begin: Begin, visit: Visit) -> None:
    journey = await late_bus(begin)
    nadia, luc = await visit(journey, "nadia"), number(journey, "luc")
    page = plain(await nadia.get("/cases/1"))
    done = await send(nadia, "/cases/1", act="group", **{"with": "2"})
    again = plain(await nadia.get("/cases/2"))
    taken = standing(journey)
    clocks = journey.ask(select(CaseRow.wake_at).order_by(CaseRow.id))
    await send(nadia, "/cases/2", act="pass", to=str(luc), words="")
    passed = standing(journey)
    other = await visit(journey, "luc")
    for act in ("take", "reached", "close"):
        await send(other, "/cases/1", act=act, reason="all_well")

    assert "Another learner with the same cause?" in page
    assert "Noémie" in page
    assert done.status_code == 303
    assert "One cause, followed as one: Lina Haddouche" in again
    assert taken == [(number(journey, "nadia"), True)] * 2
    assert len(set(clocks)) == 1
    assert passed == [(None, True)] * 2
    assert standing(journey) == [(luc, False), (luc, True)]


async def test_they_are_asked_about_once_and_end_together_where_all_are_well(begin: Begin, visit: Visit) -> None:
    journey = await late_bus(begin)
    nadia = await visit(journey, "nadia")
    await send(nadia, "/cases/1", act="group", **{"with": "2"})
    forget(journey)

    await journey.until("2027-03-02 11:00")
    said, nadia = journey.heard("nadia"), await visit(journey, "nadia")
    asked = [each for each in said if "how are they" in each]
    ended = await send(nadia, "/cases/2", act="all_well")

    assert len(asked) == 1
    assert (
        "● Today · 2 learners, one reason: Says there is a problem.\nLina H., at home\nNoémie A., at home" in asked[0]
    )
    assert ended.status_code == 303
    assert [is_open for _owner, is_open in standing(journey)] == [False, False]


async def test_a_cry_leaves_the_group_and_a_wall_stays_where_it_was(begin: Begin, visit: Visit) -> None:
    journey = await late_bus(begin)
    nadia = await visit(journey, "nadia")
    await send(nadia, "/cases/1", act="group", **{"with": "2"})
    luc = number(journey, "luc")
    await journey.do(lambda tx: leave_out(tx, stay(tx, "noemie"), luc, by_learner=True))

    def seen(tx: Tx, ref: str, case: int) -> list[int]:
        person = by_ref(tx.rows, ref)
        assert person is not None
        return [row.id for row in companions(tx, person, tx.rows.get_one(CaseRow, case))]

    known = [await journey.db.transact(seen, ref, 1) for ref in ("nadia", "luc", "pascale")]
    refused = await send(await visit(journey, "luc"), "/cases/1", act="group", **{"with": "2"})
    page = plain(await (await visit(journey, "luc")).get("/cases/1"))
    await journey.do(lambda tx: sos(tx, stay(tx, "lina")))
    alone = [await journey.db.transact(seen, "nadia", case) for case in (1, 2)]
    await send(nadia, "/cases/1", act="take")

    assert known == [[2], [], []]
    assert "nothing" in refused.headers["location"]
    assert "Noémie" not in page
    assert alone == [[], []]
    await send(nadia, "/cases/2", act="apart")
    assert await journey.db.transact(seen, "nadia", 2) == []
