"""Tutoring at the desk: the same acts as in the chat, within the same walls."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.store.stays import StayRow
from tests.handlers.conversation.test_pairing import met
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, send


async def test_two_are_asked_set_aside_and_proposed_again_at_the_desk(begin: Begin, visit: Visit) -> None:
    journey = await met(begin, date(2007, 3, 19))
    nadia, pascale, yann = [await visit(journey, ref) for ref in ("nadia", "pascale", "yann")]
    helper = max(number for (number,) in journey.ask(select(StayRow.id)))
    both = {"helper": str(helper), "newcomer": str(journey.stay("lina"))}

    async def press(who: object, **form: str) -> str:
        answer = await send(who, "/tutoring", **form)  # type: ignore[arg-type]
        return answer.headers["location"].partition("?said=")[2]

    page = plain(await nadia.get("/tutoring"))
    assert "Noémie A. could help Lina H.: the same town. One of them is an adult, the other a minor." in page
    assert "Noémie A.: Leipzig, 1 May 2026 – 30 May 2026" in page
    assert "Brought together in twelve months: 0, target 5" in page
    assert (await pascale.get("/tutoring")).status_code == 404
    assert await press(yann, act="ask", **both) == "nothing", "nobody asks over the wall of a school"
    assert await press(nadia, act="aside", **both) == "pair_aside"
    assert "Nobody to propose" in plain(await nadia.get("/tutoring"))
    assert journey.heard("noemie") == []
    assert await press(nadia, act="again", pair="1") == "pair_again"
    assert await press(nadia, act="ask", **both) == "pair_asked"
    assert await press(nadia, act="ask", **both) == "nothing"
    assert "waiting for Noémie A." in plain(await nadia.get("/tutoring?said=pair_asked"))
    assert "Asked. I write to you when both have answered." in plain(await nadia.get("/tutoring?said=pair_asked"))

    await journey.settle()
    await journey.press("noemie", "Yes, Nadia Ferhaoui brings us together")
    await journey.press("lina", "Yes, Nadia Ferhaoui brings us together")
    page = plain(await nadia.get("/tutoring"))
    assert "Both said yes 1 Noémie A. + Lina H. One of them is an adult, the other a minor: please look whether this is right. Noémie A.: by way of the school Lina H.: by way of the school They may be in touch Rather not" in page  # fmt: skip
    assert await press(yann, act="together", pair="2") == "nothing"
    assert await press(nadia, act="ended", pair="2") == "nothing", "they are not in touch yet"
    assert await press(nadia, act="together", pair="2") == "pair_together"
    assert await press(nadia, act="ended", pair="2") == "pair_ended"
    assert await press(nadia, act="ended", pair="999999999999999999999") == "nothing"
