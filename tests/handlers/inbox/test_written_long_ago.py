"""What waited long before it reached us: it was written when it was written, and an alert says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.channel import read_plain
from bot.domain.messages import Incoming
from bot.store.messages import InboxRow
from bot.store.people import Person
from bot.web.chat.history import read_page
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey, instant
from tests.journeys.scenes import check_in_asked, forget
from tests.journeys.words import sign
from tests.web.desk.conftest import plain, sign_in


def written(journey: Journey, at: datetime) -> None:
    """From now on whatever comes was written at an instant, as a platform says it."""

    def read(native: str, raw: dict[str, Any]) -> Incoming:
        return replace(read_plain("web", native, raw), at=at)

    journey.app.inbox.readers["web"] = read


def last_sign(journey: Journey) -> Any:
    return journey.ask(select(Person.last_sign_at).where(Person.ref == "lina"))[0][0]


async def test_an_old_cry_says_how_old_it_is_and_is_no_sign_of_life_of_today(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    forget(journey)
    written(journey, instant("2027-03-14 18:00"))
    await journey.until("2027-03-15 14:30")
    forget(journey)

    await journey.say("lina", "SOS")

    (told,) = journey.heard("luc")
    assert told.splitlines()[1:3] == [
        "SOS: needs help now. (written 20 hours ago, on Sunday 14 Mar 18:00)",
        sign("Sunday 14 Mar 18:00"),
    ]
    assert last_sign(journey) == instant("2027-03-14 18:00")
    assert journey.ask(select(InboxRow.written_at).order_by(InboxRow.id.desc()).limit(1)) == [
        (instant("2027-03-14 18:00"),)
    ]


async def test_what_is_older_than_the_last_sign_of_life_does_not_turn_it_back_nor_does_a_clock_ahead(
    begin: Begin,
) -> None:
    journey = begin()
    await check_in_asked(journey)
    before = last_sign(journey)
    written(journey, instant("2027-03-01 09:00"))
    await journey.say("lina", "blah")
    older = last_sign(journey)
    written(journey, instant("2030-01-01 00:00"))
    await journey.say("lina", "blah")

    assert (older, last_sign(journey)) == (before, instant("2027-03-14 18:30"))


async def test_the_history_shows_when_it_was_written_and_when_it_reached_us(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.say("lina", "SOS")
    await journey.until("2027-03-15 14:00")
    written(journey, instant("2027-03-15 10:02"))

    await journey.say("lina", "I am at the station")
    page = await journey.db.transact(read_page, "lina")
    assert page is not None
    (own,) = (each for each in page.bubbles if each.text == "I am at the station")

    assert (own.at, own.read) == (instant("2027-03-15 10:02"), instant("2027-03-15 14:00"))
    assert [each.read for each in page.bubbles if each.text == "SOS"] == [None]
    desk = await sign_in(journey, "nadia")
    case = plain(await desk.get("/cases/1"))
    await desk.aclose()

    assert "Mon 15 Mar 14:00 Lina Haddouche The young person has written. (written on Monday 15 Mar 10:02)" in case
