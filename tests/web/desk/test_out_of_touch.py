"""Who is not heard of stands on the board; a new invitation and how contact is kept are one form each."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.db import Tx
from bot.store.records import keep_setting
from bot.store.stays import ContactElsewhere
from tests.journeys.conftest import Begin
from tests.journeys.people import ADULTS, join, settle_in
from tests.web.desk.conftest import Visit, plain, send


def web_chat(tx: Tx) -> None:
    keep_setting(tx.rows, "web_address", {"url": "https://compagnon.example"})


async def test_who_never_started_is_invited_or_kept_in_touch_with_otherwise(begin: Begin, visit: Visit) -> None:
    journey = begin("2027-03-01 09:00")
    await journey.do(settle_in, ("lina",))
    await journey.do(join, *ADULTS)
    await journey.do(web_chat)
    visitor, stay = await visit(journey, "nadia"), journey.stay("lina")

    board = plain(await visitor.get("/"))
    link = plain(await send(visitor, f"/learners/{stay}/invite"))
    invited = plain(await visitor.get("/"))
    await send(visitor, f"/learners/{stay}/elsewhere", until="2027-03-20", how="by phone every Sunday")
    page = plain(await visitor.get(f"/learners/{stay}"))

    assert "◇ never started no invitation yet Lina Haddouche" in board
    assert "https://compagnon.example/j/" in link
    assert "◇ never started invitation not opened Lina Haddouche" in invited
    assert "⇄ kept in touch otherwise until Sat 20 Mar" in page
    assert journey.ask(select(ContactElsewhere.how)) == [("by phone every Sunday",)]
