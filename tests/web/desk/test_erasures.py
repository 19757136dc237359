"""Who asks to be erased while something stands against it is decided on at the desk, within its walls."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.handlers.privacy.erasure_requests import request
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.erasures import Erasure
from bot.store.people import Person
from bot.store.tombstones import Tombstones
from tests.handlers.privacy.erased import closed
from tests.handlers.privacy.people import person
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, send


async def test_an_adult_decides_once_nothing_is_followed_any_more(begin: Begin, visit: Visit, tmp_path: Path) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    journey.db.erased = Tombstones(tmp_path / "erased")
    await journey.say("lina", "SOS")
    await journey.do(lambda tx: [request(tx, person(tx, ref)).id for ref in ("lina", "noemie")])
    nadia, yann, pascale = [await visit(journey, ref) for ref in ("nadia", "yann", "pascale")]

    page = plain(await nadia.get("/erasures"))
    assert "Lina Haddouche a situation is still being followed · the stay is not over" in page
    assert "Asked on 1 March 2027; to be decided by 31 March 2027." in page
    assert "Nobody waits for a decision." in plain(await yann.get("/erasures"))
    assert (await pascale.get("/erasures")).status_code == 404
    open_still = await send(nadia, "/erasures/1", back="/erasures", act="erase")
    beyond = await send(yann, "/erasures/2", back="/erasures", act="erase")
    assert (open_still.headers["location"], beyond.status_code) == ("/desk/erasures?said=erase_case", 404)
    await send(nadia, "/erasures/2", act="decline")
    await journey.do(closed)
    await send(nadia, "/erasures/1", act="erase")
    await journey.settle()
    await journey.app.chores.erase()

    left = await journey.db.transact(lambda tx: sorted(_learners(tx)))
    assert left == ["noemie"]
    number = await journey.db.transact(lambda tx: tx.rows.get_one(Erasure, 1).number)
    assert number in plain(await nadia.get("/erasures"))
    assert await journey.db.transact(lambda tx: tx.rows.scalars(select(CaseRow)).all()) == []
    assert journey.heard("noemie")[-1].startswith("It was decided not to erase")


def _learners(tx: Tx) -> list[str]:
    return [each.ref for each in tx.rows.scalars(select(Person)) if each.ref in {"lina", "noemie"}]
